/*
 * A MIME message whose first part is one HTML table, a row a message:
 *     <tr><td>...消息对象:NAME                          whose rows follow
 *     <tr><td ...>日期: 2012/4/11                       day of what follows
 *     <tr><td><div><div>NICK(NUMBER)</div>12:34:43</div><div>TEXT</div>
 * and whose other parts are pictures, named as in <IMG src="{GUID}.dat">. The
 * MIME header lacks a ";", so that MIME readers find no parts in it; nothing in
 * it is needed here: rows are found by their markup, and behind </html> there
 * are pictures only. Times are the exporter's wall clock; ids do not exist and
 * are made as for the text export, in which a picture is "[图片]". Structure
 * as described in public; the sample is made up (samples/parse/qq).
 */
#include "parse/chat_qq_mht.h"

#include "parse/chat_html.h"
#include "parse/chat_kit.h"
#include "parse/chat_qq_txt.h"
#include "parse/flow.h"

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_zone *zone;
    struct mud_chat_ids ids;
    struct mud_buf chat;
    struct mud_civil day;
    bool no_day_said;
};

/* "2012/4/11" or with "-". */
static bool date(struct mud_str s, struct mud_civil *day)
{
    int parts[3] = {0};
    size_t i = 0;
    for (int k = 0; k < 3; k++) {
        size_t from = i;
        while (i < s.n && i < from + 4 && s.s[i] >= '0' && s.s[i] <= '9')
            parts[k] = parts[k] * 10 + (s.s[i++] - '0');
        if (i == from)
            return false;
        if (k < 2 && (i >= s.n || (s.s[i] != '/' && s.s[i] != '-')))
            return false;
        i += k < 2;
    }
    *day = (struct mud_civil){
        .year = parts[0], .month = parts[1], .day = parts[2]};
    return day->year >= 1990 && mud_civil_valid(day);
}

/* A row without a message: a name, a day, or nothing of use. */
static void heading(struct reader *r, struct mud_str text)
{
    static const char chat[] = "消息对象:";
    static const char day[] = "日期:";
    text = mud_str_trim(text);
    if (mud_str_starts(text, mud_str_z(chat))) {
        mud_buf_clear(&r->chat);
        r->chat.over = false;
        mud_buf_str(&r->chat,
                    mud_str_trim(mud_str_sub(text, sizeof(chat) - 1, text.n)));
        r->day = (struct mud_civil){0};
    } else if (mud_str_starts(text, mud_str_z(day))) {
        struct mud_civil at;
        if (date(mud_str_trim(mud_str_sub(text, sizeof(day) - 1, text.n)), &at))
            r->day = at;
    }
}

/* What it says, with "[图片]" where a picture stands. */
static void body(struct mud_post *post, const struct mud_page *page,
                 uint32_t from, uint32_t end, struct mud_arena *arena)
{
    static const struct mud_node picture = {
        .text = {"[图片]", sizeof("[图片]") - 1}};

    struct mud_chat_list images = {0}, links = {0};
    struct mud_flow flow = {0};
    for (uint32_t i = from; i < end; i++) {
        const struct mud_node *node = &page->nodes[i];
        bool image = mud_str_eqz(node->tag, "img");
        mud_flow_close(&flow, i);
        mud_flow_node(&flow, image ? &picture : node, false, false);
        if (image)
            mud_chat_list_add(
                &images, mud_str_dup(mud_node_attr(node, "src"), arena), arena);
    }
    post->body = mud_flow_end(&flow, false, arena);
    mud_chat_links(&links, post->body, arena);
    post->images = images.items;
    post->n_images = images.n;
    post->links = links.items;
    post->n_links = links.n;
}

static bool no_day(struct reader *r, uint64_t at, struct mud_error *err)
{
    if (r->no_day_said)
        return true;
    r->no_day_said = true;
    return mud_chat_note(r->sink,
                         "warning",
                         "no-day",
                         at,
                         MUD_STR("a message stands before the first day"),
                         err);
}

