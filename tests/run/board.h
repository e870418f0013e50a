/* A small board: an index, a board, its threads, one post in each. */
#ifndef MUD_TESTS_RUN_BOARD_H
#define MUD_TESTS_RUN_BOARD_H

#include "tests/support/httpd.h"

#define THREADS 6
#define DISCUZ                                              \
    "<html><head><title>x - Powered by Discuz!</title>"     \
    "<meta name=generator content=\"Discuz! X3.5\"></head>" \
    "<body id=nv_forum class=pg_"

static inline void board_page(struct mud_buf *page)
{
    mud_buf_z(page, DISCUZ "forumdisplay><table id=threadlisttableid>");
    for (int i = 1; i <= THREADS; i++)
        mud_buf_printf(
            page,
            "<tbody id=normalthread_%d><tr><th><a class='s xst' "
            "href=thread-%d-1-1.html>thread %d</a></th></tr></tbody>",
            i,
            i,
            i);
    mud_buf_z(page, "</table>");
}

static inline bool board_list(struct mud_httpd_peer *peer)
{
    struct mud_buf page = {0};

    board_page(&page);
    bool sent = mud_httpd_reply(
        peer, 200, "Content-Type: text/html\r\n", mud_buf_view(&page));
    mud_buf_free(&page);
    return sent;
}

#define THREAD                                                            \
    DISCUZ "viewthread><span id=thread_subject>t</span><div id=postlist>" \
           "<div id=post_7><table id=pid7><tr><td><div class=authi><a "   \
           "class=xw1 href=space-uid-3.html>li</a></div><em "             \
           "id=authorposton7>2026-10-6 14:29:45</em></td></tr><tr><td "   \
           "id=postmessage_7>hello</td></tr></table></div></div>"
#define INDEX DISCUZ "index><a href=forum-2-1.html>a board</a>"

static inline bool board_thread(struct mud_httpd_peer *peer)
{
    return mud_httpd_reply(
        peer, 200, "Content-Type: text/html\r\n", MUD_STR(THREAD));
}

static inline bool board_serve(struct mud_httpd_peer *peer,
                               const struct mud_httpd_request *request)
{
    if (mud_str_starts(request->target, MUD_STR("/thread-")))
        return board_thread(peer);
    if (mud_str_starts(request->target, MUD_STR("/forum-")))
        return board_list(peer);
    return mud_httpd_reply(
        peer, 200, "Content-Type: text/html\r\n", MUD_STR(INDEX));
}

#endif
