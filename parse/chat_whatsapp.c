/*
 * WhatsApp's "export chat": text in the locale of the phone (the forms of the
 * head line: whatsapp_head.h). It has no ids, no replies and no zone; 12/9 is
 * September or December by what the rest of the file says: a number above 12,
 * else the order in which the days do not run backwards, else the sign between
 * them and the clock of twelve hours, and then a note says that it is a guess.
 * What lies before the first proof is kept (LOOK_MAX at most) and read then.
 * The name of the chat is that of the file. Facts: exports as described by
 * their readers (ChatLab, whatsapp-chat-parser) and WhatsApp's strings; verified
 * against some 470 real exports in 25 locales; the samples are made up.
 */
#include "parse/chat_whatsapp.h"

#include "parse/chat_kit.h"
#include "parse/chat_lines.h"
#include "parse/whatsapp_head.h"

#include <stdlib.h>

#define BODY_MAX ((size_t)1 << 20)
#define LOOK_MAX ((size_t)4 << 20) /* bytes looked at for the order of dates */

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_chat_lines *lines;
    struct mud_arena *arena; /* of one message */
    struct mud_zone *zone;
    struct mud_chat_ids ids;
    struct mud_str chat, title; /* in `all` */
    struct mud_arena *all;
    enum mud_whatsapp_order order;
    int style;   /* of all heads */
    bool turned; /* the order was put right once */
    bool no_year_said;
    struct mud_whatsapp_head head;
    struct mud_civil time;
    struct mud_buf name, body;
    bool open;
    uint64_t start, end, notes;

    struct mud_buf kept; /* lines looked at */
    struct mud_range *at;
    size_t n_at, cap_at;
};

/* ---- the order of dates ---- */

/* What speaks for day first and for month first. */
struct evidence {
    bool any, year_first, day_first, month_first; /* proofs */
    uint64_t back[4];                             /* steps back in time */
    int64_t last[4];
    bool dots, twelve;
    size_t heads;
};

static void weigh(struct evidence *e, const struct mud_whatsapp_head *h)
{
    if (h->named)
        return;
    e->any = true;
    e->dots = e->dots || h->sign == '.';
    e->twelve = e->twelve || h->twelve;
    if (h->year_first) {
        e->year_first = true;
        return;
    }
    if (h->date[0] > 31 && h->date[1] <= 12)
        e->year_first = true;
    else if (h->date[0] > 12 && h->date[1] <= 12)
        e->day_first = true;
    else if (h->date[1] > 12 && h->date[0] <= 12)
        e->month_first = true;
    for (int order = MUD_WHATSAPP_DMY; order <= MUD_WHATSAPP_MDY; order++) {
        struct mud_civil time;
        if (!mud_whatsapp_date(h, (enum mud_whatsapp_order)order, &time)) {
            e->back[order]++;
            continue;
        }
        int64_t at = mud_civil_to_unix(&time);
        e->back[order] += at < e->last[order];
        e->last[order] = at;
    }
}

static enum mud_whatsapp_order proven(const struct evidence *e)
{
    if (e->year_first)
        return MUD_WHATSAPP_YMD;
    if (e->day_first && !e->month_first)
        return MUD_WHATSAPP_DMY;
    if (e->month_first && !e->day_first)
        return MUD_WHATSAPP_MDY;
    if (e->back[MUD_WHATSAPP_DMY] != e->back[MUD_WHATSAPP_MDY])
        return e->back[MUD_WHATSAPP_DMY] < e->back[MUD_WHATSAPP_MDY]
                   ? MUD_WHATSAPP_DMY
                   : MUD_WHATSAPP_MDY;
    return MUD_WHATSAPP_UNKNOWN;
}

static void keep(struct reader *r, const struct mud_chat_line *line)
{
    r->at = mud_grow(r->at, &r->cap_at, r->n_at, sizeof(*r->at));
    r->at[r->n_at++] = line->at;
    mud_buf_str(&r->kept, line->text);
    mud_buf_c(&r->kept, '\n');
}

/* Reads ahead until the order is plain. *more false: the file has ended. */
static bool look_ahead(struct reader *r, bool *more, struct mud_error *err)
{
    struct evidence e = {0};
    struct mud_whatsapp_head head;
    struct mud_chat_line line;
    *more = true;
    while (r->kept.n < LOOK_MAX && !e.year_first && !e.day_first &&
           !e.month_first) {
        if (!mud_chat_lines_next(r->lines, &line, more, err))
            return false;
        if (!*more)
            break;
        keep(r, &line);
        if (!mud_whatsapp_head(line.text, &head))
            continue;
        if (!e.heads++)
            r->style = head.style;
        if (head.style == r->style)
            weigh(&e, &head);
    }
    r->order = proven(&e);
    if (r->order || !e.any)
        return true;
    r->order = e.twelve && !e.dots ? MUD_WHATSAPP_MDY : MUD_WHATSAPP_DMY;
    return mud_chat_note(r->sink,
                         "warning",
                         "date-order-guessed",
                         0,
                         MUD_STR("nothing in the export tells day from month"),
                         err);
}

