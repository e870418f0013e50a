#include "cli/text_forms.h"

#include "base/lang.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>

static const char *claim_words(struct mud_str claim, bool forward)
{
    static const struct {
        const char *claim, *en, *zh, *back_en, *back_zh;
    } words[] = {
        {"uses", "advertises", "使用", "is advertised by", "被使用于"},
        {"paid_at", "is paid at", "收款于", "takes payment for", "收款给"},
        {"together",
         "stands in one offer with",
         "与之同现于一条广告",
         "stands in one offer with",
         "与之同现于一条广告"},
        {"accused",
         "holds an accusation of",
         "举报",
         "is accused in",
         "被举报于"},
        {"posts_in",
         "offers in",
         "发布于",
         "is where offers are made by",
         "内有其发布"},
        {"forwards", "forwards from", "转发自", "is forwarded by", "被转发至"},
        {"points_to", "points to", "指向", "is pointed to by", "被指向于"},
        {"names", "names", "提及", "is named by", "被提及于"},
        {"was",
         "says it was",
         "自称原为",
         "is claimed as old name by",
         "被自称为旧名"},
        {"called", "is the name of", "即", "goes by the name", "名为"},
        {"same_words",
         "has the advert of",
         "广告同于",
         "had the advert before",
         "广告先于"},
        {"same_picture",
         "shows the picture of",
         "图片同于",
         "showed the picture before",
         "图片先于"},
        {"same_id", "has the id of", "账号同于", "has the id of", "账号同于"},
        {"reposts",
         "posts the adverts of",
         "代发广告，原发者",
         "has its adverts posted by",
         "广告被代发于"},
        {"imitates", "looks like", "仿冒", "is imitated by", "被仿冒于"},
        {"confirmed",
         "was confirmed to be one with",
         "经人工确认同属一人",
         "was confirmed to be one with",
         "经人工确认同属一人"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!mud_str_eqz(claim, words[i].claim))
            continue;
        if (mud_lang_chinese())
            return forward ? words[i].zh : words[i].back_zh;
        return forward ? words[i].en : words[i].back_en;
    }
    return "-";
}

static void put_node(struct mud_buf *out, const json_t *node, bool colour)
{
    struct mud_str name = mud_json_get_str(node, "name");

    mud_buf_z(out, mud_ink(colour, MUD_INK_BOLD));
    mud_text_plain(out, mud_json_get_str(node, "type"), 40);
    mud_buf_c(out, ':');
    mud_text_plain(out, mud_json_get_str(node, "value"), 60);
    mud_buf_z(out, mud_ink(colour, MUD_INK_OFF));
    if (name.n && !mud_str_eq(name, mud_json_get_str(node, "value"))) {
        mud_buf_z(out, mud_t(" (", "（"));
        mud_text_plain(out, name, 40);
        mud_buf_z(out, mud_t(")", "）"));
    }
}

void mud_text_claims(struct mud_buf *out, const json_t *node, bool colour)
{
    const json_t *claims = json_object_get(node, "claims"), *claim;
    size_t i;

    json_array_foreach(claims, i, claim)
    {
        mud_buf_printf(out,
                       "    %s ",
                       claim_words(mud_json_get_str(claim, "claim"),
                                   mud_json_get_bool(claim, "forward")));
        mud_text_plain(out, mud_json_get_str(claim, "site"), 40);
        mud_buf_printf(out, ":%s", mud_ink(colour, MUD_INK_BOLD));
        mud_text_plain(out, mud_json_get_str(claim, "name"), 60);
        mud_buf_printf(out, "%s  ", mud_ink(colour, MUD_INK_OFF));
        mud_buf_printf(out,
                       mud_t("(%lld posts)  ", "（%lld 条）  "),
                       (long long)mud_json_get_int(claim, "evidence", 0));
        mud_buf_printf(out,
                       "%s%.*s%s\n",
                       mud_ink(colour, MUD_INK_DIM),
                       MUD_FMT(mud_json_get_str(claim, "id")),
                       mud_ink(colour, MUD_INK_OFF));
    }
}

/* Names over time; one alone is the name in the line above. */
static void names(struct mud_buf *out, const json_t *node)
{
    const json_t *all = json_object_get(node, "names"), *name;
    size_t i;

    if (json_array_size(all) < 2)
        return;
    json_array_foreach(all, i, name)
    {
        mud_buf_z(out, mud_t("    named ", "    曾用名 "));
        mud_text_plain(out, mud_json_get_str(name, "name"), 60);
        mud_buf_z(out, mud_t(": posts of ", "：帖子 "));
        mud_text_time(out, mud_json_get_str(name, "first_posted"));
        mud_buf_z(out, " - ");
        mud_text_time(out, mud_json_get_str(name, "last_posted"));
        mud_buf_z(out, mud_t(", seen ", "，见于 "));
        mud_text_time(out, mud_json_get_str(name, "first_seen"));
        mud_buf_z(out, " - ");
        mud_text_time(out, mud_json_get_str(name, "last_seen"));
        mud_buf_c(out, '\n');
    }
}

