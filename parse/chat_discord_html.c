/*
 * DiscordChatExporter's HTML, minified (attributes without quotation marks) or
 * not: <div id=chatlog__message-container-ID data-message-id=ID>, the author
 * (data-user-id, title: the account's name) only at the first message of a
 * group. Times are written in the exporter's locale, but ids are snowflakes,
 * which hold them. The channel's id stands in the file's name, "GUILD -
 * CATEGORY - CHANNEL [ID].html". Edits have a mark, forwards no origin.
 * Structure: MessageGroupTemplate.cshtml of the exporter; samples are made up.
 */
#include "parse/chat_discord.h"

#include "parse/chat_html.h"
#include "parse/chat_kit.h"
#include "parse/flow.h"

#define NAME_MAX_BYTES 512

struct reader {
    const struct mud_chat_sink *sink;
    char channel[64], title[NAME_MAX_BYTES]; /* NUL-ended */
    char author[NAME_MAX_BYTES], handle[NAME_MAX_BYTES], id[64], role[64];
};

/* A message under way. */
struct making {
    const struct mud_page *page;
    struct mud_str html; /* of the message */
    uint32_t node, end;
    struct mud_arena *arena;
    struct mud_post post;
    struct mud_chat_list links, images, files;
    struct mud_buf body;
};

static uint32_t part(const struct making *m, const char *class)
{
    return mud_chat_class(m->page, m->node + 1, m->end, class);
}

static struct mud_str text(const struct making *m, const char *class)
{
    return mud_chat_node_text(m->page, part(m, class), m->arena);
}

static struct mud_str attr(const struct making *m, uint32_t node,
                           const char *name)
{
    return node == MUD_NO_NODE ? (struct mud_str){0}
                               : mud_node_attr(&m->page->nodes[node], name);
}

/* ---- words ---- */

static void line(struct making *m, struct mud_str s)
{
    s = mud_str_trim(s);
    if (s.n && m->body.n)
        mud_buf_c(&m->body, '\n');
    mud_buf_str(&m->body, s);
}

/* White space is the author's; an emoji is an image with a name. */
static void content(struct making *m, uint32_t node)
{
    struct mud_flow flow = {0};
    if (node == MUD_NO_NODE)
        return;
    for (uint32_t i = node; i < m->page->nodes[node].end;) {
        const struct mud_node *one = &m->page->nodes[i];
        struct mud_str class = mud_node_attr(one, "class");
        mud_flow_close(&flow, i);
        if (mud_word_in(class, MUD_STR("chatlog__edited-timestamp"))) {
            mud_flow_skip(&flow, one);
            i = one->end;
            continue;
        }
        mud_flow_node(&flow, one, i == node, true);
        if (mud_str_eqz(one->tag, "a"))
            mud_chat_links(
                &m->links, mud_chat_href(m->page, i, m->arena), m->arena);
        i++;
    }
    line(m, mud_flow_end(&flow, false, m->arena));
}

/* An embed whose address is in the text is a preview of a link. */
static void embeds(struct making *m)
{
    static const char *const parts[] = {"chatlog__embed-author",
                                        "chatlog__embed-title",
                                        "chatlog__embed-description",
                                        "chatlog__embed-field-name",
                                        "chatlog__embed-field-value",
                                        "chatlog__embed-footer-text"};
    size_t words = m->body.n;
    for (uint32_t i = part(m, "chatlog__embed"); i < m->end;) {
        uint32_t end = m->page->nodes[i].end;
        uint32_t link =
            mud_chat_class(m->page, i, end, "chatlog__embed-title-link");
        struct mud_str url = link == MUD_NO_NODE
                                 ? (struct mud_str){0}
                                 : mud_chat_href(m->page, link, m->arena);
        mud_chat_links(&m->links, url, m->arena);
        bool preview = url.n && mud_str_find(mud_str_of(m->body.s, words),
                                             url) != MUD_NPOS;
        for (uint32_t k = i; !preview && k < end; k++) {
            struct mud_str class = mud_node_attr(&m->page->nodes[k], "class");
            for (size_t p = 0; p < sizeof(parts) / sizeof(parts[0]); p++)
                if (mud_word_in(class, mud_str_z(parts[p])))
                    line(m, mud_chat_node_text(m->page, k, m->arena));
            if (mud_word_in(class, MUD_STR("chatlog__embed-image")))
                mud_chat_list_add(&m->images, attr(m, k, "src"), m->arena);
        }
        i = mud_chat_class(m->page, end, m->end, "chatlog__embed");
    }
}