/* ---- messages ---- */

static struct mud_str first_line(struct mud_str *rest)
{
    struct mud_str line = {0};
    (void)mud_str_line(rest, &line);
    return mud_whatsapp_bare(line);
}

static bool ends_with_mark(struct mud_str *line)
{
    /* In brackets behind a file's name: "(file attached)", "(文件附件)" */
    size_t at = mud_str_rchr(*line, '(');
    if (!line->n || line->s[line->n - 1] != ')' || at == MUD_NPOS || at < 3)
        return false;
    struct mud_str name = mud_whatsapp_bare(mud_str_sub(*line, 0, at));
    size_t dot = mud_str_rchr(name, '.');
    if (dot == MUD_NPOS || name.n - dot > 6 || name.n - dot < 3)
        return false;
    *line = name;
    return true;
}

/* "<Media omitted>", "<attached: a.jpg>", "image omitted": the file or what
 * stands for it; empty when the line is text. */
static struct mud_str left_out(struct mud_str line, bool marked)
{
    if (line.n > 2 && line.s[0] == '<' && line.s[line.n - 1] == '>' &&
        mud_str_chr(mud_str_sub(line, 1, line.n), '<') == MUD_NPOS) {
        struct mud_str inner = mud_str_sub(line, 1, line.n - 1);
        size_t colon = mud_str_find(inner, MUD_STR(": "));
        size_t wide = mud_str_find(inner, MUD_STR("："));
        if (colon != MUD_NPOS)
            return mud_str_trim(mud_str_sub(inner, colon + 2, inner.n));
        if (wide != MUD_NPOS)
            return mud_str_trim(mud_str_sub(inner, wide + 3, inner.n));
        return inner;
    }
    if (ends_with_mark(&line))
        return line;
    return marked && mud_whatsapp_omitted(line) ? line : (struct mud_str){0};
}

/* "<This message was edited>" behind the text. */
static struct mud_str without_edit_mark(struct mud_str body)
{
    static const char *const marks[] = {"<This message was edited>",
                                        "<已编辑此消息>",
                                        "<此消息已编辑>",
                                        "<此訊息已編輯>",
                                        "<Сообщение изменено>"};
    struct mud_str s = mud_whatsapp_bare(body);
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (mud_str_ends(s, mud_str_z(marks[i])))
            return mud_whatsapp_bare(mud_str_sub(s, 0, s.n - strlen(marks[i])));
    return body;
}

static bool marked(struct mud_str s)
{
    return mud_str_starts(s, MUD_STR("\xE2\x80\x8E")) ||
           mud_str_starts(s, MUD_STR("\xE2\x80\x8F"));
}

static void words(struct reader *r, struct mud_post *post, struct mud_str body)
{
    struct mud_chat_list links = {0}, images = {0}, files = {0};
    bool mark = marked(body);
    struct mud_str rest = body, first = first_line(&rest), file;
    if (mud_whatsapp_deleted(body)) {
        post->state = MUD_POST_DELETED;
        return;
    }
    /* The caption of a file may stand before the mark (iOS) or below it. */
    size_t at = mud_str_find(body, MUD_STR(" \xE2\x80\x8E<"));
    file = left_out(first, mark);
    if (!file.n && at != MUD_NPOS) {
        file = left_out(mud_whatsapp_bare(mud_str_sub(body, at, body.n)), true);
        rest = file.n ? mud_str_sub(body, 0, at) : rest;
    }
    if (mud_chat_is_image(file))
        mud_chat_list_add(&images, file, r->arena);
    else
        mud_chat_list_add(&files, file, r->arena);
    post->body = without_edit_mark(mud_whatsapp_bare(file.n ? rest : body));
    mud_chat_links(&links, post->body, r->arena);
    mud_chat_lists(post, &links, &images, &files);
    if (!post->body.n && !file.n)
        post->state = MUD_POST_EMPTY;
}

/* What WhatsApp says; false when somebody does. On iOS it speaks under the
 * name of the group or of who did something, with a mark before the text. */
static bool service(struct reader *r, struct mud_post *post,
                    struct mud_str name, struct mud_str body)
{
    struct mud_str text = mud_whatsapp_bare(body), who, whom;
    struct mud_chat_list members = {0};
    struct mud_str action = mud_whatsapp_service(text, &who, &whom);
    if (name.n && !marked(body))
        return false;
    if (name.n && mud_str_eqz(action, "system") && !mud_whatsapp_private(text))
        return false;
    post->service = action;
    post->author = who;
    post->body = text;
    mud_chat_list_add(&members,
                      whom.n && whom.s[whom.n - 1] == '.'
                          ? mud_str_sub(whom, 0, whom.n - 1)
                          : whom,
                      r->arena);
    post->members = members.items;
    post->n_members = members.n;
    return true;
}

