/*
 * Imports and rebuilds that are killed at any moment: the command with all its
 * processes, or a process of Postgres, which takes the server down with it.
 * After each, the ledger verifies and nothing is there twice; in the end, when
 * what was killed ran again, nothing is lost: posts, index, nodes and actors are
 * what a rebuild out of the captures gives.
 *
 * MUD_KILLS=200 makes as many rounds instead of ten (bench/README.md).
 */
#include "graph/rebuild.h"
#include "tests/run/runtest.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ROUNDS = 10,
    MANY = 4500, /* enough to be indexed as they come */
    FEW = 300,
    AGAIN = 100 /* of the export before, once more */
};

struct place {
    struct kit kit;
    int rounds, exports, messages;
    int under_way; /* rounds in which something died at work */
    int64_t takes; /* us: an import that nobody kills */
};

static void message(struct mud_buf *out, int id)
{
    mud_buf_printf(out,
                   "{\"id\":%d,\"type\":\"message\",\"date_unixtime\":\"%d\","
                   "\"date\":\"2026-03-04T09:00:00\",\"from\":\"老%d\","
                   "\"from_id\":\"user59000%05d\",\"text\":\"",
                   id,
                   1772586000 + id,
                   id % 37,
                   id % 37);
    if (id % 3)
        mud_buf_printf(out, "第%d条，路过看看", id);
    else
        mud_buf_printf(out,
                       "出售肉鸡%d台，%d元一台，QQ：98123%05d",
                       id + 5,
                       id % 9 + 1,
                       id % 53);
    mud_buf_z(out, "\",\"text_entities\":[]}");
}

/* One more export of the group: what is new, and the end of the one before. */
static const char *more(struct place *p, const char *folder)
{
    struct mud_buf out = {0};
    int n = p->exports % 5 ? FEW : MANY;
    int from = p->messages > AGAIN ? p->messages - AGAIN : 0;
    const char *path = mudtest_text("%s/export-%d.json", folder, p->exports);

    mud_buf_z(&out,
              "{\"name\":\"群\",\"type\":\"private_supergroup\",\"id\":"
              "1899000417,\"messages\":[");
    for (int i = from; i < p->messages + n; i++) {
        mud_buf_z(&out, i > from ? "," : "");
        message(&out, i + 1);
    }
    mud_buf_z(&out, "]}");
    mudtest_write(path, mud_buf_view(&out));
    mud_buf_free(&out);
    p->exports++;
    p->messages += n;
    return path;
}

/* In a process group of its own. */
static pid_t start(const struct place *p, const char *const *argv)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid)
        return pid;
    setpgid(0, 0);
    setenv("MUDLARK_HOME", p->kit.home, 1);
    setenv("MUDLARK_DSN", p->kit.dsn, 1);
    int log = open(mudtest_text("%s/log", p->kit.home),
                   O_WRONLY | O_CREAT | O_APPEND,
                   0600);
    if (log < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
        _exit(9);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(9);
}

/* The server takes all connections down with it, and comes back. */
static void look_again(struct place *p)
{
    struct mud_error err = {0};

    for (int i = 0; i < 150; i++) {
        if (!mud_pg_query(NULL, p->kit.pg, "SELECT 1", NULL, 0, &err))
            break;
        usleep(20000);
    }
    mud_pg_close(p->kit.pg);
    p->kit.pg = mud_test_pg_open(p->kit.dsn);
}

/* A backend of the command's; the server goes down with it, and comes back. */
static bool kill_backend(struct place *p)
{
    int64_t pid = mud_test_pg_int(
        p->kit.pg,
        "SELECT coalesce((SELECT pid FROM pg_stat_activity WHERE datname = "
        "current_database() AND pid <> pg_backend_pid() AND backend_type = "
        "'client backend' ORDER BY (state = 'active') DESC, random() LIMIT 1), "
        "0)");

    return pid > 0 && kill((pid_t)pid, SIGKILL) == 0;
}

