/*
 * The worst that strangers can send: pages that cost HTML libraries minutes or
 * their stack, and a gigabyte of nesting or of one line. Each in a process of
 * its own: CPU seconds, peak memory, how it ended.
 *
 *     bench_hostile [--mib=1024] [--tmp=/tmp]
 */
#include "base/time.h"
#include "bench/measure.h"
#include "parse/input.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_US INT64_C(1000000) /* what a hostile page may cost */

struct hostile {
    const char *name;
    const char *unit; /* repeated */
    size_t times;
};

static const struct hostile pages[] = {
    {"<p><font> x 4,000", "<p><font>", 4000},
    {"<p><font> x 100,000", "<p><font>", 100000},
    {"sloppy post x 160", "<p><font><b>text of a member<br>\n", 160},
    {"sloppy post x 20,000", "<p><font><b>text of a member<br>\n", 20000},
    {"<b> x 50,000", "<b>", 50000},
    {"<div> x 50,000", "<div>", 50000},
    {"<div class=a> x 1,000,000", "<div class=a>", 1000000},
    {"<dl><dd> x 50,000", "<dl><dd>", 50000},
    {"<ul><li> x 50,000", "<ul><li>", 50000},
    {"<table><tr><td> x 50,000", "<table><tr><td>", 50000},
    {"<table><tr><td>x</table> x 50,000", "<table><tr><td>x</table>", 50000},
    {"<a href=x> x 200,000", "<a href=x>", 200000},
    {"<select><option> x 100,000", "<select><option>", 100000},
    {"<form><table><form> x 50,000", "<form><table><form>", 50000},
    {"<!-- x 500,000", "<!--", 500000},
    {"<![CDATA[ x 200,000", "<![CDATA[", 200000},
    {"&#x x 1,000,000", "&#x", 1000000},
    {"<x x 2,000,000", "<x ", 2000000},
    {"<a b='c' x 300,000", "<a b='c' ", 300000},
    {"</p> x 500,000", "</p>", 500000},
    {"<div id=post_1> x 60,000", "<div id=post_1>", 60000},
    {"<blockquote> x 60,000", "<blockquote>", 60000},
    {"whole posts x 40,000",
     "<div id=post_7><table id=pid7><tr><td class=pls><div class=authi><a "
     "class=xw1 href=space-uid-7.html>a</a></div></td><td class=plc><em "
     "id=authorposton7>2026-11-20 10:00</em><td class=t_f id=postmessage_7>x"
     "<div class=quote><blockquote>a</blockquote></div></td></tr></table>"
     "</div>",
     40000},
    {"<a href title class id> x 190,000",
     "<a href='thread-7-1-1.html' class=xw1 id=a title=x>",
     190000},
};

/* Discuz!'s frame, so that a description is used on what is inside. */
static const char head[] =
    "<html><head><meta name=generator content=\"Discuz! X3.5\"></head><body "
    "id=nv_forum class=pg_viewthread><div id=postlist><div id=post_1><table>"
    "<tr><td class=t_f id=postmessage_1>";

static const struct hostile streams[] = {
    {"export: endless [", "[", 1},
    {"export: endless {\"a\":", "{\"a\":", 5},
    {"export: one endless string", "x", 1},
    {"export: endless \\u0000", "\\u0000", 6},
    {"export: small messages",
     "{\"id\":1,\"type\":\"message\",\"text\":\"a\"},",
     38},
};

struct outcome {
    int status;
    int64_t cpu, wall, peak_kib;
};

/* Run work in a child, whose own children are counted as well. */
static struct outcome apart(void (*work)(const void *), const void *payload)
{
    struct outcome out = {0};
    struct rusage usage;
    int64_t begun = mud_monotonic();

    (void)fflush(stdout);
    pid_t pid = fork();
    if (pid < 0)
        mud_bench_die("fork", NULL);
    if (pid == 0) {
        work(payload);
        (void)fflush(stdout);
        _exit(0);
    }
    while (wait4(pid, &out.status, 0, &usage) < 0)
        ;
    out.cpu = mud_cpu_usage(&usage);
    out.wall = mud_monotonic() - begun;
    out.peak_kib = usage.ru_maxrss;
    return out;
}

static void say(const char *name, size_t bytes, const struct outcome *out)
{
    printf("%-36s %9.1f KB %8.3f s CPU %7.3f s %6lld MiB  %s\n",
           name,
           (double)bytes / 1000.0,
           (double)out->cpu / 1e6,
           (double)out->wall / 1e6,
           (long long)(out->peak_kib / 1024),
           WIFSIGNALED(out->status)   ? "KILLED"
           : WEXITSTATUS(out->status) ? "failed"
           : out->cpu > LIMIT_US      ? "over the bound"
                                      : "");
}