static void files(struct making *m)
{
    static const char *const classes[] = {"chatlog__attachment",
                                          "chatlog__forwarded-attachments"};
    for (size_t c = 0; c < 2; c++)
        for (uint32_t i = part(m, classes[c]); i < m->end;) {
            uint32_t end = m->page->nodes[i].end;
            for (uint32_t k = i; k < end; k++) {
                const struct mud_node *one = &m->page->nodes[k];
                struct mud_str src = mud_node_attr(one, "src");
                struct mud_str href = mud_node_attr(one, "href");
                if (mud_str_eqz(one->tag, "img"))
                    mud_chat_list_add(&m->images, src, m->arena);
                else if (mud_str_eqz(one->tag, "source"))
                    mud_chat_list_add(&m->files, src, m->arena);
                else if (mud_str_eqz(one->tag, "a") &&
                         mud_chat_tag(m->page, k, one->end, "img") ==
                             MUD_NO_NODE)
                    mud_chat_list_add(&m->files, href, m->arena);
            }
            i = mud_chat_class(m->page, end, m->end, classes[c]);
        }
    for (uint32_t i = part(m, "chatlog__sticker--media"); i < m->end;
         i = mud_chat_class(m->page, i + 1, m->end, "chatlog__sticker--media"))
        mud_chat_list_add(&m->images,
                          attr(m, i, "src").n ? attr(m, i, "src")
                                              : attr(m, i, "data-source"),
                          m->arena);
}

static void reactions(struct making *m)
{
    struct mud_reaction *out = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t i = part(m, "chatlog__reaction");
         i < m->end && n < MUD_CHAT_LIST_MAX;
         i = mud_chat_class(m->page, i + 1, m->end, "chatlog__reaction")) {
        uint32_t end = m->page->nodes[i].end;
        uint32_t sign = mud_chat_tag(m->page, i, end, "img");
        uint64_t count = 1;
        struct mud_str number = mud_chat_node_text(
            m->page,
            mud_chat_class(m->page, i, end, "chatlog__reaction-count"),
            m->arena);
        if (!mud_str_u64(number, &count) || count > INT32_MAX)
            count = 1;
        out = mud_arena_grow(m->arena, out, &cap, n, sizeof(*out));
        out[n].sign = attr(m, sign, "alt");
        if (!out[n].sign.n)
            out[n].sign = attr(m, i, "title");
        out[n++].count = (uint32_t)count;
    }
    m->post.reactions = out;
    m->post.n_reactions = n;
}

/* ---- what it answers ---- */

/* The digits behind mark, which may have a blank and quotation marks. */
static struct mud_str number_behind(struct mud_str s, struct mud_str mark)
{
    size_t at = mud_str_find(s, mark), from, to;
    if (at == MUD_NPOS)
        return (struct mud_str){0};
    for (from = at + mark.n; from < s.n && strchr(" '\"", s.s[from]); from++)
        ;
    for (to = from; to < s.n && s.s[to] >= '0' && s.s[to] <= '9';)
        to++;
    return mud_str_sub(s, from, to);
}

static void reply(struct making *m)
{
    uint32_t link = part(m, "chatlog__reply-link");
    struct mud_quote *quote;
    if (link == MUD_NO_NODE)
        return;
    /* Scripts are no part of a page as it is read. */
    m->post.reply_to =
        number_behind(m->html, MUD_STR("scrollToMessage(event,"));
    quote = mud_arena_array(m->arena, 1, sizeof(*quote));
    quote->author = text(m, "chatlog__reply-author");
    quote->post = m->post.reply_to;
    quote->text = mud_chat_node_text(m->page, link, m->arena);
    m->post.quotes = quote;
    m->post.n_quotes = quote->text.n > 0;
}

/* ---- what happened ---- */

