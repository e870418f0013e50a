#include "cli/source_wall.h"

#include "base/lang.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text_reason.h"
#include "run/reason.h"

#include <stdio.h>

struct words {
    const char *en, *zh;           /* what it is */
    const char *todo_en, *todo_zh; /* with NAME for the source */
};

#define BROWSER_EN                                                                 \
    "pass it in a browser that goes the same way (--proxy), then hand in its "     \
    "cookies: mudlark source cookies NAME FILE --user-agent 'that browser's'; or " \
    "the pages that it saved: mudlark import FILE.warc.gz --source NAME"
#define BROWSER_ZH                                                                        \
    "在走相同线路（--proxy）的浏览器中通过验证，再交入其 cookie：" \
    "mudlark source cookies NAME FILE --user-agent '该浏览器的标识'；或"         \
    "导入浏览器保存的网页：mudlark import FILE.warc.gz --source NAME"
#define WAIT_EN \
    "it is tried again by itself; mudlark source resume NAME tries now"
#define WAIT_ZH "届时自动重试；mudlark source resume NAME 立即重试"

static const struct words words[MUD_WALL_KINDS] = {
    [MUD_WALL_RELOAD] = {"a page that reloads itself without end",
                         "不断自动重载的页面",
                         BROWSER_EN,
                         BROWSER_ZH},
    [MUD_WALL_RATE] = {"too many requests", "请求过多", WAIT_EN, WAIT_ZH},
    [MUD_WALL_QUEUE] = {"a waiting room", "排队等候页", WAIT_EN, WAIT_ZH},
    [MUD_WALL_CLOSED] = {"the site is closed", "站点关闭", WAIT_EN, WAIT_ZH},
    [MUD_WALL_OUTAGE] = {"errors of the site",
                         "站点持续报错",
                         WAIT_EN,
                         WAIT_ZH},
    [MUD_WALL_CAPTCHA] = {"a captcha", "验证码", BROWSER_EN, BROWSER_ZH},
    [MUD_WALL_BROWSER] = {"a check of browsers",
                          "浏览器检查",
                          BROWSER_EN,
                          BROWSER_ZH},
    [MUD_WALL_BANNED] =
        {"we are shut out",
         "已被封禁",
         "go another way or slower (mudlark source set NAME --proxy URL --delay "
         "MS), or with another account; then mudlark source resume NAME",
         "更换线路或放慢（mudlark source set NAME --proxy URL --delay MS），或换用"
         "其他账号；然后 mudlark source resume NAME"},
    [MUD_WALL_OTHER] = {"a page against crawlers",
                        "反爬页面",
                        BROWSER_EN,
                        BROWSER_ZH},
};

static void put_todo(struct mud_buf *out, const struct mud_source *source,
                     enum mud_wall_kind kind)
{
    mud_reason_named(out,
                     mud_lang_chinese() ? words[kind].todo_zh
                                        : words[kind].todo_en,
                     source->name);
}

void mud_source_wall_json(struct mud_json *json,
                          const struct mud_source *source,
                          const struct mud_wall_state *wall)
{
    struct mud_buf todo = {0};

    if (wall->limit) {
        mud_json_kstr(json, "limit", wall->wall.by);
        mud_json_ktime(json, "limit_until", wall->until);
    }
    mud_json_key(json, "wall");
    if (!wall->wall.kind) {
        mud_json_null(json);
        return;
    }
    put_todo(&todo, source, wall->wall.kind);
    mud_json_object(json);
    mud_json_kz(json, "kind", mud_wall_name(wall->wall.kind));
    if (wall->wall.by.n)
        mud_json_kstr(json, "by", wall->wall.by);
    mud_json_ktime(json, "since", wall->since);
    mud_json_ktime(json, "last", wall->last);
    mud_json_kint(json, "rounds", wall->hits);
    mud_json_kstr(json, "url", wall->url);
    if (wall->capture.n)
        mud_json_kstr(json, "capture", wall->capture);
    if (wall->until)
        mud_json_ktime(json, "until", wall->until);
    mud_json_kstr(json, "todo", mud_buf_view(&todo));
    mud_json_object_end(json);
    mud_buf_free(&todo);
}

void mud_source_wall_text(struct mud_buf *text, const struct mud_source *source,
                          const struct mud_wall_state *wall, bool colour)
{
    const struct words *w = &words[wall->wall.kind];
    char since[MUD_LOCAL_TEXT], until[MUD_LOCAL_TEXT];

    if (wall->limit) {
        mud_buf_z(text, mud_t("  limit     ", "  上限      "));
        mud_text_reason(text, wall->wall.by);
        mud_buf_printf(text,
                       mud_t(": left alone until %.16s\n", "：暂停至 %.16s\n"),
                       mud_local_text(until, wall->until));
    }
    if (!wall->wall.kind)
        return;
    mud_buf_printf(
        text,
        mud_t("  wall      %s%s%s%s%.*s%s; since %.16s, %lld rounds\n",
              "  拦截      %s%s%s%s%.*s%s；自 %.16s，%lld 轮\n"),
        mud_ink(colour, MUD_INK_RED),
        mud_lang_chinese() ? w->zh : w->en,
        mud_ink(colour, MUD_INK_OFF),
        wall->wall.by.n ? " (" : "",
        MUD_FMT(wall->wall.by),
        wall->wall.by.n ? ")" : "",
        mud_local_text(since, wall->since),
        (long long)wall->hits);
    mud_buf_printf(text, "            %.*s", MUD_FMT(wall->url));
    if (wall->capture.n)
        mud_buf_printf(text, "  (mudlark show %.*s)", MUD_FMT(wall->capture));
    mud_buf_c(text, '\n');
    if (wall->until)
        mud_buf_printf(text,
                       mud_t("            left alone until %.16s\n",
                             "            暂停至 %.16s\n"),
                       mud_local_text(until, wall->until));
    mud_buf_z(text, "            ");
    put_todo(text, source, wall->wall.kind);
    mud_buf_c(text, '\n');
}
