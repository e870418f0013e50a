/* What search and saved searches print for people. */
#include "cli/text_forms.h"

#include "base/lang.h"

static const char *label(const char *key)
{
    static const char *const words[][3] = {
        {"category", "category", "类别"},
        {"side", "side", "买卖"},
        {"source", "source", "来源"},
        {"lang", "language", "语言"},
        {"author", "author", "作者"},
        {"field", "where", "位置"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(key, words[i][0]))
            return mud_lang_chinese() ? words[i][2] : words[i][1];
    return key;
}

static void put_list(struct mud_buf *out, const json_t *facets, const char *key)
{
    const json_t *list = json_object_get(facets, key), *count;
    size_t i;

    if (!json_array_size(list))
        return;
    mud_buf_printf(out, "%s\n", label(key));
    json_array_foreach(list, i, count)
    {
        mud_buf_printf(out,
                       mud_t("  %8lld in %lld post(s)  ",
                             "  %8lld 条文本，%lld 条帖子  "),
                       (long long)mud_json_get_int(count, "texts", 0),
                       (long long)mud_json_get_int(count, "posts", 0));
        mud_text_plain(out, mud_json_get_str(count, "value"), 40);
        mud_buf_c(out, '\n');
    }
}

static void put_times(struct mud_buf *out, const json_t *times)
{
    const json_t *list = json_object_get(times, "counts"), *count;
    int64_t most = 1;
    size_t i;

    json_array_foreach(list, i, count)
    {
        int64_t n = mud_json_get_int(count, "posts", 0);

        most = n > most ? n : most;
    }
    json_array_foreach(list, i, count)
    {
        int64_t n = mud_json_get_int(count, "posts", 0);

        mud_buf_z(out, "  ");
        mud_text_plain(out, mud_json_get_str(count, "from"), 10);
        mud_buf_printf(out, " %8lld ", (long long)n);
        for (int64_t k = 0; k < n * 40 / most; k++)
            mud_buf_z(out, "█");
        mud_buf_c(out, '\n');
    }
}

void mud_text_facets(struct mud_buf *out, const json_t *facets, bool colour)
{
    static const char *const keys[] = {
        "category", "side", "source", "lang", "author", "field"};

    (void)colour;
    mud_buf_printf(out,
                   mud_t("%lld texts in %lld posts%s\n",
                         "%lld 条文本，%lld 条帖子%s\n"),
                   (long long)mud_json_get_int(facets, "texts", 0),
                   (long long)mud_json_get_int(facets, "posts", 0),
                   mud_json_get_bool(facets, "complete")
                       ? ""
                       : mud_t(" (of the texts seen last: there are more)",
                               "（仅统计最近出现的文本，另有更多）"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        put_list(out, facets, keys[i]);
    put_times(out, json_object_get(facets, "times"));
}

void mud_text_sold(struct mud_buf *out, const json_t *sold, bool colour)
{
    const json_t *names = json_object_get(sold, "names"), *name;
    struct mud_str actor = mud_json_get_str(sold, "actor");
    size_t i;

    mud_buf_z(out, mud_ink(colour, MUD_INK_BOLD));
    json_array_foreach(names, i, name)
    {
        mud_buf_z(out, i ? " / " : "");
        mud_text_plain(out, mud_str_z(json_string_value(name)), 32);
    }
    mud_buf_printf(out, "%s  ", mud_ink(colour, MUD_INK_OFF));
    mud_buf_str(out, actor.n ? actor : mud_json_get_str(sold, "seller"));
    mud_buf_printf(out,
                   mud_t("\n  %lld post(s) of %lld text(s), ",
                         "\n  %lld 条帖子，%lld 条文本，"),
                   (long long)mud_json_get_int(sold, "posts", 0),
                   (long long)mud_json_get_int(sold, "texts", 0));
    mud_text_time(out, mud_json_get_str(sold, "first"));
    mud_buf_z(out, " – ");
    mud_text_time(out, mud_json_get_str(sold, "last"));
    mud_buf_c(out, '\n');
}

/* Kept, [-taken out-], {+put in+}; in colour on a terminal. */
static void put_diff(struct mud_buf *out, const json_t *diff, bool colour)
{
    const json_t *piece;
    size_t i;

    json_array_foreach(diff, i, piece)
    {
        const char *sign = json_string_value(json_array_get(piece, 0));
        const char *text = json_string_value(json_array_get(piece, 1));
        bool gone = sign && *sign == '-', come = sign && *sign == '+';

        if (gone || come)
            mud_buf_printf(out,
                           "%s%s",
                           mud_ink(colour, gone ? MUD_INK_RED : MUD_INK_GREEN),
                           gone ? "[-" : "{+");
        mud_text_plain(out, mud_str_z(text), 400);
        if (gone || come)
            mud_buf_printf(
                out, "%s%s", gone ? "-]" : "+}", mud_ink(colour, MUD_INK_OFF));
    }
}

void mud_text_revision(struct mud_buf *out, const json_t *revision, bool colour)
{
    struct mud_str state = mud_json_get_str(revision, "state");
    const json_t *diff = json_object_get(revision, "diff");

    mud_text_time(out, mud_json_get_str(revision, "first_seen"));
    mud_buf_z(out, " – ");
    mud_text_time(out, mud_json_get_str(revision, "last_seen"));
    mud_buf_printf(out, "  %s", mud_ink(colour, MUD_INK_BOLD));
    mud_text_plain(out, mud_json_get_str(revision, "author"), 24);
    mud_buf_printf(out,
                   mud_t("%s  text %lld", "%s  第 %lld 版"),
                   mud_ink(colour, MUD_INK_OFF),
                   (long long)mud_json_get_int(revision, "revision", 0));
    if (!mud_str_eqz(state, "shown"))
        mud_buf_printf(out, " (%.*s)", MUD_FMT(state));
    if (mud_json_has(revision, "gone_at")) {
        mud_buf_z(out, mud_t("  gone since ", "  已消失，自 "));
        mud_text_time(out, mud_json_get_str(revision, "gone_at"));
    }
    mud_buf_z(out, "\n  ");
    if (json_array_size(diff))
        put_diff(out, diff, colour);
    else
        mud_text_plain(out, mud_json_get_str(revision, "text"), 2000);
    mud_buf_printf(out,
                   "\n  %s%.*s%s\n",
                   mud_ink(colour, MUD_INK_DIM),
                   MUD_FMT(mud_json_get_str(revision, "capture")),
                   mud_ink(colour, MUD_INK_OFF));
}

void mud_text_page_then(struct mud_buf *out, const json_t *page, bool colour)
{
    (void)colour;
    mud_text_plain(out, mud_json_get_str(page, "url"), 400);
    mud_buf_z(out, mud_t("\n  captured ", "\n  存证于 "));
    mud_text_time(out, mud_json_get_str(page, "captured_at"));
    mud_buf_printf(out, "  %.*s", MUD_FMT(mud_json_get_str(page, "capture")));
    if (mud_json_has(page, "next")) {
        mud_buf_z(out, mud_t("\n  next     ", "\n  下一次 "));
        mud_text_time(out, mud_json_get_str(page, "next_at"));
        mud_buf_printf(out, "  %.*s", MUD_FMT(mud_json_get_str(page, "next")));
    }
    mud_buf_c(out, '\n');
}

void mud_text_alert(struct mud_buf *out, const json_t *alert, bool colour)
{
    mud_buf_printf(out,
                   "%s%.*s%s%s",
                   mud_ink(colour, MUD_INK_BOLD),
                   MUD_FMT(mud_json_get_str(alert, "name")),
                   mud_ink(colour, MUD_INK_OFF),
                   mud_json_get_bool(alert, "muted")
                       ? mud_t(" (muted)", "（已静音）")
                       : "");
    mud_buf_printf(out,
                   mud_t("  %lld new, %lld seen, %lld kept, %lld rejected\n  ",
                         "  新 %lld，已看 %lld，保留 %lld，排除 %lld\n  "),
                   (long long)mud_json_get_int(alert, "new", 0),
                   (long long)mud_json_get_int(alert, "seen", 0),
                   (long long)mud_json_get_int(alert, "kept", 0),
                   (long long)mud_json_get_int(alert, "rejected", 0));
    mud_text_plain(out, mud_json_get_str(alert, "query"), 400);
    if (mud_json_has(alert, "trouble")) {
        mud_buf_printf(out,
                       "\n  %s%s",
                       mud_ink(colour, MUD_INK_RED),
                       mud_t("not matched: ", "未能匹配："));
        mud_text_plain(out, mud_json_get_str(alert, "trouble"), 400);
        mud_buf_z(out, mud_ink(colour, MUD_INK_OFF));
    }
    mud_buf_c(out, '\n');
}

void mud_text_alert_hit(struct mud_buf *out, const json_t *hit, bool colour)
{
    mud_buf_printf(out,
                   "%s%lld%s  %.*s  ",
                   mud_ink(colour, MUD_INK_BOLD),
                   (long long)mud_json_get_int(hit, "hit", 0),
                   mud_ink(colour, MUD_INK_OFF),
                   MUD_FMT(mud_json_get_str(hit, "alert")));
    mud_text_time(out, mud_json_get_str(hit, "at"));
    mud_buf_printf(out,
                   mud_t("  %.*s, in %lld post(s)\n  ",
                         "  %.*s，%lld 条帖子\n  "),
                   MUD_FMT(mud_json_get_str(hit, "state")),
                   (long long)mud_json_get_int(hit, "posts", 0));
    mud_text_plain(out, mud_json_get_str(hit, "author"), 24);
    mud_buf_z(out, ": ");
    if (mud_json_has(hit, "text"))
        mud_text_plain(out, mud_json_get_str(hit, "text"), 160);
    else
        mud_buf_z(out,
                  mud_t("(the text is kept no longer)", "（文本已不再保存）"));
    mud_buf_printf(out,
                   "\n  %s%.*s%s\n",
                   mud_ink(colour, MUD_INK_DIM),
                   MUD_FMT(mud_json_get_str(hit, "post")),
                   mud_ink(colour, MUD_INK_OFF));
}
