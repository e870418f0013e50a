#include "parse/post.h"

const char *mud_page_kind_name(enum mud_page_kind kind)
{
    switch (kind) {
    case MUD_PAGE_INDEX:
        return "index";
    case MUD_PAGE_BOARD:
        return "board";
    case MUD_PAGE_THREAD:
        return "thread";
    case MUD_PAGE_PROFILE:
        return "profile";
    case MUD_PAGE_FEED:
        return "feed";
    case MUD_PAGE_LOGIN:
        return "login";
    case MUD_PAGE_MESSAGE:
        return "message";
    case MUD_PAGE_CHALLENGE:
        return "challenge";
    case MUD_PAGE_CHAT:
        return "chat";
    case MUD_PAGE_OTHER:
        return "other";
    case MUD_PAGE_UNKNOWN:
        break;
    }
    return "unknown";
}

const char *mud_post_state_name(enum mud_post_state state)
{
    switch (state) {
    case MUD_POST_BLOCKED:
        return "blocked";
    case MUD_POST_DELETED:
        return "deleted";
    case MUD_POST_LOGIN:
        return "login";
    case MUD_POST_EMPTY:
        return "empty";
    case MUD_POST_SHOWN:
        break;
    }
    return "shown";
}

const char *mud_view_name(enum mud_view view)
{
    switch (view) {
    case MUD_VIEW_PRINT:
        return "print";
    case MUD_VIEW_ARCHIVE:
        return "archive";
    case MUD_VIEW_FEED:
        return "feed";
    case MUD_VIEW_API:
        return "api";
    case MUD_VIEW_MOBILE:
        return "mobile";
    case MUD_VIEW_THREAD:
        break;
    }
    return "thread";
}

const char *mud_mended_name(unsigned bit)
{
    switch (bit) {
    case MUD_MENDED_AUTHOR:
        return "author";
    case MUD_MENDED_TIME:
        return "time";
    case MUD_MENDED_BODY:
        return "body";
    case MUD_MENDED_POST:
        return "post";
    default:
        return "";
    }
}

const char *mud_logged_name(enum mud_logged session)
{
    return session == MUD_LOGGED_IN    ? "in"
           : session == MUD_LOGGED_OUT ? "out"
                                       : "";
}

const char *mud_login_says_name(enum mud_login_says says)
{
    static const char *const names[MUD_LOGIN_SAYS] = {
        "",
        "wrong",
        "tries",
        "captcha",
        "banned",
        "question",
    };
    return names[says < MUD_LOGIN_SAYS ? says : MUD_LOGIN_SAYS_NOTHING];
}