/* Who is in nobody's address book stands there by the number. */
static struct mud_str number_of(struct reader *r, struct mud_str name)
{
    struct mud_buf out = {.max = 32};
    struct mud_str id = {0};
    bool digits = name.n > 8 && name.s[0] == '+';
    for (size_t i = 0; digits && i < name.n; i++) {
        unsigned char c = (unsigned char)name.s[i];
        if ((c >= '0' && c <= '9') || i == 0)
            mud_buf_c(&out, (char)c);
        else
            digits = strchr(" -()", c) || c >= 0x80;
    }
    if (digits && out.n > 7 && out.n < 18)
        id = mud_str_dup(mud_buf_view(&out), r->arena);
    mud_buf_free(&out);
    return id;
}

static bool close_message(struct reader *r, struct mud_error *err)
{
    if (!r->open)
        return true;
    r->open = false;
    mud_arena_reset(r->arena);
    struct mud_str name = mud_buf_view(&r->name);
    struct mud_str body = mud_buf_view(&r->body);
    struct mud_post post = {
        .engine = MUD_STR("whatsapp"),
        .site = r->chat,
        .thread = r->chat,
        .thread_title = r->title,
        .where = {r->start, r->end},
    };
    if (r->time.year) {
        post.posted = mud_zone_to_unix(r->zone, &r->time) * MUD_SECOND;
        post.posted_precision = r->head.seconds ? MUD_TO_SECOND : MUD_TO_MINUTE;
    }
    if (!service(r, &post, name, body)) {
        post.author = name.n > 1 && name.s[0] == '~'
                          ? mud_whatsapp_bare(mud_str_sub(name, 1, name.n))
                          : name;
        words(r, &post, body);
    }
    post.author_id = number_of(r, post.author);
    post.post = mud_chat_ids_next(&r->ids, &post, r->arena);
    return r->sink->post(&post, r->sink->payload, err);
}

/* The chat of a file without a name of its own is known by how it begins. */
static void name_chat(struct reader *r, struct mud_str line)
{
    if (r->chat.n)
        return;
    struct mud_id id = mud_id_of("whatsapp-chat", mud_whatsapp_bare(line));
    char hex[33];
    mud_hex(hex, id.b, 8);
    r->chat = mud_str_printf(r->all, "chat-%s", hex);
}

/* The year of a date that has none follows from the message before; of the
 * first ones it is not known. */
static bool year_of(const struct reader *r, struct mud_whatsapp_head *head,
                    struct mud_civil *time)
{
    if (head->no_year && r->time.year) {
        bool turned =
            head->date[1] < r->time.month ||
            (head->date[1] == r->time.month && head->date[0] < r->time.day);
        head->date[2] = r->time.year + turned;
        head->no_year = false;
    }
    return mud_whatsapp_date(head, MUD_WHATSAPP_DMY, time);
}

/* Does it begin a message, and when was that? */
static bool begins(struct reader *r, struct mud_str line,
                   struct mud_whatsapp_head *head, struct mud_civil *time,
                   bool *turned)
{
    enum mud_whatsapp_order other =
        r->order == MUD_WHATSAPP_DMY ? MUD_WHATSAPP_MDY : MUD_WHATSAPP_DMY;
    *turned = false;
    if (!mud_whatsapp_head(line, head) || head->style != r->style)
        return false;
    if (head->named)
        return year_of(r, head, time);
    if (mud_whatsapp_date(
            head, head->year_first ? MUD_WHATSAPP_YMD : r->order, time))
        return true;
    if (r->order == MUD_WHATSAPP_YMD || head->year_first ||
        !mud_whatsapp_date(head, other, time))
        return false;
    *turned = true;
    return true;
}

static bool one_line(struct reader *r, struct mud_str line, struct mud_range at,
                     struct mud_error *err)
{
    struct mud_whatsapp_head head;
    struct mud_civil time;
    bool turned;
    if (!begins(r, line, &head, &time, &turned)) {
        if (r->open) {
            mud_buf_c(&r->body, '\n');
            mud_buf_str(&r->body, line);
            r->end = at.end;
        }
        return true;
    }
    if (!close_message(r, err))
        return false;
    if (turned && !r->turned &&
        !mud_chat_note(r->sink,
                       "error",
                       "date-order",
                       at.start,
                       MUD_STR("a date fits only the other order of day and "
                               "month: dates before may be wrong"),
                       err))
        return false;
    r->turned = r->turned || turned;
    name_chat(r, line);
    if (head.no_year && !r->no_year_said &&
        !mud_chat_note(r->sink,
                       "warning",
                       "no-year",
                       at.start,
                       MUD_STR("dates without a year give no time"),
                       err))
        return false;
    r->no_year_said = r->no_year_said || head.no_year;
    r->open = true;
    r->head = head;
    r->time = head.no_year ? (struct mud_civil){0} : time;
    r->start = at.start;
    r->end = at.end;
    mud_buf_clear(&r->name);
    mud_buf_str(&r->name, head.name);
    mud_buf_clear(&r->body);
    r->body.over = false;
    mud_buf_str(&r->body, head.text);
    return true;
}

