/*
 * <div class="message default clearfix" id="message24">: author, time as
 * title="04.03.2024 09:35:43 UTC+08:00" (older exports without the zone), text,
 * media, reply, forward. "joined" ones are by the author of the one before.
 * "message service" ones are a day ("4 March 2024", id below 0) or an action
 * without a time of its own. A file holds 1,000 messages; each begins anew.
 * The chat has no id here, authors have none, edits are not marked. Structure:
 * export_output_html.cpp of Telegram Desktop; verified against real exports;
 * samples are made up (samples/parse/telegram-html).
 */
#include "parse/chat_telegram_html.h"

#include "base/time.h"
#include "base/utf8.h"
#include "parse/chat_html.h"
#include "parse/chat_kit.h"
#include "parse/chat_telegram_html_parts.h"

#define NAME_MAX_BYTES 512

struct reader {
    const struct mud_chat_sink *sink;
    const struct mud_chat_in *in;
    struct mud_zone *zone; /* for times without one; NULL until it is needed */
    char chat[NAME_MAX_BYTES], author[NAME_MAX_BYTES]; /* NUL-ended */
    int64_t day; /* us: of the last line with a date, or of a message */
};

/* Exports of before 2020 have no zone beside the time. */
static bool need_zone(struct reader *r, struct mud_str time,
                      struct mud_error *err)
{
    return r->zone || !time.n ||
           mud_str_find(time, MUD_STR("UTC")) != MUD_NPOS ||
           mud_chat_zone(&r->zone, r->in, r->sink, err);
}

static bool emit(struct reader *r, const struct mud_chat_block *b,
                 struct mud_post *post, struct mud_error *err)
{
    const char *chat = r->chat[0] ? r->chat : "?";
    post->engine = MUD_STR("telegram");
    post->site = post->thread = mud_str_z(chat);
    post->thread_title = mud_str_z(r->chat);
    post->where = b->at;
    if (!post->body.n && !post->n_images && !post->n_attachments)
        post->state = MUD_POST_EMPTY;
    return r->sink->post(post, r->sink->payload, err);
}

/* "4 March 2024" */
static int64_t day_of(struct mud_str text)
{
    static const char *const months[] = {"January",
                                         "February",
                                         "March",
                                         "April",
                                         "May",
                                         "June",
                                         "July",
                                         "August",
                                         "September",
                                         "October",
                                         "November",
                                         "December"};
    struct mud_str parts[3] = {{0}};
    struct mud_civil day = {0};
    uint64_t d, y;
    for (int i = 0; i < 3; i++)
        if (!mud_str_cut(&text, ' ', &parts[i]))
            return 0;
    for (int i = 0; i < 12; i++)
        if (mud_str_ieq(parts[1], mud_str_z(months[i])))
            day.month = i + 1;
    if (text.n || !mud_str_u64(parts[0], &d) || !mud_str_u64(parts[2], &y) ||
        d > 31 || y < 1970 || y > 9999)
        return 0;
    day.day = (int)d;
    day.year = (int)y;
    return mud_civil_valid(&day) ? mud_civil_to_unix(&day) * MUD_SECOND : 0;
}

static bool service(struct reader *r, const struct mud_chat_block *b,
                    uint32_t message, struct mud_str id, struct mud_error *err)
{
    const struct mud_page *page = &b->page;
    uint32_t end = page->nodes[message].end;
    uint32_t details = mud_chat_class(page, message, end, "details");
    struct mud_post post = {.post = id};
    struct mud_str text = mud_chat_node_text(page, details, b->arena);
    int64_t day = day_of(text);
    r->author[0] = '\0';
    if (day)
        r->day = day;
    if (day || mud_str_starts(id, MUD_STR("-")))
        return true;
    post.posted = r->day;
    post.posted_precision = r->day ? MUD_TO_DAY : MUD_UNKNOWN_TIME;
    mud_chat_telegram_service(&post, text, b->arena);
    uint32_t link = details == MUD_NO_NODE
                        ? MUD_NO_NODE
                        : mud_chat_tag(page, details, end, "a");
    if (link != MUD_NO_NODE)
        post.reply_to = mud_chat_telegram_goto(&page->nodes[link], b->arena);
    post.body = text;
    return emit(r, b, &post, err);
}

static bool message(struct reader *r, const struct mud_chat_block *b,
                    uint32_t node, struct mud_str id, bool joined,
                    struct mud_error *err)
{
    const struct mud_page *page = &b->page;
    uint32_t end = page->nodes[node].end;
    uint32_t date = mud_chat_class(page, node, end, "date");
    struct mud_post post = {.post = id};
    struct mud_str time = {0};
    if (date != MUD_NO_NODE)
        time = mud_node_attr(&page->nodes[date], "title");
    if (!need_zone(r, time, err))
        return false;
    post.posted = mud_chat_telegram_time(time, r->zone, &post.posted_precision);
    if (post.posted)
        r->day = post.posted - post.posted % (86400 * MUD_SECOND);
    struct mud_str author =
        mud_chat_telegram_parts(&post, page, node, r->zone, b->arena);
    if (author.n || !joined)
        mud_chat_keep(r->author, NAME_MAX_BYTES, author);
    post.author = mud_str_z(r->author);
    return emit(r, b, &post, err);
}

static bool block(const struct mud_chat_block *b, void *payload,
                  struct mud_error *err)
{
    struct reader *r = payload;
    const struct mud_page *page = &b->page;
    if (b->head) {
        uint32_t head = mud_chat_class(page, 0, page->n, "page_header");
        if (head == MUD_NO_NODE)
            return true;
        mud_chat_keep(
            r->chat,
            NAME_MAX_BYTES,
            mud_chat_node_text(
                page,
                mud_chat_class(page, head, page->nodes[head].end, "bold"),
                b->arena));
        return true;
    }
    uint32_t node = mud_chat_class(page, 0, page->n, "message");
    if (node == MUD_NO_NODE)
        return true;
    struct mud_str id = mud_node_attr(&page->nodes[node], "id");
    struct mud_str class = mud_node_attr(&page->nodes[node], "class");
    int64_t number;
    id = mud_str_starts(id, MUD_STR("message")) ? mud_str_sub(id, 7, id.n)
                                                : (struct mud_str){0};
    if (!mud_str_i64(id, &number))
        return mud_chat_note(r->sink,
                             "warning",
                             "no-id",
                             b->at.start,
                             MUD_STR("a message without an id is set aside"),
                             err);
    if (mud_word_in(class, MUD_STR("service")))
        return service(r, b, node, id, err);
    bool joined = mud_word_in(class, MUD_STR("joined"));
    return message(r, b, node, id, joined, err);
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    return mud_str_find(head, MUD_STR("chat_page")) != MUD_NPOS &&
           mud_str_find(head, MUD_STR("page_header")) != MUD_NPOS &&
           mud_str_find(head, MUD_STR("class=\"history\"")) != MUD_NPOS;
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader r = {.in = in, .sink = sink};
    const struct mud_chat_html html = {
        .mark = MUD_STR("<div class=\"message "),
        .block = block,
        .sink = sink,
        .payload = &r,
    };
    bool ok = mud_chat_html_read(&html, &in->bytes, err);
    mud_zone_free(r.zone);
    return ok;
}

const struct mud_chat_format mud_chat_telegram_html = {"telegram-html",
                                                       is,
                                                       read};