/* Whether it was still at work. */
static bool kill_at(struct place *p, pid_t pid, bool server)
{
    int status = 0;

    usleep(mudtest_random((uint32_t)p->takes));
    bool hit = !server || kill_backend(p);
    if (!server)
        kill(-pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (server && hit)
        look_again(p);
    return server ? hit : WIFSIGNALED(status);
}

static struct mudtest_run mudlark(const struct place *p,
                                  const char *const *words)
{
    const char *env[] = {mudtest_text("MUDLARK_HOME=%s", p->kit.home),
                         mudtest_text("MUDLARK_DSN=%s", p->kit.dsn),
                         NULL};

    return mudtest_run(words, MUD_STR(""), env, 400);
}

static void must(const struct place *p, const char *const *words)
{
    struct mudtest_run run = mudlark(p, words);

    if (run.late || run.code)
        fail_msg("%s: %d\n%.*s%.*s",
                 words[1],
                 run.code,
                 MUD_FMT(run.out),
                 MUD_FMT(run.err));
}

static void import(const struct place *p, const char *path)
{
    const char *words[] = {
        mudtest_binary(), "import", path, "--source", "chat", "--quiet", NULL};

    must(p, words);
}

/* What holds at any moment, whatever was killed. */
static void assert_sound(struct place *p)
{
    const char *words[] = {
        mudtest_binary(), "ledger", "verify", "--quiet", NULL};
    struct mud_pg *pg = p->kit.pg;

    must(p, words);
    assert_int_equal(
        mud_test_pg_int(
            pg, "SELECT count(*) - count(DISTINCT post_id) FROM mud.post"),
        0);
    assert_int_equal(
        mud_test_pg_int(
            pg, "SELECT count(*) - count(DISTINCT sha256) FROM mud.capture"),
        0);
    assert_int_equal(
        kit_count(&p->kit,
                  "mud.post p LEFT JOIN mud.content c USING (content_id) "
                  "WHERE c.body IS NULL"),
        0);
    /* each text waits to be indexed or has its place in a segment */
    assert_int_equal(
        kit_count(&p->kit,
                  "(SELECT uuid_send(content_id) FROM mud.content EXCEPT "
                  "SELECT uuid_send(content_id) FROM mud.search_pending EXCEPT "
                  "SELECT substring(ids FROM 16 * i + 1 FOR 16) FROM "
                  "mud.search_ids, generate_series(0, length(ids) / 16 - 1) "
                  "i) lost"),
        0);
}

static void one_round(struct place *p, int i, const char *folder)
{
    const char *path = more(p, folder);
    const char *imports[] = {
        mudtest_binary(), "import", path, "--source", "chat", "--quiet", NULL};
    const char *rebuilds[] = {mudtest_binary(), "rebuild", "--quiet", NULL};
    bool rebuild = i % 5 == 4;

    p->under_way +=
        kill_at(p, start(p, rebuild ? rebuilds : imports), i % 3 == 2);
    assert_sound(p);
}

static void digest(const struct place *p, char hex[MUD_HEX256])
{
    uint8_t sha[MUD_SHA256];
    struct mud_error err = {0};

    assert_ok(mud_graph_digest(sha, NULL, p->kit.pg, &err), &err);
    mud_hex(hex, sha, sizeof(sha));
}

/* The first export in peace, which tells how long one takes. */
static void place_open(struct place *p, const char *folder)
{
    const char *given = getenv("MUD_KILLS");
    int64_t began;

    *p = (struct place){.rounds = given ? atoi(given) : ROUNDS};
    kit_open(&p->kit);
    kit_chat(&p->kit);
    mud_worker_close(&p->kit.worker);
    began = mud_monotonic();
    import(p, more(p, folder));
    p->takes = mud_monotonic() - began;
}

static void test_ingest__killed_at_any_moment_loses_and_doubles_nothing(
    void **state)
{
    const char *rebuilds[] = {mudtest_binary(), "rebuild", "--quiet", NULL};
    char before[MUD_HEX256], after[MUD_HEX256];
    const char *folder = mudtest_dir();
    struct place p;

    (void)state;
    if (!mudtest_binary())
        skip();
    place_open(&p, folder);
    for (int i = 0; i < p.rounds; i++)
        one_round(&p, i, folder);
    print_message("%d of %d died at work\n", p.under_way, p.rounds);
    assert_true(p.under_way > p.rounds / 4);
    for (int i = 0; i < p.exports; i++)
        import(&p, mudtest_text("%s/export-%d.json", folder, i));
    assert_sound(&p);
    assert_int_equal(kit_count(&p.kit, "mud.capture"), p.exports);
    assert_int_equal(kit_count(&p.kit, "mud.capture_parsed"), p.exports);
    assert_int_equal(kit_count(&p.kit, "mud.post"), p.messages);
    digest(&p, before);
    must(&p, rebuilds);
    assert_sound(&p);
    digest(&p, after);
    assert_string_equal(before, after);
    mud_pg_close(p.kit.pg);
    mud_arena_free(p.kit.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_ingest__killed_at_any_moment_loses_and_doubles_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
