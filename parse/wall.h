/*
 * What stands between a reader and the pages of a site: walls of proxies and
 * firewalls, captchas, waiting rooms, limits, bans, sites that are closed. Told
 * from status, head and text of an answer that has no content; by the marks
 * that the products leave themselves.
 */
#ifndef MUD_PARSE_WALL_H
#define MUD_PARSE_WALL_H

#include "base/str.h"

enum mud_wall_kind {
    MUD_WALL_NONE = 0,
    MUD_WALL_RELOAD,  /* sets a cookie and loads itself again: a wait passes */
    MUD_WALL_RATE,    /* asked too fast */
    MUD_WALL_QUEUE,   /* a waiting room */
    MUD_WALL_CLOSED,  /* the site itself is shut, for all */
    MUD_WALL_OUTAGE,  /* errors of the site, and nothing else: run tells */
    MUD_WALL_CAPTCHA, /* a person must solve something */
    MUD_WALL_BROWSER, /* a script must run: proof of work, a cookie it computes */
    MUD_WALL_BANNED, /* the address we come from, or the account, is shut out */
    MUD_WALL_OTHER,  /* a page against crawlers of no known make */
    MUD_WALL_KINDS
};

struct mud_wall {
    enum mud_wall_kind kind;
    struct mud_str by; /* "cloudflare", "discuz", "captcha"...; may be empty */
};

const char *mud_wall_name(enum mud_wall_kind kind); /* "captcha"...; "" */
enum mud_wall_kind mud_wall_of_name(struct mud_str name);

struct mud_parsed;

/*
 * Which wall the answer is, if the page read from it holds nothing; status, and
 * head as received (may be empty), text in UTF-8. Sets parsed->wall, and its kind
 * where nothing else knew the page.
 */
void mud_wall_find(struct mud_parsed *parsed, int status, struct mud_str head,
                   struct mud_str text);

#endif
