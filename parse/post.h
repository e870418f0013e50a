/*
 * What parsing gives: posts, and what else a page holds. All text is clean
 * UTF-8 in the arena of the parse. The JSON form is the post record of the
 * command-line contract (parse/record.h writes and reads it).
 */
#ifndef MUD_PARSE_POST_H
#define MUD_PARSE_POST_H

#include "base/str.h"
#include "base/time.h"
#include "parse/wall.h"

enum mud_post_state {
    MUD_POST_SHOWN = 0,
    MUD_POST_BLOCKED, /* a moderator masked it */
    MUD_POST_DELETED,
    MUD_POST_LOGIN, /* body needs an account */
    MUD_POST_EMPTY
};

enum mud_view {
    MUD_VIEW_THREAD = 0,
    MUD_VIEW_PRINT,
    MUD_VIEW_ARCHIVE,
    MUD_VIEW_FEED,
    MUD_VIEW_API,
    MUD_VIEW_MOBILE
};

struct mud_quote {
    struct mud_str author, post, text; /* author and post may be empty */
};

enum mud_mended { /* bits: what the description missed and the structure of the
                     page gave, see parse/mend.h */
    MUD_MENDED_AUTHOR = 1,
    MUD_MENDED_TIME = 2,
    MUD_MENDED_BODY = 4,
    MUD_MENDED_POST = 8 /* all of it */
};

struct mud_forward { /* chats: where a message came from */
    struct mud_str from, chat, post;
    int64_t date; /* us */
};

struct mud_reaction {    /* chats: how often a message got a sign */
    struct mud_str sign; /* an emoji, or the name of one */
    uint32_t count;
};

struct mud_range { /* half open, in a file of any size */
    uint64_t start, end;
};

struct mud_post {
    struct mud_str engine; /* "discuz", "phpbb", "telegram" */
    struct mud_str site;   /* host[:port], or the chat's stable id */
    struct mud_str board, thread, thread_title, post; /* the site's own ids */
    uint32_t position;                /* in the thread from 1; 0 unknown */
    struct mud_str author, author_id; /* id stable at the site, may be empty */
    struct mud_str author_handle; /* public name without "@", where a network
                                     has one beside the display name */
    struct mud_str author_role; /* rank or title that the site shows: "群主",
                                   "owner", "Moderator" */
    bool anonymous;
    uint8_t mended; /* MUD_MENDED_ bits */
    int64_t posted; /* us UTC, 0 unknown */
    enum mud_precision posted_precision;
    int64_t edited;
    enum mud_view view;
    enum mud_post_state state;
    struct mud_str hidden; /* kinds of hidden parts, by spaces: "reply",
                              "points", "login"; or empty */
    struct mud_str body;   /* own words; spans point into it */
    const struct mud_quote *quotes;
    size_t n_quotes;
    struct mud_str signature; /* s NULL where the view shows none */
    const struct mud_str *links, *images, *attachments;
    size_t n_links, n_images, n_attachments;
    struct mud_str reply_to; /* post id */
    bool forwarded;
    struct mud_forward forward;
    const struct mud_str *buttons; /* chats: URLs or labels of inline buttons */
    size_t n_buttons;
    const struct mud_reaction *reactions;
    size_t n_reactions;
    uint32_t revision;       /* chats: 0 for the first text seen */
    struct mud_str page_url; /* page on which it was read */
    struct mud_str url;      /* permalink, or empty */
    struct mud_range where; /* chats: byte range of the message in the export */
    struct mud_str service; /* chats: the action of a service message
                               ("join_group_by_link"), or empty */
    const struct mud_str *members; /* of a service message: names */
    size_t n_members;
};

enum mud_page_kind {
    MUD_PAGE_UNKNOWN = 0,
    MUD_PAGE_INDEX,  /* list of boards */
    MUD_PAGE_BOARD,  /* list of threads */
    MUD_PAGE_THREAD, /* posts */
    MUD_PAGE_PROFILE,
    MUD_PAGE_FEED,
    MUD_PAGE_LOGIN,   /* asks for an account */
    MUD_PAGE_MESSAGE, /* the engine's error or notice, whatever the HTTP status */
    MUD_PAGE_CHALLENGE, /* anti-crawl reload, captcha, interstitial */
    MUD_PAGE_CHAT,      /* chat export */
    MUD_PAGE_OTHER      /* recognised and of no use here */
};