void mud_text_node(struct mud_buf *out, const json_t *node, bool colour)
{
    mud_text_plain(out, mud_json_get_str(node, "kind"), 20);
    mud_buf_printf(out, " %s", mud_ink(colour, MUD_INK_BOLD));
    mud_text_plain(out, mud_json_get_str(node, "name"), 60);
    mud_buf_printf(out, "%s  ", mud_ink(colour, MUD_INK_OFF));
    mud_text_plain(out, mud_json_get_str(node, "site"), 60);
    mud_buf_c(out, ':');
    mud_text_plain(out, mud_json_get_str(node, "value"), 60);
    mud_buf_printf(out,
                   "  %s%.*s%s\n    ",
                   mud_ink(colour, MUD_INK_DIM),
                   MUD_FMT(mud_json_get_str(node, "id")),
                   mud_ink(colour, MUD_INK_OFF));
    mud_text_time(out, mud_json_get_str(node, "first_seen"));
    mud_buf_z(out, mud_t(" to ", " 至 "));
    mud_text_time(out, mud_json_get_str(node, "last_seen"));
    mud_buf_c(out, '\n');
    names(out, node);
    mud_text_claims(out, node, colour);
}

void mud_text_annotation(struct mud_buf *out, const json_t *annotation,
                         bool colour)
{
    static const char *const keys[] = {
        "kind", "value", "currency", "unit", "role", "in", "rule"};
    double low = mud_json_get_double(annotation, "min", NAN);
    double high = mud_json_get_double(annotation, "max", NAN);

    (void)colour;
    mud_buf_printf(
        out, "    %-12.*s", MUD_FMT(mud_json_get_str(annotation, "what")));
    if (!isnan(low) || !isnan(high))
        mud_buf_printf(out, "  %.10g", isnan(low) ? high : low);
    if (!isnan(low) && !isnan(high) && high > low)
        mud_buf_printf(out, "-%.10g", high);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct mud_str value = mud_json_get_str(annotation, keys[i]);
        if (!value.n)
            continue;
        mud_buf_z(out, "  ");
        mud_text_plain(out, value, 80);
    }
    mud_buf_printf(out,
                   mud_t("  bytes %lld-%lld\n", "  字节 %lld-%lld\n"),
                   (long long)mud_json_get_int(annotation, "start_byte", 0),
                   (long long)mud_json_get_int(annotation, "end_byte", 0));
}

/* The quote with its mark in colour. */
static void put_quote(struct mud_buf *out, const json_t *evidence, bool colour)
{
    struct mud_str quote = mud_json_get_str(evidence, "quote");
    const json_t *mark = json_object_get(evidence, "mark");
    struct mud_utf8_pos pos = {.text = quote};
    size_t from = mud_utf8_byte(
        &pos, (size_t)json_integer_value(json_array_get(mark, 0)));
    size_t to = mud_utf8_byte(
        &pos, (size_t)json_integer_value(json_array_get(mark, 1)));

    mud_text_plain(out, mud_str_sub(quote, 0, from), 400);
    mud_buf_z(out, mud_ink(colour, MUD_INK_YELLOW));
    mud_text_plain(out, mud_str_sub(quote, from, to), 400);
    mud_buf_z(out, mud_ink(colour, MUD_INK_OFF));
    mud_text_plain(out, mud_str_sub(quote, to, quote.n), 400);
}

static void put_evidence(struct mud_buf *out, const json_t *evidence,
                         bool colour)
{
    const json_t *capture = json_object_get(evidence, "capture");

    mud_buf_z(out, mud_t("     \"", "     “"));
    put_quote(out, evidence, colour);
    mud_buf_z(out, mud_t("\"\n       ", "”\n       "));
    mud_text_plain(out, mud_json_get_str(evidence, "author"), 40);
    mud_buf_z(out, ", ");
    mud_text_time(out, mud_json_get_str(evidence, "posted_at"));
    mud_buf_printf(out,
                   "  (%.*s, %.*s)\n",
                   MUD_FMT(mud_json_get_str(evidence, "in")),
                   MUD_FMT(mud_json_get_str(evidence, "rule")));
    mud_buf_printf(out,
                   mud_t("       post     %.*s\n", "       帖子     %.*s\n"),
                   MUD_FMT(mud_json_get_str(evidence, "post")));
    mud_buf_printf(out,
                   mud_t("       capture  %.*s\n", "       存证     %.*s\n"),
                   MUD_FMT(mud_json_get_str(capture, "id")));
    mud_buf_printf(out,
                   "       sha256   %.*s\n",
                   MUD_FMT(mud_json_get_str(capture, "sha256")));
    mud_buf_printf(
        out,
        mud_t("       stored   vault/%.*s at %lld, ledger line %lld\n",
              "       存放     vault/%.*s 偏移 %lld，账本第 %lld 行\n"),
        MUD_FMT(mud_json_get_str(capture, "warc")),
        (long long)mud_json_get_int(capture, "offset", 0),
        (long long)mud_json_get_int(capture, "ledger_seq", -1));
}

