#include "parse/page_note.h"

static void no_posts(struct mud_notes *notes, const struct mud_parsed *page,
                     const char *what)
{
    if (!page->n_posts)
        mud_notes_add(notes,
                      "error",
                      "no-posts",
                      0,
                      "%s: the board's markup may have changed",
                      what);
}

void mud_page_kind_note(struct mud_notes *notes, const struct mud_parsed *page,
                        const struct mud_rule_hit *own, int status)
{
    switch (page->kind) {
    case MUD_PAGE_LOGIN:
        mud_notes_add(
            notes, "warning", "login-wall", 0, "the page asks for an account");
        break;
    case MUD_PAGE_CHALLENGE:
        mud_notes_add(notes,
                      "warning",
                      "challenge",
                      0,
                      "a page against crawlers came instead of content");
        break;
    case MUD_PAGE_MESSAGE:
        mud_notes_add(notes,
                      "warning",
                      "message",
                      0,
                      "a notice of the board came instead of content "
                      "(status %d)",
                      status);
        break;
    case MUD_PAGE_UNKNOWN:
        mud_notes_add(notes,
                      "warning",
                      page->engine.n ? "unknown-page" : "unknown-engine",
                      0,
                      page->engine.n ? "no kind of page that %.*s describes"
                                     : "no description fits the page%.*s",
                      MUD_FMT(page->engine));
        break;
    case MUD_PAGE_THREAD:
        no_posts(notes, page, "a thread without a post");
        break;
    case MUD_PAGE_BOARD:
        if (!page->n_threads && own)
            mud_notes_add(
                notes, "info", "no-threads", 0, "a board without a thread");
        break;
    case MUD_PAGE_INDEX:
    case MUD_PAGE_PROFILE:
    case MUD_PAGE_FEED:
    case MUD_PAGE_CHAT:
        break;
    case MUD_PAGE_OTHER:
        if (own && own->rule->kind == MUD_RULE_THREAD)
            no_posts(notes, page, "a thread's address without a thread");
        break;
    }
}
