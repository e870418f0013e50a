/*
 * Workers that are killed at any moment: two `mudlark work` at a time, one of them
 * under another host's name where this machine lets us, share forums, a channel, a
 * room and a folder, while all of these grow. A worker is killed whole, or one of
 * its processes; then others come. In the end nothing is lost, nothing is there
 * twice, vault and ledger hold.
 *
 * MUD_KILLS=200 makes as many rounds instead of ten (bench/README.md).
 */
#include "tests/run/channel.h"
#include "tests/run/homeserver.h"
#include "tests/run/runtest.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ROUNDS = 10,
    EXPORTED = 40,   /* messages of an export */
    FORUM_POSTS = 56 /* of the sample */
};

static struct channel channel = {.lock = PTHREAD_MUTEX_INITIALIZER};
static struct homeserver homeserver;

struct place {
    struct kit kit;
    struct mud_httpd *channel, *homeserver;
    const char *folder;
    int rounds, forums, exports;
};

static int rounds_wanted(void)
{
    const char *given = getenv("MUD_KILLS");

    return given ? atoi(given) : ROUNDS;
}

static void add(struct place *p, struct mud_source source)
{
    source.legal_basis = MUD_STR("test");
    source.zone = MUD_STR("+08:00");
    source.expires = mud_now() + 86400 * MUD_SECOND;
    source.created_by = MUD_STR("tester");
    source.parallel = 1;
    source.page_bytes = 16 << 20;
    source.day_bytes = 1 << 30;
    source.every_s = 1;
    source.error_share = 100; /* a peer that is cut off is no fault of its */
    source.allow_private = true;
    assert_ok(mud_source_add(&source, p->kit.pg, p->kit.arena, &p->kit.err),
              &p->kit.err);
}

/* One more forum: the sample, as a source of its own. */
static void more_forums(struct place *p)
{
    p->forums++;
    add(p,
        (struct mud_source){.name =
                                mud_str_z(mudtest_text("forum-%d", p->forums)),
                            .kind = MUD_STR("forum"),
                            .url = mud_replay_url(p->kit.site),
                            .delay_ms = 10});
}

/* One more export in the folder. */
static void more_exports(struct place *p)
{
    struct mud_buf out = {0};
    int first = p->exports * EXPORTED;
    const char *path =
        mudtest_text("%s/export-%d.json", p->folder, ++p->exports);

    mud_buf_z(&out,
              "{\"name\":\"群\",\"type\":\"private_supergroup\",\"id\":"
              "1899000417,\"messages\":[");
    for (int i = 0; i < EXPORTED; i++)
        mud_buf_printf(&out,
                       "%s{\"id\":%d,\"type\":\"message\",\"date\":"
                       "\"2026-03-04T09:%02d:%02d\",\"date_unixtime\":\"%d\","
                       "\"from\":\"老K\",\"from_id\":\"user5900010001\","
                       "\"text\":\"第%d条，出鸡\",\"text_entities\":[]}",
                       i ? "," : "",
                       first + i + 1,
                       i % 60,
                       first % 60,
                       1772586000 + first + i,
                       first + i + 1);
    mud_buf_z(&out, "]}");
    mudtest_write(path, mud_buf_view(&out));
    mudtest_write(mudtest_text("%s.done", path), MUD_STR(""));
    mud_buf_free(&out);
}

static void grow(struct place *p)
{
    if (p->forums < 8 || p->forums * 4 < p->rounds)
        more_forums(p);
    more_exports(p);
    pthread_mutex_lock(&channel.lock);
    channel.newest =
        channel.newest + 30 > MESSAGES ? MESSAGES : channel.newest + 30;
    pthread_mutex_unlock(&channel.lock);
    homeserver.newest += 9;
}

