#include "tests/support/pg.h"

#include "base/time.h"
#include "store/migrate.h"
#include "store/program.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    char dir[128];  /* of this test program */
    char data[160]; /* cluster; empty: not made */
    char bin[MUD_PATH];
    struct mud_program_user user;
    unsigned databases;
    bool template;
} test;

_Noreturn static void die(const char *what, const struct mud_error *err)
{
    (void)fprintf(stderr,
                  "test postgres: %s: %s\n",
                  what,
                  err && err->text[0] ? err->text : "failed");
    abort();
}

static pid_t postmaster(void)
{
    char path[256], text[32] = "";
    FILE *f;

    (void)snprintf(path, sizeof(path), "%s/postmaster.pid", test.data);
    f = fopen(path, "re");
    if (!f)
        return 0;
    if (!fgets(text, sizeof(text), f))
        text[0] = 0;
    (void)fclose(f);
    return (pid_t)strtol(text, NULL, 10);
}

static int removed(const char *path, const struct stat *st, int kind,
                   struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    (void)remove(path);
    return 0;
}

/* Send signal to each process that works in the folder of this test program:
 * its cluster, and whatever private servers it started there. */
static int signal_all(int signal)
{
    DIR *proc = opendir("/proc");
    const struct dirent *e;
    size_t n = strlen(test.dir);
    int hit = 0;

    while (proc && (e = readdir(proc))) {
        char path[64], cwd[512];
        long pid = strtol(e->d_name, NULL, 10);

        (void)snprintf(path, sizeof(path), "/proc/%ld/cwd", pid);
        ssize_t got = pid > 1 ? readlink(path, cwd, sizeof(cwd) - 1) : -1;
        if (got < (ssize_t)n || strncmp(cwd, test.dir, n) != 0 ||
            !mud_program_alive((pid_t)pid))
            continue;
        (void)kill((pid_t)pid, signal);
        hit++;
    }
    if (proc)
        closedir(proc);
    return hit;
}

/* Waits for the end of the test program, then clears up. */
static void guard(int fd)
{
    char byte;

    (void)setsid();
    for (int i = 0; i < 3; i++)
        (void)dup2(open("/dev/null", O_RDWR), i);
    for (int s = 1; s < 32; s++)
        if (s != SIGKILL && s != SIGSTOP && s != SIGCHLD)
            (void)signal(s, SIG_IGN);
    while (read(fd, &byte, 1) > 0)
        ;
    if (chdir("/") != 0)
        _exit(1);
    for (int i = 0; i < 200 && signal_all(i < 100 ? SIGQUIT : SIGKILL); i++)
        poll(NULL, 0, 50);
    (void)nftw(test.dir, removed, 16, FTW_DEPTH | FTW_PHYS);
    _exit(0);
}

