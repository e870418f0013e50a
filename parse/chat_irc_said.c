#include "parse/chat_irc_said.h"

#include "base/hash.h"

/* How many digits of a colour stand at the beginning of s: up to two of tens
 * (after ^C), or six of sixteens (after ^D). */
static size_t colour(struct mud_str s, bool hex)
{
    size_t n = 0, most = hex ? 6 : 2;

    while (n < most && n < s.n && s.s[n] &&
           strchr(hex ? "0123456789abcdefABCDEF" : "0123456789", s.s[n]))
        n++;
    return hex && n < most ? 0 : n;
}

/* Bytes of a sign of style that s begins with, 0: none
 * (modern.ircdocs.horse/formatting). */
static size_t style(struct mud_str s)
{
    bool hex = s.s[0] == '\x04';
    size_t n, ground;

    if (s.s[0] != '\x03' && !hex)
        return strchr("\x01\x02\x0f\x11\x16\x1d\x1e\x1f", s.s[0]) && s.s[0];
    n = 1 + colour(mud_str_sub(s, 1, s.n), hex);
    if (n == 1 || n >= s.n || s.s[n] != ',')
        return n;
    ground = colour(mud_str_sub(s, n + 1, s.n), hex);
    return ground ? n + 1 + ground : n;
}

/* Without colours and styles. */
static struct mud_str plain(struct mud_str s, struct mud_arena *arena)
{
    char *out = mud_arena_alloc(arena, s.n + 1);
    size_t n = 0, skip;

    for (size_t i = 0; i < s.n; i += skip ? skip : 1) {
        skip = style(mud_str_sub(s, i, s.n));
        if (!skip)
            out[n++] = s.s[i];
    }
    return mud_str_of(out, n);
}

static int64_t time_of(struct mud_irc_said *r, const struct mud_irc_message *m,
                       int64_t received)
{
    struct mud_str text;
    int64_t us;

    if (mud_irc_tag(m, "time", &text, r->arena) && mud_time_parse(text, &us) &&
        us > 0 && us < received + 86400 * MUD_SECOND)
        return us;
    return received;
}

static bool emit(struct mud_irc_said *r, struct mud_post *post,
                 const struct mud_irc_message *m,
                 const struct mud_irc_heard *line, struct mud_error *err)
{
    struct mud_chat_list links = {0};
    struct mud_str account, id;

    post->engine = MUD_STR("irc");
    post->site = r->site;
    post->thread_title = post->thread;
    post->view = MUD_VIEW_API;
    post->where = line->where;
    post->posted = time_of(r, m, line->at);
    post->posted_precision = MUD_TO_SECOND;
    if (!post->service.n && mud_irc_tag(m, "account", &account, r->arena) &&
        account.n && !mud_str_eqz(account, "*"))
        post->author_id = account;
    if (mud_irc_tag(m, "+draft/reply", &id, r->arena) ||
        mud_irc_tag(m, "+reply", &id, r->arena))
        post->reply_to = id;
    mud_chat_links(&links, post->body, r->arena);
    post->links = links.items;
    post->n_links = links.n;
    if (!post->body.n)
        post->state = MUD_POST_EMPTY;
    if (!post->post.n && mud_irc_tag(m, "msgid", &id, r->arena) && id.n &&
        id.n <= 256)
        post->post = id;
    if (!post->post.n)
        post->post = mud_chat_ids_next(&r->ids, post, r->arena);
    return r->sink->post(post, r->sink->payload, err);
}

/* The thread of a target: the room as it is named to us, or who speaks to us. */
static struct mud_str thread_of(struct mud_irc_said *r, struct mud_str target,
                                struct mud_str nick)
{
    struct mud_str room;

    while (target.n > 1 && strchr("@%+~", target.s[0]) &&
           mud_irc_is_channel(mud_str_sub(target, 1, target.n)))
        target = mud_str_sub(target, 1, target.n);
    if (!mud_irc_is_channel(target))
        return nick;
    room = r->room(target, r->payload);
    return room.n ? room : target;
}

