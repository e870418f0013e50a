/* A public channel as t.me/s shows it, served by tests/support/httpd.h. */
#ifndef MUD_TESTS_RUN_CHANNEL_H
#define MUD_TESTS_RUN_CHANNEL_H

#include "tests/support/httpd.h"
#include "tests/support/mudtest.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MESSAGES = 500,
    PAGE = 20
};

/* A channel as t.me/s shows it: the markup of the page, nothing else. */
struct channel {
    pthread_mutex_t lock;
    int newest; /* messages are 1 to this */
    bool gone[MESSAGES + 1], edited[MESSAGES + 1];
    int status; /* of every answer, when not 0 */
    int pages;  /* asked for */
    int before; /* of the last one */
    char what[32];
};

static inline void put_message(struct mud_buf *out, const struct channel *c,
                               int id)
{
    mud_buf_printf(
        out,
        "<div class=\"tgme_widget_message_wrap js-widget_message_wrap\">"
        "<div class=\"tgme_widget_message js-widget_message\" "
        "data-post=\"mdlk_chan/%d\"><div class=\"tgme_widget_message_bubble\">"
        "<div class=\"tgme_widget_message_author\"><a class=\""
        "tgme_widget_message_owner_name\" href=\"https://t.me/mdlk_chan\">"
        "<span dir=\"auto\">测试</span></a></div>"
        "<div class=\"tgme_widget_message_text js-message_text\" dir=\"auto\">"
        "第%d批肉鸡到货%s</div><div class=\"tgme_widget_message_footer\">"
        "<span class=\"tgme_widget_message_meta\">%s<a class=\""
        "tgme_widget_message_date\" href=\"https://t.me/mdlk_chan/%d\"><time "
        "datetime=\"2026-05-%02dT%02d:00:00+00:00\" class=\"time\">"
        "00:00</time></a></span></div></div></div></div>\n",
        id,
        id,
        c->edited[id] ? "，已改价" : "",
        c->edited[id] ? "edited " : "",
        id,
        1 + id / 20 % 28,
        id % 20);
}

static inline void put_page(struct mud_buf *out, const struct channel *c,
                            int before)
{
    int ids[PAGE], n = 0;

    for (int id = before ? before - 1 : c->newest; id > 0 && n < PAGE; id--) {
        if (!c->gone[id])
            ids[n++] = id;
    }
    mud_buf_z(
        out,
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>测试 – "
        "Telegram</title></head><body class=\"widget_frame_base "
        "tgme_webpreview\"><div class=\"tgme_channel_info\"><div "
        "class=\"tgme_channel_info_header_title\"><span>测试</span></div>"
        "<div class=\"tgme_channel_info_header_username\"><a "
        "href=\"https://t.me/mdlk_chan\">@mdlk_chan</a></div></div>"
        "<main class=\"tgme_main\" data-url=\"/mdlk_chan\"><section "
        "class=\"tgme_channel_history js-message_history\">");
    if (n && ids[n - 1] > 1)
        mud_buf_printf(out,
                       "<div class=\"tgme_widget_message_centered\"><a "
                       "href=\"/s/mdlk_chan?before=%d\" class=\""
                       "tme_messages_more\" data-before=\"%d\"></a></div>",
                       ids[n - 1],
                       ids[n - 1]);
    while (n--)
        put_message(out, c, ids[n]);
    mud_buf_z(out, "</section></main></body></html>");
}

static inline bool answer_channel(struct mud_httpd_peer *peer,
                                  const struct mud_httpd_request *request,
                                  void *payload)
{
    struct channel *c = payload;
    struct mud_buf page = {0};
    const char *before;
    char target[256];

    snprintf(target, sizeof target, "%.*s", MUD_FMT(request->target));
    if (strncmp(target, "/s/mdlk_chan", 12) != 0)
        return mud_httpd_reply(peer,
                               200,
                               "Content-Type: text/html\r\n",
                               MUD_STR("<html><title>Telegram: Contact "
                                       "@x</title><body>none</body></html>"));
    pthread_mutex_lock(&c->lock);
    before = strstr(target, "before=");
    c->before = before ? atoi(before + 7) : 0;
    c->pages++;
    if (!c->status)
        put_page(&page, c, c->before);
    int status = c->status ? c->status : 200;
    pthread_mutex_unlock(&c->lock);
    bool good = mud_httpd_reply(peer,
                                status,
                                status == 429 ? "Retry-After: 900\r\n"
                                              : "Content-Type: text/html; "
                                                "charset=utf-8\r\n",
                                mud_buf_view(&page));
    mud_buf_free(&page);
    return good;
}

#endif
