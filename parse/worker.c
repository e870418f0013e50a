#include "parse/parse.h"

#include "base/log.h"
#include "parse/forum.h"
#include "parse/jail.h"
#include "parse/record.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Limits of one page. A well-formed page takes milliseconds; libtidy on the
 * worst that the prefilter lets through takes well below a second.
 */
#define CPU_SECONDS  ((rlim_t)5)
#define WALL_MS      20000 /* counts waiting for the processor too */
#define MEMORY_BYTES ((rlim_t)2 << 30)
#define STACK_BYTES  ((size_t)64 << 20)
#define FRAME_MAX    ((size_t)256 << 20)

#if defined(__SANITIZE_ADDRESS__)
#    define SANITIZED 1
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define SANITIZED 1
#    endif
#endif
#ifndef SANITIZED
#    define SANITIZED 0
#endif

struct mud_parser {
    pid_t pid; /* 0: none */
    int fd;    /* our end of a socket pair */
    int wall_ms;
    struct mud_buf frame;
};

/* What goes over: a length, then the fields. Same program at both ends. */
struct head {
    uint64_t bytes, url, type, zone, engine;
    int64_t fetched_at;
    int32_t status, pad;
};

static bool put(int fd, const void *data, size_t n)
{
    const char *s = data;
    while (n) {
        ssize_t done = send(fd, s, n, MSG_NOSIGNAL);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        s += done;
        n -= (size_t)done;
    }
    return true;
}

static bool get(int fd, void *data, size_t n)
{
    char *s = data;
    while (n) {
        ssize_t done = read(fd, s, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        s += done;
        n -= (size_t)done;
    }
    return true;
}

/* ---- in the worker ---- */

static bool get_text(int fd, struct mud_str *out, uint64_t n,
                     struct mud_arena *arena)
{
    if (n > FRAME_MAX)
        return false;
    char *s = mud_arena_alloc(arena, n);
    *out = mud_str_of(s, n);
    return get(fd, s, n);
}

/* CPU time is counted for the process: each page gets its own share. */
static void limit_cpu(void)
{
    struct rusage used;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &used) || getrlimit(RLIMIT_CPU, &limit))
        return;
    rlim_t now = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
    limit.rlim_cur = now + CPU_SECONDS * (SANITIZED ? 4 : 1);
    (void)setrlimit(RLIMIT_CPU, &limit);
}

static bool serve_one(int fd, struct mud_arena *arena, struct mud_buf *reply)
{
    struct head head;
    struct mud_page_in in = {0};
    if (!get(fd, &head, sizeof(head)) ||
        !get_text(fd, &in.bytes, head.bytes, arena) ||
        !get_text(fd, &in.url, head.url, arena) ||
        !get_text(fd, &in.content_type, head.type, arena) ||
        !get_text(fd, &in.zone, head.zone, arena) ||
        !get_text(fd, &in.engine, head.engine, arena))
        return false;
    in.fetched_at = head.fetched_at;
    in.status = head.status;
    limit_cpu();
    struct mud_parsed parsed;
    struct mud_error err = {0};
    if (!mud_parse_page(&parsed, &in, arena, &err)) {
        struct mud_notes notes = {.arena = arena};
        mud_notes_add(&notes, "error", "parse-failed", 0, "%s", err.text);
        parsed = (struct mud_parsed){
            .url = in.url, .notes = notes.items, .n_notes = notes.n};
    }
    mud_buf_clear(reply);
    mud_record_parsed(reply, &parsed, (struct mud_str){0});
    uint64_t n = reply->n;
    return put(fd, &n, sizeof(n)) && put(fd, reply->s, reply->n);
}

static void *serve(void *payload)
{
    int fd = *(const int *)payload;
    struct mud_buf reply = {0};
    struct mud_arena *arena = mud_arena_new();
    if (!SANITIZED) /* a sanitizer opens files to report */
        (void)mud_jail_enter();
    while (serve_one(fd, arena, &reply))
        mud_arena_reset(arena);
    mud_arena_free(arena);
    mud_buf_free(&reply);
    return NULL;
}

static void limit_memory(void)
{
    /* A sanitizer maps terabytes; there the watchdog alone has to do. */
    if (SANITIZED)
        return;
    FILE *f = fopen("/proc/self/statm", "re");
    unsigned long pages = 0;
    if (f) {
        if (fscanf(f, "%lu", &pages) != 1) /* NOLINT(cert-err34-c) */
            pages = 0;
        (void)fclose(f);
    }
    rlim_t now = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
    struct rlimit limit = {now + MEMORY_BYTES, now + MEMORY_BYTES};
    (void)setrlimit(RLIMIT_AS, &limit);
}

/* The child of the fork: nothing but its socket, bounded, never returns. */
_Noreturn static void work(int fd, pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    (void)prctl(PR_SET_NAME, "mudlark-parse");
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)signal(SIGINT, SIG_IGN); /* the parent decides */
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGXCPU, SIG_DFL);
    if (fd != 3) {
        (void)dup2(fd, 3);
        fd = 3;
    }
    (void)close_range(4, ~0U, 0);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        (void)dup2(null, STDIN_FILENO);
        (void)dup2(null, STDOUT_FILENO);
        (void)close(null);
    }
    limit_memory();
    struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)setrlimit(RLIMIT_FSIZE, &none);

    /* A thread, for its stack: libtidy recurses with the depth of a page. */
    pthread_attr_t attr;
    pthread_t thread;
    if (!pthread_attr_init(&attr) &&
        !pthread_attr_setstacksize(&attr, STACK_BYTES) &&
        !pthread_create(&thread, &attr, serve, &fd))
        (void)pthread_join(thread, NULL);
    _exit(0);
}

