/* Alarms of drift and gaps of a source, for people. */
#include "base/lang.h"
#include "cli/text_forms.h"
#include "cli/text_reason.h"

static void field(struct mud_buf *out, const json_t *record, const char *key,
                  size_t most)
{
    mud_text_plain(out, mud_json_get_str(record, key), most);
}

static long long number(const json_t *record, const char *key)
{
    return (long long)mud_json_get_int(record, key, 0);
}

/* What an alarm says in words. */
static const char *drift_words(struct mud_str what, bool rises)
{
    static const struct {
        const char *what, *en, *zh;
    } words[] = {
        {"no-posts", "threads without posts", "没有帖子的主题页"},
        {"unknown", "pages that nothing knows", "无法识别的页面"},
        {"login", "pages that ask for an account", "要求登录的页面"},
        {"message", "error and notice pages", "错误或提示页面"},
        {"challenge", "challenge pages", "验证页面"},
        {"generic", "pages read by structure alone", "仅按结构解析的页面"},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (mud_str_eqz(what, words[i].what))
            return mud_t(words[i].en, words[i].zh);
    return rises ? mud_t("one same value in all posts of a page:",
                         "整页取值相同的字段：")
                 : mud_t("posts with", "含有该字段的帖子：");
}

static bool is_field(struct mud_str what)
{
    static const char *const pages[] = {
        "no-posts", "unknown", "login", "message", "challenge", "generic"};

    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
        if (mud_str_eqz(what, pages[i]))
            return false;
    return true;
}

void mud_text_drift(struct mud_buf *out, const json_t *drift, bool colour)
{
    struct mud_str what = mud_json_get_str(drift, "what");
    struct mud_str ended = mud_json_get_str(drift, "cleared");
    bool rises = mud_json_get_bool(drift, "rises");

    mud_buf_printf(out,
                   "  %s%s%s ",
                   mud_ink(colour, ended.n ? MUD_INK_DIM : MUD_INK_RED),
                   ended.n ? mud_t("was drift", "曾有漂移")
                           : mud_t("DRIFT", "解析漂移"),
                   mud_ink(colour, MUD_INK_OFF));
    mud_buf_printf(out, "%s ", drift_words(what, rises));
    if (mud_str_starts(what, MUD_STR("alike:")))
        what = mud_str_sub(what, 6, what.n);
    if (is_field(what))
        mud_buf_printf(out, "%.*s ", MUD_FMT(what));
    mud_buf_printf(
        out,
        mud_t("%.0f%% (of %lld), before %.0f%% (of %lld), since ",
              "现为 %.0f%%（共 %lld），此前 %.0f%%（共 %lld），始于 "),
        100 * mud_json_get_double(drift, "now", 0),
        number(drift, "now_of"),
        100 * mud_json_get_double(drift, "was", 0),
        number(drift, "was_of"));
    mud_text_time(out, mud_json_get_str(drift, "since"));
    if (ended.n) {
        mud_buf_z(out, mud_t(", ended ", "，结束于 "));
        mud_text_time(out, ended);
    }
    mud_buf_printf(out, "\n    %s", mud_t("read as ", "页面 "));
    field(out, drift, "engine", 40);
    mud_buf_c(out, ' ');
    field(out, drift, "kind", 20);
    if (mud_json_get_str(drift, "selector").n) {
        mud_buf_z(out, mud_t("; selector ", "；选择器 "));
        field(out, drift, "selector", 300);
    }
    mud_buf_printf(out, "\n    %s", mud_t("example ", "示例 "));
    field(out, drift, "example_url", 200);
    mud_buf_z(out, mud_t(" (mudlark show ", "（mudlark show "));
    field(out, drift, "example", 40);
    mud_buf_z(out, mud_t(")\n", "）\n"));
}

void mud_text_gap_board(struct mud_buf *out, const json_t *gap, bool colour)
{
    (void)colour;
    mud_buf_z(out, mud_t("board ", "版块 "));
    field(out, gap, "board", 40);
    mud_buf_printf(out,
                   mud_t(": %lld threads; shown %lld, held %lld, missing %lld; "
                         "%lld pages never read, %lld failed\n",
                         "：%lld 个主题；站点显示 %lld，已存 %lld，缺 %lld；"
                         "%lld 页未读，%lld 页失败\n"),
                   number(gap, "threads"),
                   number(gap, "shown"),
                   number(gap, "held"),
                   number(gap, "missing"),
                   number(gap, "pages_unread"),
                   number(gap, "failed"));
}

static void unread_pages(struct mud_buf *out, const json_t *gap)
{
    const json_t *pages = json_object_get(gap, "unread"), *page;
    size_t i;

    if (!json_array_size(pages))
        return;
    mud_buf_z(out, mud_t("; pages never read:", "；未读页："));
    json_array_foreach(pages, i, page)
    {
        if (i == 10) {
            mud_buf_z(out, " …");
            break;
        }
        mud_buf_printf(out, " %lld", (long long)json_integer_value(page));
    }
}

void mud_text_gap(struct mud_buf *out, const json_t *gap, bool colour)
{
    mud_buf_printf(out,
                   "  %s%6lld%s  ",
                   mud_ink(colour, MUD_INK_BOLD),
                   number(gap, "missing"),
                   mud_ink(colour, MUD_INK_OFF));
    field(out, gap, "thread", 40);
    mud_buf_z(out, "  ");
    field(out, gap, "title", 40);
    mud_buf_printf(
        out,
        mud_t("\n          shown %lld, held %lld (%lld of them "
              "gone)",
              "\n          站点显示 %lld，已存 %lld（其中 %lld 已消失）"),
        number(gap, "shown"),
        number(gap, "held"),
        number(gap, "gone"));
    unread_pages(out, gap);
    if (number(gap, "failed")) {
        mud_buf_printf(out,
                       mud_t("; %lld failed: ", "；%lld 页失败："),
                       number(gap, "failed"));
        mud_text_reason(out, mud_json_get_str(gap, "outcome"));
        mud_buf_c(out, ' ');
        field(out, gap, "url", 120);
    }
    mud_buf_z(out, mud_t("; since ", "；始于 "));
    mud_text_time(out, mud_json_get_str(gap, "since"));
    mud_buf_c(out, '\n');
}

void mud_text_gap_stretch(struct mud_buf *out, const json_t *gap, bool colour)
{
    bool ids = mud_str_eqz(mud_json_get_str(gap, "unit"), "id");

    (void)colour;
    mud_buf_z(out, mud_t("group ", "群组 "));
    field(out, gap, "title", 40);
    mud_buf_z(out, " ");
    field(out, gap, "group", 40);
    if (ids) {
        mud_buf_printf(out,
                       mud_t(": ids %lld-%lld in no export",
                             "：消息编号 %lld-%lld 无导出覆盖"),
                       number(gap, "from"),
                       number(gap, "to"));
    } else {
        mud_buf_z(
            out, mud_t(": nothing was read or heard of ", "：未读取亦未收听 "));
        mud_text_time(out, mud_json_get_str(gap, "from"));
        mud_buf_z(out, " - ");
        mud_text_time(out, mud_json_get_str(gap, "to"));
    }
    mud_buf_c(out, '\n');
}

void mud_text_gap_replies(struct mud_buf *out, const json_t *gap, bool colour)
{
    (void)colour;
    mud_buf_z(out, mud_t("group ", "群组 "));
    field(out, gap, "title", 40);
    mud_buf_z(out, " ");
    field(out, gap, "group", 40);
    mud_buf_printf(out,
                   mud_t(": %lld messages are answered and not held, such as ",
                         "：%lld 条被回复的消息未存，例如 "),
                   number(gap, "messages"));
    field(out, gap, "example", 40);
    mud_buf_c(out, '\n');
}
