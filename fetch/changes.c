#include "fetch/policy.h"

/*
 * Links that do something, by engine. We only ever GET, but these engines act
 * on GET, or show a form that has no posts. Names and values: the engines' own
 * links on stock installations (Discuz! X3.4/X3.5, phpBB 3.3, MyBB 1.8, SMF
 * 2.1, FluxBB 1.5, Xiuno BBS 4, NodeBB 4, vBulletin and XenForo by their
 * public markup).
 */
static const struct {
    const char *name, *value; /* value NULL: the parameter alone says it */
    const char *what;
} params[] = {
    {"formhash", NULL, "carries a form token and changes state"},
    {"my_post_key", NULL, "carries a form token and changes state"},
    {"logoutkey", NULL, "ends the session"},
    {"csrf_token", NULL, "carries a form token and changes state"},
    {"confirm_key", NULL, "carries a form token and changes state"},
    {"mod", "logging", "logs in or out"},
    {"mod", "register", "opens a registration form"},
    {"mod", "post", "opens a form to post"},
    {"mod", "spacecp", "changes settings or sends to members"},
    {"mod", "report", "reports a post"},
    {"mod", "modcp", "is a moderator's tool"},
    {"mod", "topicadmin", "is a moderator's tool"},
    {"ac", "favorite", "changes favourites"},
    {"action", "logout", "ends the session"},
    {"action", "logout2", "ends the session"},
    {"action", "login", "opens a login form"},
    {"action", "out", "ends the session"},
    {"action", "register", "opens a registration form"},
    {"action", "signup", "opens a registration form"},
    {"action", "delete", "deletes"},
    {"action", "deletepost", "deletes"},
    {"action", "do_deletepost", "deletes"},
    {"action", "deletemsg", "deletes"},
    {"action", "reply", "opens a form to post"},
    {"action", "newreply", "opens a form to post"},
    {"action", "newthread", "opens a form to post"},
    {"action", "post", "opens a form to post"},
    {"action", "post2", "posts"},
    {"action", "edit", "opens a form to edit"},
    {"action", "editpost", "opens a form to edit"},
    {"action", "quotefast", "opens a form to post"},
    {"action", "report", "reports a post"},
    {"action", "reporttm", "reports a post"},
    {"action", "recommend", "votes"},
    {"action", "rate", "votes"},
    {"action", "votepoll", "votes"},
    {"action", "vote", "votes"},
    {"action", "markread", "changes read marks"},
    {"action", "markasread", "changes read marks"},
    {"action", "subscribe", "changes subscriptions"},
    {"action", "unsubscribe", "changes subscriptions"},
    {"action", "notify", "changes subscriptions"},
    {"action", "lock", "is a moderator's tool"},
    {"action", "sticky", "is a moderator's tool"},
    {"action", "movetopic", "is a moderator's tool"},
    {"action", "removetopic2", "deletes"},
    {"action", "pm", "opens a form to send"},
    {"sa", "markread", "changes read marks"},
    {"mode", "logout", "ends the session"},
    {"mode", "login", "opens a login form"},
    {"mode", "register", "opens a registration form"},
    {"mode", "post", "opens a form to post"},
    {"mode", "reply", "opens a form to post"},
    {"mode", "quote", "opens a form to post"},
    {"mode", "edit", "opens a form to edit"},
    {"mode", "delete", "deletes"},
    {"mode", "soft_delete", "deletes"},
    {"mode", "report", "reports a post"},
    {"mode", "email", "opens a form to send"},
    {"mode", "compose", "opens a form to send"},
    {"mode", "delete_cookies", "ends the session"},
    {"mark", "topics", "changes read marks"},
    {"mark", "forums", "changes read marks"},
    {"watch", "topic", "changes subscriptions"},
    {"watch", "forum", "changes subscriptions"},
    {"bookmark", "1", "changes bookmarks"},
    {"do", "logout", "ends the session"},
    {"do", "newreply", "opens a form to post"},
    {"do", "newthread", "opens a form to post"},
    {"do", "markread", "changes read marks"},
    {"do", "addsubscription", "changes subscriptions"},
    {"do", "deletepost", "deletes"},
};

/* Last parts of a path: "/threads/5/reply", "/logout/". */
static const struct {
    const char *part, *what;
} paths[] = {
    {"logout", "ends the session"},
    {"logout.php", "ends the session"},
    {"user-logout.htm", "ends the session"},
    {"signout", "ends the session"},
    {"newreply.php", "opens a form to post"},
    {"newthread.php", "opens a form to post"},
    {"posting.php", "opens a form to post"},
    {"post.php", "opens a form to post"},
    {"editpost.php", "opens a form to edit"},
    {"edit.php", "opens a form to edit"},
    {"delete.php", "deletes"},
    {"delete", "deletes"},
    {"report", "reports a post"},
    {"report.php", "reports a post"},
    {"reply", "opens a form to post"},
    {"add-reply", "opens a form to post"},
    {"post-thread", "opens a form to post"},
    {"create-thread", "opens a form to post"},
    {"mark-read", "changes read marks"},
    {"private.php", "opens a form to send"},
    {"sendmessage.php", "opens a form to send"},
    {"ratethread.php", "votes"},
    {"usercp2.php", "changes subscriptions"},
    {"compose", "opens a form to post"},
};

/* Xiuno's pages are words joined by "-": thread-create-1.htm */
static const struct {
    const char *prefix, *what;
} xiuno[] = {
    {"thread-create", "opens a form to post"},
    {"post-create", "opens a form to post"},
    {"post-update", "opens a form to edit"},
    {"post-delete", "deletes"},
    {"user-logout", "ends the session"},
    {"mod-", "is a moderator's tool"},
};

static const char *word(struct mud_str part)
{
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (mud_str_ieq(part, mud_str_z(paths[i].part)))
            return paths[i].what;
    if (!mud_str_ends(part, MUD_STR(".htm")))
        return NULL;
    for (size_t i = 0; i < sizeof xiuno / sizeof *xiuno; i++)
        if (mud_str_istarts(part, mud_str_z(xiuno[i].prefix)))
            return xiuno[i].what;
    return NULL;
}

static const char *param(struct mud_str name, struct mud_str value)
{
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        if (mud_str_ieq(name, mud_str_z(params[i].name)) &&
            (!params[i].value ||
             mud_str_ieq(value, mud_str_z(params[i].value))))
            return params[i].what;
    return NULL;
}

const char *mud_url_changes(const struct mud_url *url)
{
    struct mud_str rest = url->query, path = url->path, name, value;
    const char *what = NULL;

    while (path.n && path.s[path.n - 1] == '/')
        path.n--;
    what = word(mud_str_sub(path, mud_str_rchr(path, '/') + 1, path.n));
    if (!what && mud_str_chr(rest, '=') == MUD_NPOS)
        what = word(rest);
    while (!what && mud_url_param_next(&rest, &name, &value))
        what = param(name, value);
    return what;
}