static void page_of(struct mud_buf *buf, const struct hostile *hostile)
{
    mud_buf_z(buf, head);
    for (size_t i = 0; i < hostile->times; i++)
        mud_buf_z(buf, hostile->unit);
}

static void one_page(const void *payload)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf buf = {0};
    struct mud_parsed parsed = {0};
    struct mud_error err = {0};
    struct mud_page_in in = {.url = MUD_STR("http://forum.example/"
                                            "thread-1-1-1.html"),
                             .content_type =
                                 MUD_STR("text/html; charset=utf-8"),
                             .status = 200,
                             .fetched_at = mud_now()};

    page_of(&buf, payload);
    in.bytes = mud_buf_view(&buf);
    if (!mud_parse_page(&parsed, &in, arena, &err))
        _exit(err.code == MUD_ELIMIT ? 0 : 1);
}

/* A file of a given size, written once and removed at the end. */
struct big {
    char path[512];
    size_t bytes;
};

static void write_big(struct big *big, const char *tmp, const char *begin,
                      const char *unit, size_t bytes)
{
    static char block[1 << 20];
    size_t n = strlen(unit), fill = sizeof(block) / n * n;
    int fd;

    (void)snprintf(big->path, sizeof(big->path), "%s/mud-hostile-XXXXXX", tmp);
    fd = mkstemp(big->path);
    if (fd < 0)
        mud_bench_die(big->path, NULL);
    for (size_t i = 0; i < fill; i += n)
        memcpy(block + i, unit, n);
    if (write(fd, begin, strlen(begin)) < 0)
        mud_bench_die(big->path, NULL);
    for (big->bytes = strlen(begin); big->bytes < bytes; big->bytes += fill)
        if (write(fd, block, fill) != (ssize_t)fill)
            mud_bench_die(big->path, NULL);
    (void)close(fd);
}

static bool drop(struct mud_str line, void *payload, struct mud_error *err)
{
    (void)line;
    (void)payload;
    (void)err;
    return true;
}

static void parse_big(const void *payload)
{
    const struct big *big = payload;
    struct mud_error err = {0};
    struct mud_parse_options options = {.url =
                                            MUD_STR("http://forum.example/")};
    struct mud_parse_sink sink = {.line = drop};
    struct mud_parser *parser = mud_parser_new();
    bool done = mud_parse_path(big->path, &options, parser, &sink, &err);

    mud_parser_free(parser);
    printf("  %llu posts, %llu notes%s%s\n",
           (unsigned long long)sink.posts,
           (unsigned long long)sink.notes,
           done ? "" : ": ",
           done ? "" : err.text);
}

static void measure_big(const char *name, const char *tmp, const char *begin,
                        const char *unit, size_t bytes)
{
    struct big big = {0};
    struct outcome out;

    write_big(&big, tmp, begin, unit, bytes);
    out = apart(parse_big, &big);
    (void)unlink(big.path);
    printf("%-36s %9.1f MB %8.3f s CPU %7.3f s %6lld MiB  %s\n",
           name,
           (double)big.bytes / 1e6,
           (double)out.cpu / 1e6,
           (double)out.wall / 1e6,
           (long long)(out.peak_kib / 1024),
           WIFSIGNALED(out.status) ? "KILLED" : "");
}

int main(int argc, char **argv)
{
    size_t bytes = (size_t)mud_option_int(argc, argv, "mib", 1024) << 20;
    const char *tmp = mud_option(argc, argv, "tmp", "/tmp");

    printf("pages, in one process each (bound: 1 s CPU)\n");
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        size_t size = strlen(head) + strlen(pages[i].unit) * pages[i].times;
        struct outcome out = apart(one_page, &pages[i]);

        say(pages[i].name, size, &out);
    }
    printf("streams and files, %zu MiB each\n", bytes >> 20);
    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
        measure_big(
            streams[i].name,
            tmp,
            i == 2 || i == 3
                ? "{\"name\":\"a\",\"type\":\"x\",\"id\":1,\"messages\":"
                  "[{\"id\":1,\"type\":\"message\",\"text\":\""
                : "{\"name\":\"a\",\"type\":\"x\",\"id\":1,\"messages\":"
                  "[\n",
            streams[i].unit,
            bytes);
    /* Files of more than 64 MiB are refused as pages. */
    size_t most = bytes < ((size_t)63 << 20) ? bytes : (size_t)63 << 20;
    measure_big("page: endless <div>", tmp, "<html><body>", "<div>", bytes);
    measure_big("page: endless <div>", tmp, "<html><body>", "<div>", most);
    measure_big("page: one endless line", tmp, "<html><body>", "x", most);
    measure_big("page: endless <p>x<br>", tmp, "<html>", "<p>x<br>", most);
    return 0;
}