static void place_open(struct place *p)
{
    const struct mud_str rooms[] = {MUD_STR("mdlk_chan")};
    const struct mud_str room[] = {MUD_STR("#market:hs.example")};
    const char *secret;

    *p = (struct place){.rounds = rounds_wanted()};
    channel.newest = 50;
    homeserver = (struct homeserver){.newest = 10, .limit = 4, .member = true};
    kit_open(&p->kit);
    mud_worker_close(&p->kit.worker);
    assert_ok(
        mud_replay_start(&p->kit.site, kit_samples("forum"), 0, &p->kit.err),
        &p->kit.err);
    p->channel = mud_httpd_start(answer_channel, &channel);
    p->homeserver = mud_httpd_start(answer_matrix, &homeserver);
    p->folder = mudtest_text("%s/drop", mudtest_dir());
    assert_int_equal(mkdir(p->folder, 0700), 0);
    secret = mudtest_text("%s/secrets/room", p->kit.home);
    mudtest_write(secret, MUD_STR("token = " TOKEN "\n"));
    assert_int_equal(chmod(secret, 0600), 0);
    add(p,
        (struct mud_source){
            .name = MUD_STR("channel"),
            .kind = MUD_STR("telegram"),
            .url = mud_str_z(mudtest_text("http://127.0.0.1:%u/s/",
                                          mud_httpd_port(p->channel))),
            .rooms = rooms,
            .n_rooms = 1});
    add(p,
        (struct mud_source){
            .name = MUD_STR("room"),
            .kind = MUD_STR("matrix"),
            .url = mud_str_z(mudtest_text("http://127.0.0.1:%u/",
                                          mud_httpd_port(p->homeserver))),
            .rooms = room,
            .n_rooms = 1});
    add(p,
        (struct mud_source){.name = MUD_STR("drop"),
                            .kind = MUD_STR("folder"),
                            .folder = mud_str_z(p->folder)});
}

static void place_close(struct place *p)
{
    mud_httpd_stop(p->channel);
    mud_httpd_stop(p->homeserver);
    mud_replay_stop(p->kit.site);
    mud_pg_close(p->kit.pg);
    mud_arena_free(p->kit.arena);
}

/* A worker in a process group of its own, on "another host" if it may be. */
static pid_t start(const struct place *p, bool elsewhere)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid)
        return pid;
    setpgid(0, 0);
    if (elsewhere && unshare(CLONE_NEWUTS) == 0 &&
        sethostname("elsewhere", 9) != 0)
        _exit(9);
    setenv("MUDLARK_HOME", p->kit.home, 1);
    setenv("MUDLARK_DSN", p->kit.dsn, 1);
    int log = open(mudtest_text("%s/log", p->kit.home),
                   O_WRONLY | O_CREAT | O_APPEND,
                   0600);
    if (log < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
        _exit(9);
    execl(mudtest_binary(), "mudlark", "work", "--every", "1", "--quiet", NULL);
    _exit(9);
}

/* Some process of that group, which is not its first; 0: there is none. */
static pid_t child_of(pid_t group)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    pid_t found[32];
    uint32_t n = 0;

    assert_non_null(proc);
    while (n < 32 && (entry = readdir(proc)) != NULL) {
        pid_t pid = atoi(entry->d_name);
        if (pid > 0 && pid != group && getpgid(pid) == group)
            found[n++] = pid;
    }
    closedir(proc);
    return n ? found[mudtest_random(n)] : 0;
}

static void reap(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
}

/* Until parts of workers that began after then are at work. */
static void wait_for_life(struct place *p, int64_t parts)
{
    int64_t began = mud_monotonic();
    char then[MUD_TIME_TEXT];

    mud_time_text(then, mud_now(), true);
    while (kit_count(&p->kit,
                     mudtest_text("mud.worker WHERE started_at > '%s'", then)) <
               parts &&
           mud_monotonic() - began < 20 * MUD_SECOND)
        usleep(20000);
}

/* Two workers for a while; then one loses a process, and both are killed at once,
 * or one after the other. */
static void one_round(struct place *p)
{
    pid_t here = start(p, false), there = start(p, true), child;

    wait_for_life(p, 3 + mudtest_random(4));
    usleep(mudtest_random(600000));
    if (mudtest_random(2) && (child = child_of(here)) > 0) {
        kill(child, SIGKILL);
        usleep(mudtest_random(300000));
    }
    kill(-here, SIGKILL);
    reap(here);
    if (mudtest_random(2))
        usleep(mudtest_random(200000));
    kill(-there, SIGKILL);
    reap(there);
}

