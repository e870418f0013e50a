/*
 * <div class="tgme_widget_message ..." data-post="NAME/101" data-view="...">:
 * data-view is base64url of {"c": -ID of the channel, "p": post, ...}, which
 * makes a channel the same here and in exports. Text is js-message_text alone
 * (quotes of replies share its other class); an album is one block; forwards
 * and replies carry addresses; "edited" has no time. Addresses with onclick are
 * escaped twice. Structure: pages of 2024 as described in public (RSSHub and
 * others); samples are made up (samples/parse/tme).
 */
#include "parse/chat_tme.h"

#include "base/json.h"
#include "base/utf8.h"
#include "parse/chat_html.h"
#include "parse/chat_kit.h"
#include "parse/record.h"

#include <string.h>

#define ID_MAX 64

struct reader {
    const struct mud_chat_sink *sink;
    char id[ID_MAX];       /* of the channel, once a message tells it */
    char title[256];       /* as the page's head has it */
    struct mud_buf before; /* number of the page before; empty: none */
    struct mud_buf name;   /* public name of the channel */
};

static void keep(char *out, size_t size, struct mud_str s)
{
    size_t n = mud_utf8_cut(s, size - 1);
    if (n)
        memcpy(out, s.s, n);
    out[n] = '\0';
}

static uint32_t part(const struct mud_page *page, uint32_t in, const char *name)
{
    return mud_chat_class(page, in + 1, page->nodes[in].end, name);
}

/* ---- the id of the channel ---- */