static bool read_all(struct reader *r, struct mud_error *err)
{
    struct mud_chat_line line;
    bool more, ok = look_ahead(r, &more, err);
    struct mud_str kept = mud_buf_view(&r->kept), one;
    for (size_t i = 0; ok && i < r->n_at && mud_str_cut(&kept, '\n', &one); i++)
        ok = one_line(r, one, r->at[i], err);
    while (ok && more) {
        ok = mud_chat_lines_next(r->lines, &line, &more, err);
        if (ok && more)
            ok = one_line(r, line.text, line.at, err);
    }
    return ok && close_message(r, err);
}

/* ---- the file ---- */

/* "WhatsApp Chat with NAME.txt" and the like; "_chat.txt" says nothing. */
static struct mud_str title_of(struct mud_str file)
{
    static const struct {
        const char *before, *behind;
    } rows[] = {
        {"WhatsApp Chat with ", ""},
        {"WhatsApp Chat - ", ""},
        {"WhatsApp-Chat mit ", ""},
        {"Chat de WhatsApp con ", ""},
        {"Chat WhatsApp con ", ""},
        {"Discussion WhatsApp avec ", ""},
        {"Чат WhatsApp с ", ""},
        {"与", "的 WhatsApp 聊天"},
        {"与", "的WhatsApp聊天"},
        {"WhatsApp 与", "的对话"},
        {"與", "的 WhatsApp 對話"},
        {"WhatsApp 與", "的對話"},
    };

    for (size_t i = 0; i < 2; i++)
        if (mud_str_ends(file, i ? MUD_STR(".zip") : MUD_STR(".txt")))
            file = mud_str_sub(file, 0, file.n - 4);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mud_str before = mud_str_z(rows[i].before);
        struct mud_str behind = mud_str_z(rows[i].behind);
        if (file.n > before.n + behind.n && mud_str_starts(file, before) &&
            mud_str_ends(file, behind))
            return mud_str_sub(file, before.n, file.n - behind.n);
    }
    return (struct mud_str){0};
}

static bool is(struct mud_str head, struct mud_str name)
{
    struct mud_whatsapp_head h;
    struct mud_civil time;
    struct mud_str line;
    struct mud_str who, whom;
    size_t heads = 0, named = 0, lines = 0;
    bool told = title_of(name).n || mud_str_eqz(name, "_chat.txt");
    while (lines < 200 && mud_str_line(&head, &line)) {
        lines++;
        if (!mud_whatsapp_head(line, &h))
            continue;
        if (!mud_whatsapp_date(&h, MUD_WHATSAPP_YMD, &time) &&
            !mud_whatsapp_date(&h, MUD_WHATSAPP_DMY, &time) &&
            !mud_whatsapp_date(&h, MUD_WHATSAPP_MDY, &time))
            continue;
        heads++;
        named +=
            h.name.n > 0 ||
            !mud_str_eqz(mud_whatsapp_service(h.text, &who, &whom), "system") ||
            mud_whatsapp_private(h.text);
        if (lines == 1)
            heads++;
    }
    return told ? heads > 0 : heads > 2 && named > 0;
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader r = {
        .sink = sink,
        .body = {.max = BODY_MAX},
        .name = {.max = 1024},
        .kept = {.max = LOOK_MAX + 2 * MUD_CHAT_LINE_MAX},
    };
    r.arena = mud_arena_new();
    r.all = mud_arena_new();
    r.lines = mud_chat_lines_new(in);
    r.title = mud_str_dup(title_of(in->name), r.all);
    r.chat = r.title;
    bool ok = mud_chat_zone(&r.zone, in, sink, err) && read_all(&r, err);
    mud_chat_lines_free(r.lines);
    mud_arena_free(r.arena);
    mud_arena_free(r.all);
    mud_zone_free(r.zone);
    mud_chat_ids_free(&r.ids);
    mud_buf_free(&r.name);
    mud_buf_free(&r.body);
    mud_buf_free(&r.kept);
    free(r.at);
    return ok;
}

const struct mud_chat_format mud_chat_whatsapp = {"whatsapp", is, read};
