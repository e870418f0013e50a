/*
 * Pages on one core: the prefilter, prefilter and libtidy, a whole page to
 * posts, and the same through a worker process (whose CPU time is not in the
 * caller's: the line says wall time of both then).
 *
 *     bench_parse FOLDER [--rounds=7]    (a capture folder with index.jsonl)
 */
#include "base/conf.h"
#include "base/time.h"
#include "bench/measure.h"
#include "parse/input.h"
#include "parse/page.h"

#include <stdio.h>

struct page {
    struct mud_capture_entry entry;
    struct mud_str bytes;
};

struct work {
    const struct page *pages;
    size_t n;
    struct mud_arena *arena;
    struct mud_parser *parser;
    size_t kept, posts, notes;
};

static void prefilter(void *payload)
{
    struct work *w = payload;

    w->kept = 0;
    for (size_t i = 0; i < w->n; i++) {
        struct mud_prefiltered out = {0};

        mud_arena_reset(w->arena);
        mud_prefilter(&out, w->pages[i].bytes, w->arena);
        w->kept += out.html.n;
        mud_buf_free(&out.html);
    }
}

static void tree(void *payload)
{
    struct work *w = payload;
    struct mud_error err = {0};

    for (size_t i = 0; i < w->n; i++) {
        struct mud_page page = {0};

        mud_arena_reset(w->arena);
        if (!mud_page_read(&page, w->pages[i].bytes, w->arena, &err))
            mud_bench_die("tree", &err);
    }
}

static void take(struct work *w, bool worker)
{
    struct mud_error err = {0};

    w->posts = w->notes = 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct mud_capture_entry *entry = &w->pages[i].entry;
        struct mud_parsed parsed = {0};
        struct mud_page_in in = {.bytes = w->pages[i].bytes,
                                 .url = entry->url,
                                 .content_type = entry->content_type,
                                 .status = entry->status,
                                 .fetched_at = entry->fetched_at};

        mud_arena_reset(w->arena);
        if (worker ? !mud_parser_page(w->parser, &parsed, &in, w->arena, &err)
                   : !mud_parse_page(&parsed, &in, w->arena, &err))
            mud_bench_die("parse", &err);
        w->posts += parsed.n_posts;
        w->notes += parsed.n_notes;
    }
}

static void whole(void *payload)
{
    take(payload, false);
}

static struct page *load(const char *folder, size_t *n, size_t *bytes,
                         struct mud_arena *arena)
{
    struct mud_error err = {0};
    struct mud_str rest, line, path;
    struct page *pages = NULL;
    size_t cap = 0;

    path = mud_str_printf(arena, "%s/index.jsonl", folder);
    if (!mud_file_read(&rest, path.s, (size_t)256 << 20, arena, &err))
        mud_bench_die("index", &err);
    while (mud_str_line(&rest, &line)) {
        struct page *page = NULL;

        pages = mud_arena_grow(arena, pages, &cap, *n, sizeof(*pages));
        page = &pages[(*n)++];
        if (!mud_capture_entry_read(&page->entry, line, arena, &err))
            mud_bench_die("index.jsonl", &err);
        path =
            mud_str_printf(arena, "%s/%.*s", folder, MUD_FMT(page->entry.file));
        if (!mud_file_read(&page->bytes, path.s, (size_t)64 << 20, arena, &err))
            mud_bench_die("page", &err);
        *bytes += page->bytes.n;
    }
    return pages;
}

/* Wall time: the work is done in the other process. */
static void through_worker(struct work *w, size_t bytes, int rounds)
{
    int64_t us[MUD_ROUNDS_MAX];

    take(w, true);
    for (int i = 0; i < rounds; i++) {
        int64_t begun = mud_monotonic();

        take(w, true);
        us[i] = mud_monotonic() - begun;
    }
    int64_t middle = mud_median(us, (size_t)rounds);
    printf("%-28s %9.1f %12.0f  wall  pages\n",
           "page to posts, in a worker",
           (double)bytes / (double)middle,
           (double)w->n * 1e6 / (double)middle);
}

int main(int argc, char **argv)
{
    struct mud_arena *keep = mud_arena_new();
    struct mud_case cases[3] = {{.name = "prefilter", .run = prefilter},
                                {.name = "prefilter, libtidy, tree",
                                 .run = tree},
                                {.name = "page to posts", .run = whole}};
    struct work w = {.arena = mud_arena_new(), .parser = mud_parser_new()};
    size_t n = 0, bytes = 0;
    int rounds = (int)mud_option_int(argc, argv, "rounds", 7);

    if (argc < 2 || argv[1][0] == '-' || rounds < 1 ||
        rounds > MUD_ROUNDS_MAX) {
        (void)fprintf(stderr, "usage: bench_parse FOLDER [--rounds=7]\n");
        return 2;
    }
    w.pages = load(argv[1], &n, &bytes, keep);
    w.n = n;
    if (!n)
        mud_bench_die("no pages", NULL);
    printf("%zu pages, %.1f KB each\n", n, (double)bytes / 1000.0 / (double)n);
    for (size_t i = 0; i < 3; i++) {
        cases[i].payload = &w;
        cases[i].bytes = bytes;
        cases[i].items = n;
        cases[i].item = "pages";
    }
    mud_cases(cases, 3, rounds);
    through_worker(&w, bytes, rounds);
    printf("posts %zu, notes %zu; libtidy sees %.0f %%; peak %lld MiB\n",
           w.posts,
           w.notes,
           100.0 * (double)w.kept / (double)bytes,
           (long long)(mud_peak_kib() / 1024));
    mud_parser_free(w.parser);
    mud_arena_free(w.arena);
    mud_arena_free(keep);
    return 0;
}