static bool on_words(struct mud_irc_said *r, const struct mud_irc_message *m,
                     const struct mud_irc_heard *line, struct mud_error *err)
{
    struct mud_str said = m->n > 1 ? mud_irc_last(m) : MUD_STR("");
    struct mud_post post = {.thread =
                                thread_of(r, mud_irc_param(m, 0), m->nick),
                            .author = m->nick};
    bool notice = mud_irc_is(m, "NOTICE");

    /* what a server or a service of it tells its client alone */
    if (!m->user.n && !m->host.n && !mud_irc_is_channel(mud_irc_param(m, 0)))
        return true;
    if (mud_str_starts(said, MUD_STR("\x01"))) {
        said = mud_str_sub(said, 1, said.n);
        if (said.n && said.s[said.n - 1] == '\x01')
            said.n--;
        if (mud_str_starts(said, MUD_STR("ACTION ")))
            said = mud_str_sub(said, 7, said.n);
        else
            post.service = notice ? MUD_STR("ctcp-reply") : MUD_STR("ctcp");
    }
    post.body = plain(said, r->arena);
    return emit(r, &post, m, line, err);
}

static struct mud_str who(struct mud_irc_said *r,
                          const struct mud_irc_message *m)
{
    if (!m->host.n)
        return m->nick;
    return mud_str_printf(r->arena,
                          "%.*s [%.*s@%.*s]",
                          MUD_FMT(m->nick),
                          MUD_FMT(m->user),
                          MUD_FMT(m->host));
}

static struct mud_str behind(struct mud_irc_said *r,
                             const struct mud_irc_message *m, size_t i)
{
    struct mud_str why = m->n > i ? plain(m->params[i], r->arena) : MUD_STR("");

    return why.n ? mud_str_printf(r->arena, " [%.*s]", MUD_FMT(why)) : why;
}

/* "hub.example leaf.example", or what networks say instead of their names. */
static bool is_split(struct mud_str why)
{
    size_t space = mud_str_chr(why, ' ');
    struct mud_str a = mud_str_sub(why, 0, space);
    struct mud_str b = mud_str_sub(why, a.n + 1, why.n);

    return space != MUD_NPOS && mud_str_chr(b, ' ') == MUD_NPOS &&
           mud_str_chr(a, '.') != MUD_NPOS && mud_str_chr(b, '.') != MUD_NPOS &&
           mud_str_chr(why, '/') == MUD_NPOS &&
           mud_str_chr(why, ':') == MUD_NPOS && a.s[a.n - 1] != '.' &&
           b.s[b.n - 1] != '.';
}

static bool new_split(struct mud_irc_said *r, struct mud_str why)
{
    if (!is_split(why) || mud_str_eqz(why, r->split))
        return false;
    mud_chat_keep(r->split, sizeof r->split, why);
    return true;
}

static bool on_quit(struct mud_irc_said *r, const struct mud_irc_message *m,
                    const struct mud_irc_heard *line, struct mud_error *err)
{
    struct mud_post post = {
        .thread = MUD_STR("*"), .author = m->nick, .service = MUD_STR("quit")};

    post.body = mud_str_printf(r->arena,
                               "%.*s has quit%.*s",
                               MUD_FMT(who(r, m)),
                               MUD_FMT(behind(r, m, 0)));
    return emit(r, &post, m, line, err);
}

