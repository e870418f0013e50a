#include "cli/summary.h"

#include "base/lang.h"
#include "cli/text.h"
#include "graph/records.h"
#include "graph/why.h"

#include <stdio.h>

#define TOP 5

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;

    mud_text_put(out, json);
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

bool mud_summary_stats(struct mud_out *out, struct mud_pg *pg,
                       struct mud_error *err)
{
    struct mud_report report = {0};
    struct mud_buf json = {0}, text = {0};

    if (!mud_stats(pg, put, out, err) ||
        !mud_report_outcomes(&report, pg, 0, err))
        return false;
    mud_report_json(&json, &report, MUD_STR(""));
    mud_report_skips_text(&text, &report);
    mud_out_record(out, mud_buf_view(&json), mud_buf_view(&text));
    mud_buf_free(&json);
    mud_buf_free(&text);
    return true;
}

struct top { /* the first seller of the list, to explain */
    struct mud_out *out;
    char persona[MUD_ID_TEXT], contact[MUD_ID_TEXT];
};

static void keep_id(char out[MUD_ID_TEXT], const json_t *list)
{
    struct mud_str id = mud_json_get_str(json_array_get(list, 0), "id");

    snprintf(out, MUD_ID_TEXT, "%.*s", MUD_FMT(id));
}

static bool put_seller(struct mud_str json, void *payload,
                       struct mud_error *err)
{
    struct top *top = payload;
    json_t *seller = mud_json_read(json, err);

    if (!seller)
        return false;
    if (!top->persona[0] || !top->contact[0]) {
        keep_id(top->persona, json_object_get(seller, "personas"));
        keep_id(top->contact, json_object_get(seller, "contacts"));
    }
    json_decref(seller);
    mud_out_text(top->out, "\n");
    return put(json, top->out, err);
}

/* Why the first contact of that seller is said to be his. */
static bool explain(struct top *top, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_why why;

    if (!top->persona[0] || !top->contact[0])
        return true;
    mud_out_text(top->out,
                 "%s",
                 mud_t("\nwhy: the first seller and the first contact\n",
                       "\n依据：首位卖家与其首个联系方式\n"));
    return mud_why(&why,
                   pg,
                   mud_str_z(top->persona),
                   mud_str_z(top->contact),
                   put,
                   top->out,
                   err);
}

static void what_next(struct mud_out *out, const struct top *top)
{
    mud_out_text(out,
                 "%s",
                 mud_t("\nwhat to try next\n"
                       "  mudlark sellers                 all sellers\n"
                       "  mudlark search 肉鸡             posts that hold a "
                       "word\n"
                       "  mudlark offers --category bots  offers of one "
                       "category\n",
                       "\n接下来可以试试\n"
                       "  mudlark sellers                 全部卖家\n"
                       "  mudlark search 肉鸡             搜索帖子\n"
                       "  mudlark offers --category bots  某一类别的报价\n"));
    if (top->contact[0])
        mud_out_text(out,
                     mud_t("  mudlark why %s %s\n"
                           "                                  how two "
                           "things are linked\n",
                           "  mudlark why %s %s\n"
                           "                                  两者为何关联\n"),
                     top->persona,
                     top->contact);
    mud_out_text(
        out,
        "%s",
        mud_t("  mudlark verify                  vault and ledger, "
              "hashed again\n"
              "  mudlark --help                  all commands\n",
              "  mudlark verify                  重新校验证据库与账本\n"
              "  mudlark --help                  全部命令\n"));
}

bool mud_summary(struct mud_round *round, struct mud_error *err)
{
    struct top top = {.out = &round->out};
    struct mud_listing listing = {.limit = TOP};
    struct mud_pg *pg = round->worker.pg;

    mud_out_text(&round->out, "\n");
    if (!mud_summary_stats(&round->out, pg, err))
        return false;
    mud_out_text(&round->out, "%s", mud_t("\ntop sellers\n", "\n主要卖家\n"));
    if (!mud_list_sellers(pg, &listing, put_seller, &top, err) ||
        !explain(&top, pg, err))
        return false;
    what_next(&round->out, &top);
    return true;
}
