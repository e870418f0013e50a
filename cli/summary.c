#include "cli/summary.h"

#include "base/lang.h"
#include "cli/source_health.h"
#include "cli/text.h"
#include "graph/drift.h"
#include "graph/records.h"
#include "graph/why.h"

#include <stdio.h>

#define TOP    5
#define ALARMS 20

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;

    mud_text_put(out, json);
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

bool mud_summary_stats(struct mud_out *out, struct mud_pg *pg,
                       const struct mud_reader *reader, struct mud_error *err)
{
    struct mud_report report = {0};
    struct mud_buf json = {0}, text = {0};

    if (!mud_stats(pg, mud_reader_version(reader), put, out, err) ||
        !mud_report_outcomes(&report, pg, 0, err))
        return false;
    mud_report_json(&json, &report, MUD_STR(""));
    mud_report_skips_text(&text, &report);
    mud_out_record(out, mud_buf_view(&json), mud_buf_view(&text));
    mud_buf_free(&json);
    mud_buf_free(&text);
    return mud_running_put(out, pg, err) &&
           mud_list_drift(pg, 0, false, ALARMS, put, out, err);
}

struct top { /* a seller of the list, to explain: two nodes of it */
    struct mud_out *out;
    char from[MUD_ID_TEXT], to[MUD_ID_TEXT];
    bool across; /* two personas: what links accounts on different sites */
};

static void keep_id(char out[MUD_ID_TEXT], const json_t *node)
{
    snprintf(out, MUD_ID_TEXT, "%.*s", MUD_FMT(mud_json_get_str(node, "id")));
}

/* Two personas are more telling than one and its contact. */
static void keep(struct top *top, const json_t *seller)
{
    const json_t *personas = json_object_get(seller, "personas");
    const json_t *contacts = json_object_get(seller, "contacts");
    size_t n = json_array_size(personas);

    if (top->across || (top->from[0] && n < 2))
        return;
    if (n >= 2) {
        keep_id(top->from, json_array_get(personas, 0));
        keep_id(top->to, json_array_get(personas, n - 1));
        top->across = true;
    } else if (n && json_array_size(contacts)) {
        keep_id(top->from, json_array_get(personas, 0));
        keep_id(top->to, json_array_get(contacts, 0));
    }
}

static bool put_seller(struct mud_str json, void *payload,
                       struct mud_error *err)
{
    struct top *top = payload;
    json_t *seller = mud_json_read(json, err);

    if (!seller)
        return false;
    keep(top, seller);
    json_decref(seller);
    mud_out_text(top->out, "\n");
    return put(json, top->out, err);
}

/* Why the two are said to be one's. */
static bool explain(struct top *top, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_why why;

    if (!top->from[0])
        return true;
    mud_out_text(top->out,
                 mud_t("\nthe chain of evidence: mudlark why %s %s\n",
                       "\n证据链：mudlark why %s %s\n"),
                 top->from,
                 top->to);
    return mud_why(
        &why, pg, mud_str_z(top->from), mud_str_z(top->to), put, top->out, err);
}

static void what_next(struct mud_out *out)
{
    mud_out_text(
        out,
        "%s",
        mud_t("\nwhat to try next\n"
              "  mudlark sellers                 all sellers\n"
              "  mudlark search 肉鸡             posts that hold a word\n"
              "  mudlark offers --category bots  offers of one category\n"
              "  mudlark show ID                 a seller, contact, post or "
              "capture\n"
              "  mudlark verify                  vault and ledger, hashed "
              "again\n"
              "  mudlark --help                  all commands\n",
              "\n接下来可以试试\n"
              "  mudlark sellers                 全部卖家\n"
              "  mudlark search 肉鸡             搜索帖子\n"
              "  mudlark offers --category bots  某一类别的报价\n"
              "  mudlark show 编号               卖家、联系方式、帖子或存证\n"
              "  mudlark verify                  重新校验证据库与账本\n"
              "  mudlark --help                  全部命令\n"));
}

bool mud_summary(struct mud_round *round, struct mud_error *err)
{
    struct top top = {.out = &round->out};
    struct mud_listing listing = {.limit = TOP};
    struct mud_pg *pg = round->worker.pg;

    mud_out_text(&round->out, "\n");
    if (!mud_summary_stats(&round->out, pg, round->worker.reader, err))
        return false;
    mud_out_text(&round->out, "%s", mud_t("\ntop sellers\n", "\n主要卖家\n"));
    if (!mud_list_sellers(pg, &listing, put_seller, &top, err) ||
        !explain(&top, pg, err))
        return false;
    what_next(&round->out);
    return true;
}
