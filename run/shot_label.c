#include "run/shot.h"

#include "base/time.h"

#include <stdio.h>

static void escaped(struct mud_buf *out, struct mud_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.s[i];

        if (c == '<' || c == '>' || c == '&' || c == '"' || c < ' ')
            mud_buf_printf(out, "&#%d;", c < ' ' ? ' ' : c);
        else
            mud_buf_c(out, (char)c);
    }
}

static void row(struct mud_buf *out, const char *label, struct mud_str value)
{
    mud_buf_printf(out, "<tr><th>%s</th><td>", label);
    escaped(out, value);
    mud_buf_z(out, "</td></tr>");
}

/* "2026-11-24T05:31:38Z, 2026-11-24 13:31:38 +08:00" */
static struct mud_str both_times(int64_t us, struct mud_arena *arena)
{
    char utc[MUD_TIME_TEXT], local[MUD_TIME_TEXT];

    mud_time_text(utc, us, false);
    mud_time_text(local, us + (int64_t)8 * 3600 * MUD_SECOND, false);
    local[10] = ' ';
    return mud_str_printf(arena, "%s (UTC) = %.19s +08:00", utc, local);
}

/* Four by sixteen digits, which eyes can compare. */
static struct mud_str digest(const uint8_t *sha, struct mud_arena *arena)
{
    char hex[MUD_HEX256];

    mud_hex(hex, sha, MUD_SHA256);
    return mud_str_printf(
        arena, "%.16s %.16s %.16s %.16s", hex, hex + 16, hex + 32, hex + 48);
}

static void notes(struct mud_buf *out, const struct mud_shot *shot)
{
    mud_buf_z(out, "<p class=n>");
    if (shot->masked)
        mud_buf_printf(out,
                       "已遮盖受害人数据 %zu 字 / victims' data masked: %zu "
                       "characters (■). ",
                       shot->covered,
                       shot->covered);
    else
        mud_buf_z(
            out,
            "<b>未遮盖，内含原始数据，不得外传 / NOT MASKED: original data, "
            "not to be passed on</b>. ");
    mud_buf_printf(
        out,
        "图片与样式：存档 %d，未予显示 %d，存档所无 %d / pictures and "
        "styles: %d from the archive, %d withheld, %d not in it. "
        "脚本未执行 / scripts not run. ",
        shot->used,
        shot->withheld,
        shot->not_there,
        shot->used,
        shot->withheld,
        shot->not_there);
    if (shot->page_height > MUD_BROWSER_TALL)
        mud_buf_printf(
            out,
            "<b>页高 %lld 像素，仅示前 %d / page of %lld pixels, the "
            "first %d shown</b>. ",
            (long long)shot->page_height,
            MUD_BROWSER_TALL,
            (long long)shot->page_height,
            MUD_BROWSER_TALL);
    else if (shot->cut)
        mud_buf_z(out,
                  "<b>页面内容不完整 / the page's bytes are not whole</b>. ");
    if (!shot->in_time)
        mud_buf_z(out, "<b>载入未完成 / not fully loaded</b>. ");
    mud_buf_z(out, "</p>");
}

static void strip(struct mud_buf *out, const struct mud_shot *shot,
                  struct mud_arena *arena)
{
    char id[MUD_ID_TEXT];

    mud_buf_z(
        out,
        "<!doctype html><meta charset=utf-8><style>body{margin:0;width:"
        "1280px;background:#fff;font:15px/1.45 'Noto Sans CJK "
        "SC','WenQuanYi Micro Hei',sans-serif;color:#111}"
        "header{box-sizing:border-box;padding:10px 16px;background:#fff8d6;"
        "border:4px solid #8a6d00}h1{margin:0 0 4px;font-size:22px}"
        "th{text-align:left;vertical-align:top;padding-right:14px;font-weight:"
        "400;color:#555;white-space:nowrap}td{overflow-wrap:anywhere;"
        "font-family:'DejaVu Sans Mono','Noto Sans Mono CJK SC',monospace;"
        "font-size:14px}table{border-spacing:0}p{margin:4px 0}"
        "img{display:block;width:1280px}footer{background:#8a6d00;color:#fff;"
        "padding:2px 16px;font-size:13px}</style><header><h1>由存档渲染，"
        "非当时屏幕 / Rendered from archive, not a live screen</h1><table>");
    row(out, "存证 / capture", mud_str_z(mud_id_text(id, shot->capture.id)));
    row(out, "地址 / address", mud_str_sub(shot->capture.url, 0, 600));
    row(out, "采集 / captured", both_times(shot->capture.at, arena));
    row(out, "SHA-256", digest(shot->capture.sha256, arena));
    row(out, "渲染 / rendered", both_times(shot->at, arena));
    row(out,
        "程序 / by",
        mud_str_printf(arena,
                       "mudlark %s, %.*s, %d px",
                       MUD_VERSION,
                       MUD_FMT(shot->renderer),
                       MUD_BROWSER_WIDTH));
    mud_buf_z(out, "</table>");
    notes(out, shot);
    mud_buf_z(out,
              "</header><img src=page.png><footer>由存档渲染 / rendered from "
              "archive · ");
    mud_buf_printf(out, "%s</footer>", id);
}

static bool give_page(struct mud_browser_answer *out, struct mud_str url,
                      const char *kind, void *payload)
{
    const struct mud_str *png = payload;

    if (strcmp(kind, "Image") != 0 || !mud_str_ends(url, MUD_STR("/page.png")))
        return false;
    *out = (struct mud_browser_answer){
        .type = MUD_STR("image/png"), .body = *png, .status = 200};
    return true;
}

bool mud_shot_label(struct mud_browser_picture *out,
                    const struct mud_shot *shot, struct mud_str page_png,
                    int page_height, const char *home, struct mud_arena *arena,
                    struct mud_error *err)
{
    struct mud_buf html = {0};

    strip(&html, shot, arena);
    const struct mud_browser_job job = {.home = home,
                                        .url = MUD_STR("http://strip.invalid/"),
                                        .page = mud_buf_view(&html),
                                        .type =
                                            MUD_STR("text/html; charset=utf-8"),
                                        .tall = MUD_BROWSER_MOST,
                                        .find = give_page,
                                        .payload = &page_png};
    bool good = mud_browser_draw(out, &job, arena, err) &&
                ((out->in_time && out->answered == 2 &&
                  out->full_height > page_height) ||
                 mud_fail(err, MUD_EIO, "it could not be put together"));
    mud_buf_free(&html);
    return good;
}
