/*
 * A page of any bytes: the prefilter's output is balanced and shallow, the
 * tree is well formed, and what parsing gives survives its records.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "parse/json_page.h"
#include "parse/page.h"
#include "parse/parse.h"
#include "parse/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void check_filter(struct mud_str text, struct mud_arena *arena)
{
    struct mud_prefiltered p;
    size_t depth = 0;

    mud_prefilter(&p, text, arena);
    for (size_t i = 0; i + 1 < p.html.n; i++) {
        if (p.html.s[i] != '<')
            continue;
        if (p.html.s[i + 1] == '/')
            check(depth-- > 0);
        else
            depth++;
        check(depth <= p.report.tags);
    }
    for (size_t i = 0; i < p.n_texts; i++)
        check(mud_utf8_valid(p.texts[i]) == p.texts[i].n);
    mud_buf_free(&p.html);
}

/* As HTML, and as JSON with HTML in it. */
static void check_tree(struct mud_str text, bool json, struct mud_arena *arena)
{
    const struct mud_str html = MUD_STR("cooked");
    struct mud_page page;
    struct mud_json_fault fault;
    struct mud_error err = {0};
    bool read =
        json ? mud_json_page_read(&page, &fault, text, &html, 1, arena, &err)
             : mud_page_read(&page, text, arena, &err);

    if (!read) {
        check(err.code == MUD_ELIMIT);
        return;
    }
    for (uint32_t i = 0; i < page.n; i++) {
        const struct mud_node *node = &page.nodes[i];

        check(node->end > i && node->end <= page.n);
        check(i == 0 ? node->parent == MUD_NO_NODE
                     : node->parent < i &&
                           page.nodes[node->parent].end >= node->end);
    }
}

static void check_records(const struct mud_parsed *parsed,
                          struct mud_arena *arena)
{
    struct mud_buf a = {0}, b = {0};
    struct mud_parsed back;
    struct mud_error err = {0};

    mud_record_parsed(&a, parsed, (struct mud_str){0});
    check(mud_record_read_parsed(&back, mud_buf_view(&a), arena, &err));
    mud_record_parsed(&b, &back, (struct mud_str){0});
    check(mud_str_eq(mud_buf_view(&a), mud_buf_view(&b)));
    mud_buf_free(&a);
    mud_buf_free(&b);
}

/* As the page of a log-in form, and as the answer to one. */
static void check_login(const struct mud_page_in *page, struct mud_arena *arena)
{
    static const char *const rules[] = {"discuz", "phpbb", "nodebb", "smf"};
    struct mud_page_in in = *page;
    struct mud_parsed parsed;
    struct mud_error err = {0};

    in.rules = mud_str_z(rules[in.bytes.n % 4]);
    for (in.asks = MUD_ASKS_FORM; in.asks <= MUD_ASKS_ANSWER; in.asks++) {
        check(mud_parse_page(&parsed, &in, arena, &err));
        check(parsed.kind == MUD_PAGE_CHAT || parsed.account.rules.n > 0);
        check_records(&parsed, arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str bytes = {(const char *)data, size};
    const struct mud_page_in in = {
        .bytes = bytes,
        .url = MUD_STR("http://a.example/forum.php?mod=viewthread&tid=1"),
        .content_type = MUD_STR("text/html"),
        .fetched_at = INT64_C(1795309800) * MUD_SECOND,
        .status = 200,
    };
    struct mud_parsed parsed;
    struct mud_error err = {0};

    struct mud_str clean = mud_utf8_clean(bytes, arena, NULL);
    check_filter(clean, arena);
    check_tree(clean, false, arena);
    check_tree(clean, true, arena);
    check(mud_parse_page(&parsed, &in, arena, &err));
    check_records(&parsed, arena);
    check_login(&in, arena);
    mud_arena_free(arena);
    return 0;
}