static int sextet(char c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                   "qrstuvwxyz0123456789-_";
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

static void channel_id(struct reader *r, struct mud_str view,
                       struct mud_arena *arena)
{
    struct mud_buf json = {.max = 4096};
    struct mud_error bad = {0};
    uint32_t bits = 0;
    int n = 0;
    for (size_t i = 0; i < view.n && sextet(view.s[i]) >= 0; i++) {
        bits = bits << 6 | (uint32_t)sextet(view.s[i]);
        n += 6;
        if (n >= 8) {
            n -= 8;
            mud_buf_c(&json, (char)(bits >> n & 0xFF));
        }
    }
    json_t *object = mud_json_read(mud_buf_view(&json), &bad);
    int64_t id = mud_json_get_int(object, "c", 0);
    /* -100 and ten digits as bots see it, or the bare number. */
    if (id <= -INT64_C(1000000000000) && id > -INT64_C(2000000000000))
        id += INT64_C(1000000000000);
    if (id < 0 && id > INT64_MIN)
        keep(r->id,
             sizeof(r->id),
             mud_str_printf(arena, "%lld", (long long)-id));
    json_decref(object);
    mud_error_clear(&bad);
    mud_buf_free(&json);
}

/* ---- parts of a message ---- */

static void reply(struct mud_post *post, const struct mud_page *page,
                  uint32_t message, struct mud_arena *arena)
{
    uint32_t node = part(page, message, "tgme_widget_message_reply");
    struct mud_str chat;
    if (node == MUD_NO_NODE)
        return;
    (void)mud_chat_tme_url(
        mud_chat_href(page, node, arena), &chat, &post->reply_to);
    struct mud_quote *quote = mud_arena_array(arena, 1, sizeof(*quote));
    quote->author = mud_chat_node_text(
        page, part(page, node, "tgme_widget_message_author_name"), arena);
    quote->post = post->reply_to;
    quote->text = mud_chat_node_text(
        page, part(page, node, "js-message_reply_text"), arena);
    post->quotes = quote;
    post->n_quotes = quote->text.n > 0;
}

static void forward(struct mud_post *post, const struct mud_page *page,
                    uint32_t message, struct mud_arena *arena)
{
    uint32_t node =
        part(page, message, "tgme_widget_message_forwarded_from_name");
    if (node == MUD_NO_NODE)
        return;
    post->forwarded = true;
    post->forward.from = mud_chat_node_text(page, node, arena);
    /* A concealed author is a name without an address. */
    (void)mud_chat_tme_url(mud_chat_href(page, node, arena),
                           &post->forward.chat,
                           &post->forward.post);
}

static void words(struct mud_post *post, const struct mud_page *page,
                  uint32_t message, struct mud_arena *arena)
{
    struct mud_chat_list links = {0};
    struct mud_buf out = {.max = (size_t)1 << 20};
    uint32_t text = part(page, message, "js-message_text");
    uint32_t poll = part(page, message, "tgme_widget_message_poll_question");
    uint32_t end = page->nodes[message].end;
    mud_buf_str(&out, mud_chat_node_text(page, text, arena));
    for (uint32_t i = text; text != MUD_NO_NODE && i < page->nodes[text].end;
         i++)
        if (mud_str_eqz(page->nodes[i].tag, "a"))
            mud_chat_list_add(&links, mud_chat_href(page, i, arena), arena);
    uint32_t preview = part(page, message, "tgme_widget_message_link_preview");
    if (preview != MUD_NO_NODE && !links.n)
        mud_chat_list_add(&links, mud_chat_href(page, preview, arena), arena);
    for (uint32_t i = poll; i != MUD_NO_NODE;
         i = mud_chat_class(
             page, i + 1, end, "tgme_widget_message_poll_option_text")) {
        if (out.n)
            mud_buf_c(&out, '\n');
        mud_buf_str(&out, mud_chat_node_text(page, i, arena));
    }
    post->body = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    post->links = links.items;
    post->n_links = links.n;
}

/* What stands between two marks, the first at or behind *from. */
static struct mud_str between(struct mud_str html, size_t *from,
                              struct mud_str open, struct mud_str close)
{
    struct mud_str rest = mud_str_sub(html, *from, html.n);
    size_t at = mud_str_find(rest, open);
    if (at == MUD_NPOS)
        return (struct mud_str){0};
    rest = mud_str_sub(rest, at + open.n, rest.n);
    size_t end = mud_str_find(rest, close);
    if (end == MUD_NPOS)
        return (struct mud_str){0};
    *from = (size_t)(rest.s - html.s) + end;
    return mud_str_sub(rest, 0, end);
}

static void media(struct mud_post *post, const struct mud_chat_block *b,
                  uint32_t message)
{
    static const struct {
        const char *class, *kind;
    } rows[] = {{"tgme_widget_message_video_player", "video"},
                {"tgme_widget_message_roundvideo_player", "video"},
                {"tgme_widget_message_voice_player", "voice"},
                {"tgme_widget_message_sticker_wrap", "sticker"},
                {"tgme_widget_message_location_wrap", "location"}};

    struct mud_chat_list images = {0}, files = {0};
    struct mud_str tag;
    size_t at = 0;
    /* The prefilter drops styles, in which pictures have their addresses. */
    while (images.n < MUD_CHAT_LIST_MAX &&
           (tag = between(b->html,
                          &at,
                          MUD_STR("tgme_widget_message_photo_wrap"),
                          MUD_STR(">")))
               .s) {
        size_t in = 0;
        mud_chat_list_add(
            &images,
            mud_str_dup(between(tag, &in, MUD_STR("image:url('"), MUD_STR("'")),
                        b->arena),
            b->arena);
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (part(&b->page, message, rows[i].class) != MUD_NO_NODE)
            mud_chat_list_add(&files, mud_str_z(rows[i].kind), b->arena);
    uint32_t end = b->page.nodes[message].end;
    for (uint32_t i = message;
         (i = mud_chat_class(
              &b->page, i + 1, end, "tgme_widget_message_document_title")) !=
         MUD_NO_NODE;)
        mud_chat_list_add(
            &files, mud_chat_node_text(&b->page, i, b->arena), b->arena);
    if (!files.n && !images.n &&
        part(&b->page, message, "message_media_not_supported") != MUD_NO_NODE)
        mud_chat_list_add(&files, MUD_STR("unsupported"), b->arena);
    post->images = images.items;
    post->n_images = images.n;
    post->attachments = files.items;
    post->n_attachments = files.n;
}

/* "1.5K" to 1500; as exact as the page is. */
static uint32_t amount(struct mud_str s)
{
    uint64_t whole = 0, tenths = 0, scale = 10;
    size_t i = 0;
    for (; i < s.n && s.s[i] >= '0' && s.s[i] <= '9' && whole < 100000000; i++)
        whole = whole * 10 + (uint64_t)(s.s[i] - '0');
    if (i + 1 < s.n && s.s[i] == '.' && s.s[i + 1] >= '0' &&
        s.s[i + 1] <= '9') {
        tenths = (uint64_t)(s.s[i + 1] - '0');
        i += 2;
    }
    if (i < s.n && s.s[i] == 'K')
        scale = 10000;
    else if (i < s.n && s.s[i] == 'M')
        scale = 10000000;
    whole = (whole * 10 + tenths) * scale / 100;
    return whole > UINT32_MAX ? UINT32_MAX : (uint32_t)whole;
}

/* "👍12"; custom ones have no character but a number of their own. */
static void reactions(struct mud_post *post, const struct mud_chat_block *b,
                      uint32_t message)
{
    struct mud_reaction *list = NULL;
    size_t n = 0, cap = 0, custom = 0;
    uint32_t end = b->page.nodes[message].end, at = message;
    size_t begin =
        mud_str_find(b->html, MUD_STR("tgme_widget_message_reactions"));
    custom = begin == MUD_NPOS ? b->html.n : begin;
    while (n < MUD_CHAT_LIST_MAX &&
           (at = mud_chat_class(&b->page, at + 1, end, "tgme_reaction")) !=
               MUD_NO_NODE) {
        struct mud_str text = mud_chat_node_text(&b->page, at, b->arena);
        size_t sign = 0;
        while (sign < text.n && (text.s[sign] < '0' || text.s[sign] > '9'))
            sign++;
        struct mud_reaction one = {mud_str_trim(mud_str_sub(text, 0, sign)),
                                   amount(mud_str_sub(text, sign, text.n))};
        if (!one.sign.n) {
            struct mud_str id = between(
                b->html, &custom, MUD_STR("emoji-id=\""), MUD_STR("\""));
            one.sign = mud_str_printf(b->arena, "custom:%.*s", MUD_FMT(id));
        }
        list = mud_arena_grow(b->arena, list, &cap, n, sizeof(*list));
        list[n++] = one;
    }
    post->reactions = list;
    post->n_reactions = n;
}

static void buttons(struct mud_post *post, const struct mud_page *page,
                    uint32_t message, struct mud_arena *arena)
{
    struct mud_chat_list list = {0};
    uint32_t end = page->nodes[message].end;
    for (uint32_t i = message;
         (i = mud_chat_class(
              page, i + 1, end, "tgme_widget_message_inline_button")) !=
         MUD_NO_NODE;) {
        mud_chat_list_add(&list, mud_chat_node_text(page, i, arena), arena);
        mud_chat_list_add(&list, mud_chat_href(page, i, arena), arena);
    }
    post->buttons = list.items;
    post->n_buttons = list.n;
}

static void author(struct reader *r, struct mud_post *post,
                   const struct mud_page *page, uint32_t message,
                   struct mud_arena *arena)
{
    uint32_t name = part(page, message, "tgme_widget_message_owner_name");
    uint32_t answer = part(page, message, "tgme_widget_message_reply");
    uint32_t user = part(page, message, "tgme_widget_message_author_name");
    struct mud_str none;
    if (name == MUD_NO_NODE && user != MUD_NO_NODE &&
        (answer == MUD_NO_NODE || user < answer ||
         user >= page->nodes[answer].end)) {
        post->author = mud_chat_node_text(page, user, arena);
        (void)mud_chat_tme_url(
            mud_chat_href(page, user, arena), &post->author_handle, &none);
        return; /* a member of a group */
    }
    post->author = name == MUD_NO_NODE ? mud_str_z(r->title)
                                       : mud_chat_node_text(page, name, arena);
    post->author_handle = post->thread;
    if (r->id[0])
        post->author_id = mud_str_printf(arena, "channel%s", r->id);
}

static void service(struct mud_post *post)
{
    static const struct {
        const char *says, *action;
    } rows[] = {{" pinned ", "pin_message"},
                {"Channel created", "create_channel"},
                {"Channel name was changed", "edit_group_title"},
                {"Channel photo updated", "edit_group_photo"},
                {"Channel photo removed", "delete_group_photo"},
                {"Live stream", "group_call"}};

    post->service = MUD_STR("service");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_str_find(post->body, mud_str_z(rows[i].says)) != MUD_NPOS)
            post->service = mud_str_z(rows[i].action);
}

static bool emit(struct reader *r, const struct mud_chat_block *b,
                 uint32_t message, struct mud_str name, struct mud_str id,
                 struct mud_error *err)
{
    const struct mud_page *page = &b->page;
    struct mud_post post = {
        .engine = MUD_STR("telegram"),
        .thread = name,
        .thread_title = mud_str_z(r->title),
        .post = id,
        .url = mud_str_printf(
            b->arena, "https://t.me/%.*s/%.*s", MUD_FMT(name), MUD_FMT(id)),
        .where = b->at,
    };
    uint32_t date = part(page, message, "tgme_widget_message_date");
    uint32_t time =
        date == MUD_NO_NODE
            ? MUD_NO_NODE
            : mud_chat_tag(page, date, page->nodes[date].end, "time");
    if (time != MUD_NO_NODE &&
        mud_time_parse(mud_node_attr(&page->nodes[time], "datetime"),
                       &post.posted))
        post.posted_precision = MUD_TO_SECOND;
    uint32_t signed_by = part(page, message, "tgme_widget_message_from_author");
    if (signed_by != MUD_NO_NODE)
        post.signature = mud_chat_node_text(page, signed_by, b->arena);
    author(r, &post, page, message, b->arena);
    post.site = post.thread = r->id[0] ? mud_str_z(r->id) : name;
    reply(&post, page, message, b->arena);
    forward(&post, page, message, b->arena);
    words(&post, page, message, b->arena);
    media(&post, b, message);
    reactions(&post, b, message);
    buttons(&post, page, message, b->arena);
    if (mud_word_in(mud_node_attr(&page->nodes[message], "class"),
                    MUD_STR("service_message")))
        service(&post);
    if (!post.body.n && !post.n_images && !post.n_attachments)
        post.state = MUD_POST_EMPTY;
    return r->sink->post(&post, r->sink->payload, err);
}

/* Name of the channel, and where the page before this one is. */
static void page_head(struct reader *r, const struct mud_chat_block *b)
{
    const struct mud_page *page = &b->page;
    uint32_t title =
        mud_chat_class(page, 0, page->n, "tgme_channel_info_header_title");
    uint32_t more = mud_chat_class(page, 0, page->n, "tme_messages_more");
    keep(r->title, sizeof(r->title), mud_chat_node_text(page, title, b->arena));
    if (more == MUD_NO_NODE)
        return;
    uint64_t number;
    struct mud_str before = mud_node_attr(&page->nodes[more], "data-before");
    if (mud_str_u64(before, &number))
        mud_buf_str(&r->before, before);
}

static bool block(const struct mud_chat_block *b, void *payload,
                  struct mud_error *err)
{
    struct reader *r = payload;
    const struct mud_page *page = &b->page;
    struct mud_str name, id;
    uint64_t number;
    if (b->head) {
        page_head(r, b);
        return true;
    }
    uint32_t node = mud_chat_class(page, 0, page->n, "tgme_widget_message");
    if (node == MUD_NO_NODE)
        return true;
    id = mud_node_attr(&page->nodes[node], "data-post");
    if (!mud_str_cut(&id, '/', &name) || !name.n || !mud_str_u64(id, &number))
        return mud_chat_note(r->sink,
                             "warning",
                             "no-id",
                             b->at.start,
                             MUD_STR("a message without an id is set aside"),
                             err);
    channel_id(r, mud_node_attr(&page->nodes[node], "data-view"), b->arena);
    mud_buf_clear(&r->name);
    mud_buf_str(&r->name, name);
    return emit(r, b, node, name, id, err);
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    return mud_str_find(head, MUD_STR("<div class=\"tgme_widget_message ")) !=
           MUD_NPOS;
}

static bool read_to(struct reader *r, const struct mud_bytes_in *bytes,
                    struct mud_error *err)
{
    const struct mud_chat_html html = {
        .mark = MUD_STR("<div class=\"tgme_widget_message "),
        .block = block,
        .sink = r->sink,
        .payload = r,
    };
    return mud_chat_unverified(r->sink, err) &&
           mud_chat_html_read(&html, bytes, err);
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader r = {
        .sink = sink, .before = {.max = 32}, .name = {.max = 64}};
    bool ok = read_to(&r, &in->bytes, err);
    mud_buf_free(&r.before);
    mud_buf_free(&r.name);
    return ok;
}

const struct mud_chat_format mud_chat_tme = {"tme-s", is, read};

/* ---- as a page ---- */

struct onto { /* what a page gives */
    struct mud_parsed *out;
    struct mud_notes *notes;
    struct mud_str left; /* of the page's bytes */
    struct mud_buf line;
    struct mud_post *posts;
    size_t n, cap;
};

static bool take(void *payload, void *bytes, size_t size, size_t *n,
                 struct mud_error *err)
{
    struct onto *to = payload;
    (void)err;
    *n = to->left.n < size ? to->left.n : size;
    if (*n)
        memcpy(bytes, to->left.s, *n);
    to->left = mud_str_sub(to->left, *n, to->left.n);
    return true;
}

/* A post outlives its block: it goes through its record. */
static bool keep_post(const struct mud_post *post, void *payload,
                      struct mud_error *err)
{
    struct onto *to = payload;
    struct mud_arena *arena = to->notes->arena;
    if (to->n >= MUD_POSTS_MAX)
        return true;
    mud_buf_clear(&to->line);
    mud_record_post(&to->line, post, (struct mud_str){0});
    to->posts =
        mud_arena_grow(arena, to->posts, &to->cap, to->n, sizeof(*to->posts));
    if (!mud_record_read_post(
            &to->posts[to->n], mud_buf_view(&to->line), arena, err))
        return false;
    to->posts[to->n++].page_url = to->out->url;
    return true;
}

static bool keep_note(const struct mud_note *note, void *payload,
                      struct mud_error *err)
{
    struct onto *to = payload;
    (void)err;
    mud_notes_add(to->notes,
                  note->severity,
                  note->code,
                  note->byte,
                  "%.*s",
                  MUD_FMT(note->text));
    return true;
}

static void link_back(struct mud_parsed *out, const struct reader *r,
                      struct mud_arena *arena)
{
    struct mud_str name = mud_str_dup(mud_buf_view(&r->name), arena);
    struct mud_str before = mud_buf_view(&r->before);
    if (!name.n || !before.n)
        return;
    struct mud_page_link *link = mud_arena_array(arena, 1, sizeof(*link));
    *link = (struct mud_page_link){
        .url = mud_str_printf(arena,
                              "https://t.me/s/%.*s?before=%.*s",
                              MUD_FMT(name),
                              MUD_FMT(before)),
        .kind = MUD_PAGE_THREAD,
        .thread = name,
        .replies = -1,
        .key = mud_str_printf(
            arena, "thread/%.*s/%.*s", MUD_FMT(name), MUD_FMT(before)),
    };
    out->links = link;
    out->n_links = 1;
}

bool mud_chat_tme_page(struct mud_parsed *out, struct mud_str html,
                       struct mud_notes *notes, struct mud_error *err)
{
    struct onto to = {.out = out, .notes = notes, .left = html};
    const struct mud_chat_sink sink = {keep_post, keep_note, &to, NULL};
    const struct mud_bytes_in bytes = {take, &to};
    struct reader r = {
        .sink = &sink, .before = {.max = 32}, .name = {.max = 64}};
    if (!is(html, out->url))
        return true;
    bool ok = read_to(&r, &bytes, err);
    out->kind = MUD_PAGE_CHAT;
    out->engine = MUD_STR("telegram");
    out->title = mud_str_dup(mud_str_z(r.title), notes->arena);
    out->thread = to.n ? to.posts[0].thread : (struct mud_str){0};
    out->posts = to.posts;
    out->n_posts = to.n;
    link_back(out, &r, notes->arena);
    mud_buf_free(&to.line);
    mud_buf_free(&r.before);
    mud_buf_free(&r.name);
    return ok;
}
