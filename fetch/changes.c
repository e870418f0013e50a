#include "fetch/policy.h"

/*
 * Links that do something, by engine. We only ever GET, but these engines act
 * on GET, or show a form that has no posts. Names and values: the engines' own
 * links on stock installations (Discuz! X3.4/X3.5, phpBB 3.3, MyBB 1.8, SMF
 * 2.1, FluxBB 1.5, Xiuno BBS 4, NodeBB 4; vBulletin, XenForo, Invision and
 * phpwind, Discuz's plugins for signing in and phpBB's for thanks by their public
 * markup).
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
    {"_xfToken", NULL, "carries a form token and changes state"},
    {"csrfKey", NULL, "carries a form token and changes state"},
    {"securitytoken", NULL, "carries a form token and changes state"},
    {"loginhash", NULL, "carries a form token and changes state"},
    {"mod", "clearcookies", "ends the session"},
    {"mod", "switchstatus", "changes settings or sends to members"},
    {"mod", "lostpasswd", "asks for a new password"},
    {"mod", "getpasswd", "asks for a new password"},
    {"mod", "activate", "confirms an account"},
    {"mod", "emailverify", "confirms an account"},
    {"mod", "magic", "buys or uses items"},
    {"mod", "invite", "sends to members"},
    {"action", "pay", "buys"},
    {"action", "attachpay", "buys"},
    {"action", "buyattach", "buys"},
    {"action", "buy", "buys"},
    {"action", "exchange", "moves money"},
    {"action", "transfer", "moves money"},
    {"action", "apply", "applies for something"},
    {"action", "join", "joins a group"},
    {"action", "follow", "changes subscriptions"},
    {"action", "unfollow", "changes subscriptions"},
    {"action", "comment", "opens a form to post"},
    {"action", "postappend", "opens a form to post"},
    {"action", "add", "adds something"},
    {"action", "remove", "deletes"},
    {"action", "like", "votes"},
    {"action", "unlike", "votes"},
    {"action", "likes", "votes"},
    {"action", "thank", "votes"},
    {"action", "thanks", "votes"},
    {"action", "do_undovote", "votes"},
    {"action", "undovote", "votes"},
    {"action", "clearcookies", "ends the session"},
    {"action", "quit", "ends the session"},
    {"action", "addsubscription", "changes subscriptions"},
    {"action", "removesubscription", "changes subscriptions"},
    {"action", "addfavorite", "changes favourites"},
    {"action", "removefavorite", "changes favourites"},
    {"action", "favorite", "changes favourites"},
    {"action", "emailuser", "opens a form to send"},
    {"action", "sendtopic", "opens a form to send"},
    {"action", "lostpw", "asks for a new password"},
    {"action", "reminder", "asks for a new password"},
    {"action", "forget", "asks for a new password"},
    {"action", "activate", "confirms an account"},
    {"action", "resendactivation", "confirms an account"},
    {"action", "login2", "logs in or out"},
    {"action", "logintfa", "logs in or out"},
    {"action", "markforumread", "changes read marks"},
    {"action", "notifyboard", "changes subscriptions"},
    {"action", "notifytopic", "changes subscriptions"},
    {"action", "unwatchtopic", "changes subscriptions"},
    {"action", "buddy", "changes lists of members"},
    {"action", "collapse", "changes settings"},
    {"action", "quickmod", "is a moderator's tool"},
    {"action", "quickmod2", "is a moderator's tool"},
    {"action", "splittopics", "is a moderator's tool"},
    {"action", "mergetopics", "is a moderator's tool"},
    {"action", "restoretopic", "is a moderator's tool"},
    {"action", "announce", "is a moderator's tool"},
    {"action", "editpoll", "opens a form to edit"},
    {"action", "lockvoting", "is a moderator's tool"},
    {"action", "removepoll", "deletes"},
    {"action", "jsmodify", "opens a form to edit"},
    {"action", "jslike", "votes"},
    {"action", "signup2", "opens a registration form"},
    {"action", "change_pass", "changes settings"},
    {"action", "change_email", "changes settings"},
    {"action", "do_login", "logs in or out"},
    {"sa", "like", "votes"},
    {"sa", "unlike", "votes"},
    {"operation", "qiandao", "signs in for the day"},
    {"operation", "sign", "signs in for the day"},
    {"op", "add", "adds something"},
    {"op", "del", "deletes"},
    {"op", "delete", "deletes"},
    {"op", "ignore", "changes lists of members"},
    {"do", "apply", "applies for something"},
    {"do", "draw", "applies for something"},
    {"do", "giveup", "applies for something"},
    {"do", "pm", "reads private messages"},
    {"do", "notice", "changes read marks"},
    {"do", "login", "logs in or out"},
    {"do", "lostpw", "asks for a new password"},
    {"do", "emailpassword", "asks for a new password"},
    {"do", "postreply", "posts"},
    {"do", "postthread", "posts"},
    {"do", "newpm", "opens a form to send"},
    {"do", "insertpm", "sends"},
    {"do", "sendmessage", "opens a form to send"},
    {"do", "mailmember", "opens a form to send"},
    {"do", "sendtofriend", "opens a form to send"},
    {"do", "removesubscription", "changes subscriptions"},
    {"do", "addlist", "changes lists of members"},
    {"do", "removelist", "changes lists of members"},
    {"do", "doaddbuddy", "changes lists of members"},
    {"do", "ignore", "changes lists of members"},
    {"do", "post_thanks_add", "votes"},
    {"do", "post_thanks_remove_user", "votes"},
    {"do", "threadrate", "votes"},
    {"do", "rate", "votes"},
    {"do", "openclosethread", "is a moderator's tool"},
    {"do", "stick", "is a moderator's tool"},
    {"do", "deletethread", "deletes"},
    {"do", "report", "reports a post"},
    {"do", "reportComment", "reports a post"},
    {"do", "follow", "changes subscriptions"},
    {"do", "unfollow", "changes subscriptions"},
    {"do", "markRead", "changes read marks"},
    {"do", "react", "votes"},
    {"do", "unreact", "votes"},
    {"do", "like", "votes"},
    {"do", "buy", "buys"},
    {"do", "editpost", "opens a form to edit"},
    {"do", "delete", "deletes"},
    {"mode", "sendpassword", "asks for a new password"},
    {"mode", "resend_act", "confirms an account"},
    {"mode", "activate", "confirms an account"},
    {"mode", "switch_perm", "changes settings"},
    {"mode", "contactadmin", "opens a form to send"},
    {"mode", "bump", "changes threads"},
    {"mode", "smilies", "opens a form to post"},
    {"mode", "undelete", "is a moderator's tool"},
    {"unwatch", NULL, "changes subscriptions"},
    {"thanks", NULL, "votes"},
    {"rthanks", NULL, "votes"},
    {"bump", NULL, "changes threads"},
    {"i", "pm", "reads private messages"},
    {"item", "favorites", "changes favourites"},
    {"report", NULL, "reports a post"},
    {"searchsubmit", NULL, "searches, which boards count"},
    {"vote_id", NULL, "votes"},
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
    {"login.php", "logs in or out"},
    {"login", "logs in or out"},
    {"logging.php", "logs in or out"},
    {"register.php", "opens a registration form"},
    {"register", "opens a registration form"},
    {"lost-password", "asks for a new password"},
    {"mcp.php", "is a moderator's tool"},
    {"modcp.php", "is a moderator's tool"},
    {"moderate.php", "is a moderator's tool"},
    {"moderation.php", "is a moderator's tool"},
    {"inlinemod.php", "is a moderator's tool"},
    {"postings.php", "is a moderator's tool"},
    {"mawhole.php", "is a moderator's tool"},
    {"masingle.php", "is a moderator's tool"},
    {"warnings.php", "is a moderator's tool"},
    {"operate.php", "changes state"},
    {"job.php", "changes state"},
    {"userpay.php", "moves money"},
    {"usercp.php", "changes settings"},
    {"pm.php", "reads private messages"},
    {"sendthread.php", "opens a form to send"},
    {"subscription.php", "changes subscriptions"},
    {"threadrate.php", "votes"},
    {"thankyoulike.php", "votes"},
    {"watch", "changes subscriptions"},
    {"watch-confirm", "changes subscriptions"},
    {"unwatch", "changes subscriptions"},
    {"follow", "changes subscriptions"},
    {"unfollow", "changes subscriptions"},
    {"bookmark", "changes bookmarks"},
    {"react", "votes"},
    {"like", "votes"},
    {"vote", "votes"},
    {"markallread", "changes read marks"},
    {"undelete", "is a moderator's tool"},
    {"unsubscribe", "changes subscriptions"},
    {"admin.php", "is a moderator's tool"},
    {"admincp.php", "is a moderator's tool"},
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
    {"user-login", "logs in or out"},
    {"user-create", "opens a registration form"},
    {"user-resetpw", "asks for a new password"},
    {"my-", "changes settings"},
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

/* ".../topic/4/watch": the last part is a title, and what it says is chance. */
static bool is_title(struct mud_str path)
{
    static const char *const places[] = {"topic", "category", "t", "c"};
    struct mud_str part;
    uint64_t id;
    size_t slash = mud_str_rchr(path, '/');

    path = mud_str_sub(path, 0, slash == MUD_NPOS ? 0 : slash);
    slash = mud_str_rchr(path, '/');
    if (slash == MUD_NPOS ||
        !mud_str_u64(mud_str_sub(path, slash + 1, path.n), &id))
        return false;
    path = mud_str_sub(path, 0, slash);
    part = mud_str_sub(path, mud_str_rchr(path, '/') + 1, path.n);
    return mud_str_among(part, places, sizeof places / sizeof *places);
}

const char *mud_url_changes(const struct mud_url *url)
{
    struct mud_str rest = url->query, path = url->path, name, value;
    const char *what = NULL;

    while (path.n && path.s[path.n - 1] == '/')
        path.n--;
    if (!is_title(path))
        what = word(mud_str_sub(path, mud_str_rchr(path, '/') + 1, path.n));
    if (!what && mud_str_chr(rest, '=') == MUD_NPOS)
        what = word(rest);
    while (!what && mud_url_param_next(&rest, &name, &value))
        what = param(name, value);
    return what;
}