/* ---- in the parent ---- */

struct mud_parser *mud_parser_new(void)
{
    struct mud_parser *parser = mud_calloc(1, sizeof(*parser));
    parser->fd = -1;
    parser->wall_ms = WALL_MS;
    return parser;
}

void mud_parser_patience(struct mud_parser *parser, int ms)
{
    parser->wall_ms = ms;
}

static void stop(struct mud_parser *parser)
{
    if (parser->fd >= 0)
        (void)close(parser->fd);
    parser->fd = -1;
    if (!parser->pid)
        return;
    (void)kill(parser->pid, SIGKILL);
    while (waitpid(parser->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    parser->pid = 0;
}

void mud_parser_free(struct mud_parser *parser)
{
    if (!parser)
        return;
    stop(parser);
    mud_buf_free(&parser->frame);
    free(parser);
}

static bool start(struct mud_parser *parser, struct mud_error *err)
{
    int ends[2];
    if (parser->pid)
        return true;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        return mud_fail_errno(err, MUD_EIO, "parse worker: socketpair");
    (void)mud_engines(); /* compiled once, here: workers inherit them */
    pid_t self = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        (void)mud_fail_errno(err, MUD_EIO, "parse worker: fork");
        (void)close(ends[0]);
        (void)close(ends[1]);
        return false;
    }
    if (pid == 0)
        work(ends[1], self);
    (void)close(ends[1]);
    parser->pid = pid;
    parser->fd = ends[0];
    return true;
}

static bool ask(struct mud_parser *parser, const struct mud_page_in *in)
{
    struct head head = {
        .bytes = in->bytes.n,
        .url = in->url.n,
        .type = in->content_type.n,
        .zone = in->zone.n,
        .engine = in->engine.n,
        .fetched_at = in->fetched_at,
        .status = in->status,
    };
    int fd = parser->fd;
    return put(fd, &head, sizeof(head)) && put(fd, in->bytes.s, in->bytes.n) &&
           put(fd, in->url.s, in->url.n) &&
           put(fd, in->content_type.s, in->content_type.n) &&
           put(fd, in->zone.s, in->zone.n) &&
           put(fd, in->engine.s, in->engine.n);
}

/* n bytes before the deadline. */
static bool wait_for(int fd, char *s, size_t n, int64_t deadline)
{
    while (n) {
        int64_t left = (deadline - mud_monotonic() + 999) / 1000;
        struct pollfd p = {fd, POLLIN, 0};
        if (left <= 0)
            return false;
        int ready = poll(&p, 1, (int)left);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        ssize_t done = read(fd, s, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        s += done;
        n -= (size_t)done;
    }
    return true;
}

static bool answer(struct mud_parser *parser)
{
    uint64_t n;
    int64_t deadline = mud_monotonic() + parser->wall_ms * INT64_C(1000);
    if (!wait_for(parser->fd, (char *)&n, sizeof(n), deadline) || n > FRAME_MAX)
        return false;
    mud_buf_clear(&parser->frame);
    parser->frame.max = FRAME_MAX;
    char *room = mud_buf_room(&parser->frame, n);
    if (!room || !wait_for(parser->fd, room, n, deadline))
        return false;
    parser->frame.n = n;
    return true;
}

static void killed(struct mud_parsed *out, const struct mud_page_in *in,
                   struct mud_arena *arena, bool late)
{
    struct mud_notes notes = {.arena = arena};
    mud_notes_add(&notes,
                  "error",
                  "worker-killed",
                  0,
                  "%s",
                  late ? "the page took too long to parse"
                       : "the page ended its parse worker");
    *out = (struct mud_parsed){
        .url = mud_str_dup(in->url, arena),
        .notes = notes.items,
        .n_notes = notes.n,
    };
    mud_log(
        MUD_LOG_WARN, NULL, "parse worker killed by %.*s", MUD_FMT(in->url));
}

bool mud_parser_page(struct mud_parser *parser, struct mud_parsed *out,
                     const struct mud_page_in *in, struct mud_arena *arena,
                     struct mud_error *err)
{
    struct mud_page_in cut = *in;
    if (cut.bytes.n > FRAME_MAX / 2)
        cut.bytes.n = FRAME_MAX / 2;
    int64_t began = mud_monotonic();
    bool old = parser->pid != 0;
    if (!start(parser, err))
        return false;
    bool asked = ask(parser, &cut);
    if (!asked && old) { /* it died since the last page: not this one's fault */
        stop(parser);
        if (!start(parser, err))
            return false;
        asked = ask(parser, &cut);
    }
    if (!asked || !answer(parser)) {
        killed(out,
               in,
               arena,
               mud_monotonic() - began >= parser->wall_ms * INT64_C(1000));
        stop(parser);
        return true;
    }
    struct mud_error bad = {0};
    if (mud_record_read_parsed(out, mud_buf_view(&parser->frame), arena, &bad))
        return true;
    killed(out, in, arena, false); /* the worker talks nonsense */
    stop(parser);
    return true;
}