/* head: the div with the author's div in it. */
static bool message(struct reader *r, const struct mud_chat_block *b,
                    uint32_t head, uint32_t name, struct mud_civil time,
                    struct mud_error *err)
{
    const struct mud_page *page = &b->page;
    struct mud_str chat = mud_buf_view(&r->chat);
    struct mud_post post = {
        .engine = MUD_STR("qq"),
        .site = chat.n ? chat : MUD_STR("?"),
        .thread = chat.n ? chat : MUD_STR("?"),
        .thread_title = chat,
        .where = b->at,
    };
    if (r->day.year) {
        time.year = r->day.year;
        time.month = r->day.month;
        time.day = r->day.day;
        post.posted = mud_zone_to_unix(r->zone, &time) * MUD_SECOND;
        post.posted_precision = MUD_TO_SECOND;
    } else if (!no_day(r, b->at.start, err)) {
        return false;
    }
    uint32_t text = mud_chat_tag(page, page->nodes[head].end, page->n, "div");
    if (text != MUD_NO_NODE)
        body(&post, page, text, page->nodes[text].end, b->arena);
    (void)mud_chat_qq_author(
        &post, mud_chat_node_text(page, name, b->arena), b->arena);
    if (!post.body.n && !post.n_images)
        post.state = MUD_POST_EMPTY;
    post.post = mud_chat_ids_next(&r->ids, &post, b->arena);
    return r->sink->post(&post, r->sink->payload, err);
}

static bool row(const struct mud_chat_block *b, void *payload,
                struct mud_error *err)
{
    struct reader *r = payload;
    const struct mud_page *page = &b->page;
    struct mud_civil time = {.year = 2000, .month = 1, .day = 1};
    if (b->head) {
        if (mud_str_ifind(b->html, MUD_STR("quoted-printable")) == MUD_NPOS)
            return true;
        return mud_chat_note(r->sink,
                             "error",
                             "encoded",
                             b->at.start,
                             MUD_STR("the part with the messages is encoded: "
                                     "save it anew as it is"),
                             err);
    }
    uint32_t head = mud_chat_tag(page, 0, page->n, "div");
    uint32_t end = head == MUD_NO_NODE ? 0 : page->nodes[head].end;
    uint32_t name = mud_chat_tag(page, head + 1, end, "div");
    if (head == MUD_NO_NODE || name == MUD_NO_NODE) {
        heading(r, mud_chat_range_text(page, 0, page->n, b->arena));
        return true;
    }
    struct mud_str clock = mud_str_trim(
        mud_chat_range_text(page, page->nodes[name].end, end, b->arena));
    if (mud_chat_qq_clock(&clock, &time) && mud_civil_valid(&time))
        return message(r, b, head, name, time, err);
    return mud_chat_note(r->sink,
                         "warning",
                         "bad-message",
                         b->at.start,
                         MUD_STR("a row without a clock is set aside"),
                         err);
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    return mud_str_find(head, MUD_STR("Tencent MsgMgr")) != MUD_NPOS ||
           (mud_str_find(head, MUD_STR("Tencent IM Message")) != MUD_NPOS &&
            mud_str_ifind(head, MUD_STR("multipart/related")) != MUD_NPOS);
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader r = {.sink = sink, .chat = {.max = 1024}};
    const struct mud_chat_html html = {
        .mark = MUD_STR("<tr><td"),
        .stop = MUD_STR("</html>"),
        .block = row,
        .sink = sink,
        .payload = &r,
    };
    bool ok = mud_chat_unverified(sink, err) &&
              mud_chat_zone(&r.zone, in, sink, err) &&
              mud_chat_html_read(&html, &in->bytes, err);
    mud_zone_free(r.zone);
    mud_chat_ids_free(&r.ids);
    mud_buf_free(&r.chat);
    return ok;
}

const struct mud_chat_format mud_chat_qq_mht = {"qq-mht", is, read};