/* A link worth following, in canonical form (no session, sort or view words). */
struct mud_page_link {
    struct mud_str url;
    enum mud_page_kind kind;      /* BOARD or THREAD */
    struct mud_str board, thread; /* the site's ids, as known */
    uint32_t page;                /* page number from 1 */
    int32_t replies;              /* as the listing says; -1 unknown */
    int64_t last_post;            /* us, 0 unknown */
    struct mud_str key; /* "thread/3104/2": equal for all addresses of a page
                           of this site, whatever their form */
};

/* A thread row of a listing. */
struct mud_thread {
    struct mud_str board, thread, title, author, author_id;
    int32_t replies; /* -1 unknown */
};

/* What the page of an account tells of it. */
struct mud_profile {
    struct mud_str user, name, role, signature; /* may be empty */
    int64_t registered, last_seen;              /* us, 0 unknown */
    int32_t posts;                              /* as the site says; -1 */

    const struct mud_field_text {
        struct mud_str label, value;
    } * fields; /* the rest, as written: "QQ", "主页"... */

    size_t n_fields;
};

struct mud_note {         /* what was skipped or odd, and where */
    const char *severity; /* "info", "warning", "error" */
    const char
        *code; /* "no-posts", "login-wall", "challenge", "truncated"... */
    struct mud_str text; /* English, for the log and the record */
    uint64_t byte;       /* offset in the input, when it has a place */
};

/* What a page says of the account that asked for it. */
enum mud_logged {
    MUD_LOGGED_UNKNOWN = 0,
    MUD_LOGGED_OUT,
    MUD_LOGGED_IN
};

enum mud_login_says { /* why a log-in was refused */
    MUD_LOGIN_SAYS_NOTHING = 0,
    MUD_LOGIN_SAYS_WRONG,    /* name or password */
    MUD_LOGIN_SAYS_TRIES,    /* too many of them */
    MUD_LOGIN_SAYS_CAPTCHA,  /* it asks for one */
    MUD_LOGIN_SAYS_BANNED,   /* the account, or where we come from */
    MUD_LOGIN_SAYS_QUESTION, /* a second factor, or a secret question */
    MUD_LOGIN_SAYS
};

struct mud_login_field {
    struct mud_str name, value;
};

struct mud_page_account {
    enum mud_logged session;
    struct mud_str rules; /* the description whose log-in holds here, as
                             mud_engine_file takes it; empty: none */
    /* When the form was asked for: */
    bool form;                            /* there is one, or a token */
    struct mud_str action, token;         /* absolute address */
    const struct mud_login_field *fields; /* hidden ones, in order */
    size_t n_fields;
    enum mud_login_says says;
};

struct mud_parsed {
    struct mud_str engine; /* empty: none knew the page */
    enum mud_page_kind kind;
    struct mud_wall wall; /* that came instead of content */
    struct mud_str url, site, title, charset;
    struct mud_str board, thread; /* ids of the page, as known */
    uint32_t page, pages; /* number of this page, and how many; 0 unknown */
    uint32_t stated; /* posts that the thread says it has in all; 0 unknown */
    const struct mud_post *posts;
    size_t n_posts;
    const struct mud_thread *threads;
    size_t n_threads;
    const struct mud_profile *profiles;
    size_t n_profiles;
    const struct mud_page_link *links;
    size_t n_links;
    const struct mud_note *notes;
    size_t n_notes;
    struct mud_page_account account; /* when asked for */
};

const char *mud_logged_name(enum mud_logged session);      /* "in", "out", "" */
const char *mud_login_says_name(enum mud_login_says says); /* "wrong", ... "" */
const char *mud_page_kind_name(enum mud_page_kind kind);
const char *mud_post_state_name(enum mud_post_state state);
const char *mud_view_name(enum mud_view view);
const char *mud_mended_name(unsigned bit); /* "author"...; "" */

#endif