static bool on_presence(struct mud_irc_said *r, const struct mud_irc_message *m,
                        const struct mud_irc_heard *line, struct mud_error *err)
{
    struct mud_str name = mud_irc_param(m, 0), whom = {0};
    struct mud_post post = {.thread = thread_of(r, name, MUD_STR("*")),
                            .author = m->nick};

    if (mud_irc_is(m, "JOIN")) {
        post.service = MUD_STR("join");
        post.body = mud_str_printf(r->arena,
                                   "%.*s has joined %.*s",
                                   MUD_FMT(who(r, m)),
                                   MUD_FMT(name));
    } else if (mud_irc_is(m, "PART")) {
        post.service = MUD_STR("leave");
        post.body = mud_str_printf(r->arena,
                                   "%.*s has left %.*s%.*s",
                                   MUD_FMT(who(r, m)),
                                   MUD_FMT(name),
                                   MUD_FMT(behind(r, m, 1)));
    } else if (mud_irc_is(m, "KICK")) {
        post.service = MUD_STR("kick");
        whom = mud_irc_param(m, 1);
        post.body = mud_str_printf(r->arena,
                                   "%.*s was kicked from %.*s by %.*s%.*s",
                                   MUD_FMT(whom),
                                   MUD_FMT(name),
                                   MUD_FMT(m->nick),
                                   MUD_FMT(behind(r, m, 2)));
    } else { /* NICK */
        post.service = MUD_STR("nick");
        whom = name;
        post.thread = MUD_STR("*");
        post.body = mud_str_printf(r->arena,
                                   "%.*s is now known as %.*s",
                                   MUD_FMT(who(r, m)),
                                   MUD_FMT(whom));
    }
    if (whom.n) {
        post.members = &whom;
        post.n_members = 1;
    }
    return emit(r, &post, m, line, err);
}

static bool on_mode(struct mud_irc_said *r, const struct mud_irc_message *m,
                    const struct mud_irc_heard *line, struct mud_error *err)
{
    struct mud_buf text = {.max = MUD_IRC_LINE_MAX};
    struct mud_post post = {.thread =
                                thread_of(r, mud_irc_param(m, 0), MUD_STR("*")),
                            .author = m->nick,
                            .service = MUD_STR("mode")};
    bool good;

    if (!mud_irc_is_channel(mud_irc_param(m, 0)))
        return true; /* ours */
    mud_buf_printf(&text, "mode/%.*s [", MUD_FMT(m->params[0]));
    for (size_t i = 1; i < m->n; i++) {
        mud_buf_z(&text, i > 1 ? " " : "");
        mud_buf_str(&text, m->params[i]);
    }
    mud_buf_printf(&text, "] by %.*s", MUD_FMT(m->nick));
    post.body = mud_buf_view(&text);
    good = emit(r, &post, m, line, err);
    mud_buf_free(&text);
    return good;
}

/* As it is changed; and as we are told when we come in: once a text. */
static bool on_topic(struct mud_irc_said *r, const struct mud_irc_message *m,
                     const struct mud_irc_heard *line, struct mud_error *err)
{
    bool told = !mud_irc_is(m, "TOPIC");
    struct mud_str name = mud_irc_param(m, told ? 1 : 0);
    struct mud_post post = {.thread = thread_of(r, name, MUD_STR("*")),
                            .author = told ? MUD_STR("") : m->nick,
                            .service = MUD_STR("topic"),
                            .body = plain(mud_irc_last(m), r->arena)};
    char hex[33];

    if (told) {
        struct mud_str parts[] = {post.thread, post.body};
        struct mud_id id = mud_id_of_parts("topic", parts, 2);
        post.post = mud_str_dup(mud_str_z(mud_hex(hex, id.b, 10)), r->arena);
    }
    return emit(r, &post, m, line, err);
}

bool mud_irc_said(struct mud_irc_said *r, const struct mud_irc_heard *line,
                  bool *split, struct mud_error *err)
{
    static const struct {
        const char *command;
        bool (*read)(struct mud_irc_said *r, const struct mud_irc_message *m,
                     const struct mud_irc_heard *line, struct mud_error *err);
        size_t least; /* parameters */
    } rows[] = {
        {"PRIVMSG", on_words, 2},
        {"NOTICE", on_words, 2},
        {"JOIN", on_presence, 1},
        {"PART", on_presence, 1},
        {"KICK", on_presence, 2},
        {"NICK", on_presence, 1},
        {"QUIT", on_quit, 0},
        {"MODE", on_mode, 2},
        {"TOPIC", on_topic, 2},
        {"332", on_topic, 3},
    };
    const struct mud_irc_message *m = line->message;

    *split = false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!mud_irc_is(m, rows[i].command) || m->n < rows[i].least)
            continue;
        if (rows[i].read == on_quit)
            *split = new_split(r, mud_irc_param(m, 0));
        return !m->nick.n || rows[i].read(r, m, line, err);
    }
    return true;
}