/* What the step weighs, or why it joins nobody. */
static void put_weight(struct mud_buf *out, const json_t *step)
{
    const json_t *reasons = json_object_get(step, "reasons"), *reason;
    const json_t *verdict = json_object_get(step, "verdict");
    struct mud_str why = mud_json_get_str(step, "why");
    size_t i;

    json_array_foreach(reasons, i, reason)
    {
        mud_buf_z(out, "     - ");
        mud_text_plain(out, mud_json_get_str(reason, "what"), 200);
        if (mud_json_get_str(reason, "a").n) {
            mud_buf_z(out, ": ");
            mud_text_plain(out, mud_json_get_str(reason, "a"), 60);
            mud_buf_z(out, " / ");
            mud_text_plain(out, mud_json_get_str(reason, "b"), 60);
        }
        mud_buf_printf(out,
                       mud_t(" (%.1f bits)\n", "（%.1f 比特）\n"),
                       mud_json_get_double(reason, "bits", 0));
    }
    if (verdict) {
        mud_buf_z(out, mud_t("     by ", "     认定人 "));
        mud_text_plain(out, mud_json_get_str(verdict, "by"), 60);
        mud_buf_z(out, ", ");
        mud_text_time(out, mud_json_get_str(verdict, "at"));
        mud_buf_z(out, ": ");
        mud_text_plain(out, mud_json_get_str(verdict, "reason"), 400);
        mud_buf_c(out, '\n');
    }
    if (why.n) {
        mud_buf_z(out, mud_t("     joins nobody: ", "     不构成关联："));
        mud_text_plain(out, why, 200);
        mud_buf_c(out, '\n');
    }
}

void mud_text_step(struct mud_buf *out, const json_t *step, bool colour)
{
    const json_t *all = json_object_get(step, "evidence"), *evidence;
    int64_t count = mud_json_get_int(step, "evidence_count", 0);
    size_t i;

    mud_buf_printf(out, "%lld. ", (long long)mud_json_get_int(step, "n", 0));
    put_node(out, json_object_get(step, "from"), colour);
    mud_buf_printf(out,
                   " %s ",
                   claim_words(mud_json_get_str(step, "claim"),
                               mud_json_get_bool(step, "forward")));
    put_node(out, json_object_get(step, "to"), colour);
    mud_buf_c(out, '\n');
    put_weight(out, step);
    json_array_foreach(all, i, evidence) put_evidence(out, evidence, colour);
    if (count > (int64_t)json_array_size(all))
        mud_buf_printf(out,
                       mud_t("     and %lld more\n", "     另有 %lld 条\n"),
                       (long long)(count - (int64_t)json_array_size(all)));
}

static void put_named(struct mud_buf *out, const json_t *node, bool colour)
{
    put_node(out, node, colour);
    mud_buf_printf(out, "  %.*s\n", MUD_FMT(mud_json_get_str(node, "id")));
}

void mud_text_verdict(struct mud_buf *out, const json_t *verdict, bool colour)
{
    mud_text_time(out, mud_json_get_str(verdict, "at"));
    mud_buf_printf(out, "  %.*s", MUD_FMT(mud_json_get_str(verdict, "what")));
    mud_buf_z(out, mud_t(", by ", "，认定人 "));
    mud_text_plain(out, mud_json_get_str(verdict, "by"), 60);
    mud_buf_z(out, ": ");
    mud_text_plain(out, mud_json_get_str(verdict, "reason"), 400);
    mud_buf_z(out, "\n    ");
    put_named(out, json_object_get(verdict, "a"), colour);
    mud_buf_z(out, "    ");
    put_named(out, json_object_get(verdict, "b"), colour);
}

void mud_text_actor_change(struct mud_buf *out, const json_t *change,
                           bool colour)
{
    struct mud_str was = mud_json_get_str(change, "was");
    struct mud_str claim = mud_json_get_str(change, "claim");

    mud_text_time(out, mud_json_get_str(change, "at"));
    mud_buf_z(out, "  ");
    put_named(out, json_object_get(change, "node"), colour);
    mud_buf_printf(out,
                   mud_t("    came to %.*s", "    归入 %.*s"),
                   MUD_FMT(mud_json_get_str(change, "actor")));
    if (was.n)
        mud_buf_printf(out, mud_t(" from %.*s", "，原属 %.*s"), MUD_FMT(was));
    if (claim.n)
        mud_buf_printf(
            out, mud_t(", over %.*s", "，经由 %.*s"), MUD_FMT(claim));
    mud_buf_c(out, '\n');
}