static struct mud_str action_of(struct mud_str said)
{
    static const struct {
        const char *words, *action;
    } rows[] = {
        {"joined the server", "join"},
        {"added ", "add"},
        {"left the group", "leave"},
        {"removed ", "remove"},
        {"started a call", "call"},
        {"changed the channel name", "title"},
        {"changed the channel icon", "photo"},
        {"pinned ", "pin"},
        {"started a thread", "thread"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_str_istarts(said, mud_str_z(rows[i].words)))
            return mud_str_z(rows[i].action);
    return MUD_STR("system");
}

static void happened(struct making *m, uint32_t author)
{
    uint32_t link = part(m, "chatlog__system-notification-link");
    struct mud_str said = text(m, "chatlog__system-notification-content");
    struct mud_str whom = mud_chat_node_text(m->page, link, m->arena);
    m->post.author = mud_chat_node_text(m->page, author, m->arena);
    m->post.author_id = attr(m, author, "data-user-id");
    m->post.author_handle = attr(m, author, "title");
    m->post.service = action_of(said);
    line(m, said);
    if (mud_str_eqz(m->post.service, "pin"))
        m->post.reply_to = number_behind(
            attr(m, link, "href"), MUD_STR("#chatlog__message-container-"));
    else if (!mud_str_eqz(m->post.service, "title"))
        mud_chat_member(&m->post, whom.n ? whom : m->post.author, m->arena);
}

/* ---- messages ---- */

/* At the first of a group; those behind it are by the same. */
static void who(struct reader *r, struct making *m)
{
    uint32_t author = part(m, "chatlog__author");
    if (author != MUD_NO_NODE) {
        struct mud_str role = text(m, "chatlog__author-tag");
        mud_chat_keep(r->author,
                      sizeof(r->author),
                      mud_chat_node_text(m->page, author, m->arena));
        mud_chat_keep(r->id, sizeof(r->id), attr(m, author, "data-user-id"));
        mud_chat_keep(r->handle, sizeof(r->handle), attr(m, author, "title"));
        mud_chat_keep(r->role,
                      sizeof(r->role),
                      mud_str_eqz(role, "BOT") ? MUD_STR("bot") : role);
    }
    m->post.author = mud_str_z(r->author);
    m->post.author_id = mud_str_z(r->id);
    m->post.author_handle = mud_str_z(r->handle);
    m->post.author_role = mud_str_z(r->role);
}

static void message(struct reader *r, struct making *m)
{
    uint32_t notice = part(m, "chatlog__system-notification-author");
    if (notice != MUD_NO_NODE) {
        happened(m, notice);
        return;
    }
    who(r, m);
    reply(m);
    content(m, part(m, "chatlog__content"));
    m->post.forwarded = part(m, "chatlog__forwarded") != MUD_NO_NODE;
    content(m, part(m, "chatlog__forwarded-content"));
    embeds(m);
    files(m);
    reactions(m);
}

static bool block(const struct mud_chat_block *b, void *payload,
                  struct mud_error *err)
{
    struct reader *r = payload;
    struct making m = {.page = &b->page,
                       .html = b->html,
                       .arena = b->arena,
                       .body = {.max = (size_t)1 << 20}};
    const char *chat = r->channel[0] ? r->channel : r->title;
    if (b->head) {
        uint32_t entry =
            mud_chat_class(m.page, 0, m.page->n, "preamble__entry");
        m.end = m.page->n;
        struct mud_str guild = mud_chat_node_text(m.page, entry, m.arena);
        if (entry != MUD_NO_NODE)
            entry =
                mud_chat_class(m.page, entry + 1, m.page->n, "preamble__entry");
        struct mud_str name = mud_chat_node_text(m.page, entry, m.arena);
        mud_chat_keep(
            r->title,
            sizeof(r->title),
            mud_str_printf(
                m.arena, "%.*s / %.*s", MUD_FMT(guild), MUD_FMT(name)));
        return true;
    }
    m.node = mud_chat_class(m.page, 0, m.page->n, "chatlog__message-container");
    if (m.node == MUD_NO_NODE)
        return true;
    m.end = m.page->nodes[m.node].end;
    m.post.post = attr(&m, m.node, "data-message-id");
    if (!m.post.post.n)
        m.post.post = number_behind(attr(&m, m.node, "id"),
                                    MUD_STR("chatlog__message-container-"));
    if (!m.post.post.n)
        return mud_chat_no_id(r->sink, b->at.start, err);
    m.post.engine = MUD_STR("discord");
    m.post.site = m.post.thread = mud_str_z(chat[0] ? chat : "?");
    m.post.thread_title = mud_str_z(r->title);
    m.post.where = b->at;
    m.post.posted = mud_chat_discord_time(m.post.post);
    m.post.posted_precision = m.post.posted ? MUD_TO_SECOND : MUD_UNKNOWN_TIME;
    message(r, &m);
    m.post.body = mud_str_dup(mud_buf_view(&m.body), m.arena);
    mud_buf_free(&m.body);
    mud_chat_links(&m.links, m.post.body, m.arena);
    mud_chat_lists(&m.post, &m.links, &m.images, &m.files);
    if (!m.post.body.n && !m.post.n_images && !m.post.n_attachments)
        m.post.state = MUD_POST_EMPTY;
    return r->sink->post(&m.post, r->sink->payload, err);
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    return mud_str_find(head, MUD_STR("chatlog__message-group")) != MUD_NPOS &&
           mud_str_find(head, MUD_STR("preamble__entry")) != MUD_NPOS;
}

struct mud_str mud_chat_discord_channel(struct mud_str file)
{
    struct mud_str part, found = {0};
    uint64_t id;
    while (mud_str_cut(&file, '[', &part)) {
        size_t close = mud_str_chr(part, ']');
        struct mud_str inner = mud_str_sub(part, 0, close);
        if (close != MUD_NPOS && mud_str_u64(inner, &id) &&
            id > UINT64_C(1) << 22)
            found = inner;
    }
    return found;
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader r = {.sink = sink};
    struct mud_chat_head head = {0};
    struct mud_chat_html html = {
        .mark = MUD_STR("<div id=chatlog__message-container-"),
        .block = block,
        .sink = sink,
        .payload = &r,
    };
    mud_chat_keep(
        r.channel, sizeof(r.channel), mud_chat_discord_channel(in->name));
    bool ok = mud_chat_unverified(sink, err) &&
              mud_chat_head_read(&head, &in->bytes, err);
    if (ok) {
        const struct mud_bytes_in bytes = mud_chat_head_again(&head);
        /* Not minified: the style sheet has its quotation marks too. */
        if (mud_str_find(mud_str_of(head.text, head.n),
                         MUD_STR("class=\"preamble")) != MUD_NPOS)
            html.mark = MUD_STR("<div id=\"chatlog__message-container-");
        ok = mud_chat_html_read(&html, &bytes, err);
    }
    mud_chat_head_free(&head);
    return ok;
}

const struct mud_chat_format mud_chat_discord_html = {"discord-html", is, read};