/* What was killed elsewhere is free when its lease ran out: now. */
static void end_leases(struct place *p)
{
    mud_test_pg_exec(p->kit.pg,
                     "UPDATE mud.job SET leased_until = now() - interval '1 s' "
                     "WHERE state = 'leased';"
                     "UPDATE mud.health SET leased_until = now() - interval "
                     "'1 s', next_at = now();"
                     "UPDATE mud.job SET run_at = now()");
}

static struct mudtest_run mudlark(const struct place *p, const char *command,
                                  const char *option)
{
    const char *env[] = {mudtest_text("MUDLARK_HOME=%s", p->kit.home),
                         mudtest_text("MUDLARK_DSN=%s", p->kit.dsn),
                         NULL};
    const char *argv[] = {mudtest_binary(), command, option, "--quiet", NULL};

    return mudtest_run(argv, MUD_STR(""), env, 240);
}

static int64_t posts_of(struct place *p, const char *name)
{
    return mud_test_pg_int(
        p->kit.pg,
        mudtest_text("SELECT count(*) FROM mud.post WHERE source_id = (SELECT "
                     "source_id FROM mud.source WHERE name = '%s')",
                     name));
}

static void assert_whole(struct place *p)
{
    struct mud_pg *pg = p->kit.pg;

    for (int i = 1; i <= p->forums; i++)
        assert_int_equal(posts_of(p, mudtest_text("forum-%d", i)), FORUM_POSTS);
    assert_int_equal(posts_of(p, "channel"), channel.newest);
    assert_int_equal(posts_of(p, "room"), homeserver.newest);
    assert_int_equal(posts_of(p, "drop"), p->exports * EXPORTED);
    assert_int_equal(
        mud_test_pg_int(pg,
                        "SELECT count(*) - count(DISTINCT post_id) FROM "
                        "mud.post"),
        0);
    assert_int_equal(kit_count(&p->kit, "mud.job"), 0);
    assert_int_equal(kit_count(&p->kit, "mud.gone"), 0);
    assert_int_equal(
        kit_count(&p->kit,
                  "mud.capture c WHERE c.kind = 1 AND c.status = 200 AND NOT "
                  "EXISTS (SELECT FROM mud.capture_parsed q WHERE q.capture_id "
                  "= c.capture_id)"),
        0);
    /* every export was taken once and moved aside */
    assert_int_equal(atoi(mudtest_sh("ls %s/done | wc -l", p->folder).out.s),
                     p->exports);
    assert_int_equal(
        atoi(mudtest_sh("ls %s | grep -c export", p->folder).out.s), 0);
    assert_int_equal(kit_count(&p->kit, "mud.capture WHERE url LIKE 'file:%'"),
                     p->exports);
    /* times of the ledger never go back, whoever wrote */
    assert_int_equal(
        mud_test_pg_int(pg,
                        "SELECT count(*) FROM (SELECT at, lag(at) OVER (ORDER "
                        "BY seq) AS was FROM mud.ledger) l WHERE at < was"),
        0);
}

static void test_work__killed_at_any_moment_loses_and_doubles_nothing(
    void **state)
{
    struct place p;
    struct mudtest_run run;

    (void)state;
    if (!mudtest_binary())
        skip();
    place_open(&p);
    for (int i = 0; i < p.rounds; i++) {
        grow(&p);
        one_round(&p);
    }
    /* they were at it when they were killed */
    assert_true(kit_count(&p.kit, "mud.capture") > 0);
    print_message("%lld captures and %lld posts came in under fire\n",
                  (long long)kit_count(&p.kit, "mud.capture"),
                  (long long)kit_count(&p.kit, "mud.post"));
    for (int i = 0; i < 2; i++) {
        end_leases(&p);
        run = mudlark(&p, "work", "--once");
        if (run.late || (run.code != 0 && run.code != 3))
            fail_msg("work --once: %d\n%.*s", run.code, MUD_FMT(run.err));
    }
    assert_whole(&p);
    run = mudlark(&p, "verify", "--all");
    if (run.code)
        fail_msg("verify: %.*s%.*s", MUD_FMT(run.out), MUD_FMT(run.err));
    place_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_work__killed_at_any_moment_loses_and_doubles_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