const char *mud_test_dir(void)
{
    const char *tmp = getenv("TMPDIR");
    int fds[2];

    if (test.dir[0])
        return test.dir;
    (void)snprintf(test.dir,
                   sizeof(test.dir),
                   "%s/mud-test-XXXXXX",
                   tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    if (!mkdtemp(test.dir) || chmod(test.dir, 0711) != 0 ||
        pipe2(fds, O_CLOEXEC) != 0)
        die("temporary folder", NULL);
    pid_t guardian = fork();
    if (guardian == 0) {
        close(fds[1]);
        guard(fds[0]);
    }
    if (guardian < 0)
        die("fork", NULL);
    close(fds[0]); /* fds[1] stays open as long as we, or our children, live */
    return test.dir;
}

static bool answers(int64_t ms)
{
    char dsn[256];
    struct mud_pg *pg = NULL;
    int64_t due = mud_monotonic() + ms * 1000;

    (void)snprintf(
        dsn, sizeof(dsn), "host=%s user=mudlark dbname=postgres", test.data);
    do {
        if (mud_pg_open(&pg, dsn, NULL)) {
            mud_pg_close(pg);
            return true;
        }
        poll(NULL, 0, 20);
    } while (mud_monotonic() < due);
    return false;
}

void mud_test_pg_restart(void)
{
    char program[MUD_PATH + 16], log[256];
    const char *const argv[] = {program, "-D", test.data, NULL};
    struct mud_error err = {0};
    pid_t pid;

    (void)snprintf(program, sizeof(program), "%s/postgres", test.bin);
    (void)snprintf(log, sizeof(log), "%s/pg.log", test.dir);
    for (int i = 0; i < 200 && mud_program_alive(postmaster()); i++)
        poll(NULL, 0, 50);
    /* Its backends notice its death, but not at once. */
    for (int i = 0; i < 50; i++) {
        if (!mud_program_start(&pid, &test.user, test.data, log, argv, &err))
            die("start", &err);
        for (int j = 0; j < 100 && mud_program_alive(pid); j++)
            if (answers(0))
                return;
        poll(NULL, 0, 100);
    }
    char said[400];
    (void)mud_fail(
        &err, MUD_EIO, "%s", mud_program_tail(said, sizeof(said), log, 0));
    die("start", &err);
}

static void conf(void)
{
    char path[256];
    FILE *f;

    (void)snprintf(path, sizeof(path), "%s/postgresql.auto.conf", test.data);
    f = fopen(path, "we");
    if (!f)
        die(path, NULL);
    (void)fprintf(f,
                  "listen_addresses = ''\n"
                  "unix_socket_directories = '%s'\n"
                  "unix_socket_permissions = 0700\n"
                  "fsync = off\n" /* commits still outlive any kill -9 */
                  "full_page_writes = off\nautovacuum_naptime = 5s\n"
                  "shared_buffers = 32MB\nmax_connections = 60\n"
                  "max_wal_size = 256MB\njit = off\n"
                  "dynamic_shared_memory_type = mmap\n",
                  test.data);
    if (fclose(f) != 0)
        die(path, NULL);
}

static void cluster(void)
{
    struct mud_error err = {0};
    char program[MUD_PATH + 16], log[256];
    const char *const argv[] = {program,
                                "-D",
                                test.data,
                                "-U",
                                "mudlark",
                                "-E",
                                "UTF8",
                                "--locale",
                                "C.UTF-8",
                                "--auth=trust",
                                "--no-sync",
                                "-k",
                                "--wal-segsize=16",
                                NULL};
    int version;

    if (test.data[0])
        return;
    (void)snprintf(test.data, sizeof(test.data), "%s/pg", mud_test_dir());
    if (!mud_program_find(test.bin, &version, 0, &err) ||
        !mud_program_user(&test.user, NULL, &err))
        die("find", &err);
    if (mkdir(test.data, 0700) != 0 ||
        chown(test.data, test.user.uid, test.user.gid) != 0)
        die(test.data, NULL);
    (void)snprintf(program, sizeof(program), "%s/initdb", test.bin);
    (void)snprintf(log, sizeof(log), "%s/initdb.log", test.dir);
    if (!mud_program_run(&test.user, test.data, log, argv, 120000, &err))
        die("initdb", &err);
    conf();
    mud_test_pg_restart();
}

static char *dsn_of(const char *database)
{
    size_t size = 256;
    char *dsn = mud_malloc(size);

    (void)snprintf(
        dsn, size, "host=%s user=mudlark dbname=%s", test.data, database);
    return dsn;
}

static char *made[1024];
static size_t n_made;

static void forget(void)
{
    while (n_made)
        free(made[--n_made]);
}

static const char *create(const char *name, const char *template)
{
    char sql[160];
    char *admin = dsn_of("postgres");
    struct mud_pg *pg = mud_test_pg_open(admin);

    (void)snprintf(
        sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE %s", name, template);
    mud_test_pg_exec(pg, sql);
    mud_pg_close(pg);
    free(admin);

    char *dsn = dsn_of(name);
    if (n_made == sizeof(made) / sizeof(made[0]))
        die("too many databases", NULL);
    if (!n_made)
        (void)atexit(forget);
    made[n_made++] = dsn;
    return dsn;
}

const char *mud_test_pg_bare(void)
{
    char name[32];

    cluster();
    (void)snprintf(name, sizeof(name), "t%u", ++test.databases);
    return create(name, "template0");
}

const char *mud_test_pg(void)
{
    struct mud_error err = {0};
    char name[32];

    cluster();
    if (!test.template) {
        const char *dsn = create("migrated", "template0");
        struct mud_pg *pg = mud_test_pg_open(dsn);

        if (!mud_migrate(pg, NULL, &err))
            die("migrate", &err);
        mud_pg_close(pg);
        test.template = true;
    }
    (void)snprintf(name, sizeof(name), "t%u", ++test.databases);
    return create(name, "migrated");
}

struct mud_pg *mud_test_pg_open(const char *dsn)
{
    struct mud_error err = {0};
    struct mud_pg *pg;

    for (int i = 0; !mud_pg_open(&pg, dsn, &err); i++) {
        if (err.code != MUD_EAGAIN || i == 400)
            die("open", &err);
        mud_error_clear(&err);
        poll(NULL, 0, 50);
    }
    return pg;
}

void mud_test_pg_exec(struct mud_pg *pg, const char *sql)
{
    struct mud_error err = {0};

    if (!mud_pg_exec(pg, sql, &err))
        die(sql, &err);
}

int64_t mud_test_pg_int(struct mud_pg *pg, const char *sql)
{
    struct mud_error err = {0};
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, sql, NULL, 0, &err))
        die(sql, &err);
    if (mud_rows_count(rows) != 1)
        die(sql, NULL);
    int64_t value = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return value;
}

pid_t mud_test_pg_backend(struct mud_pg *pg)
{
    return (pid_t)mud_test_pg_int(pg, "SELECT pg_backend_pid()");
}

void mud_test_pg_kill(int signal)
{
    pid_t pid = postmaster();

    if (pid <= 0 || kill(pid, signal) != 0)
        die("kill", NULL);
}
