/*
 * QQ's message manager writes, for one chat or for all of them in one file:
 *     消息分组:我的群聊
 *     ================
 *     消息对象:NAME
 *     ================
 *
 *     2019-07-16 18:15:05 【管理员】NICK(8310000001)
 *     text, of one or more lines, then an empty one
 * The clock is 24 hours or, on some clients, 12 ("8:43:38 PM"); authors are
 * NICK(number), NICK<address> or, in discussion groups, NICK alone; text copied
 * from a chat window has "NICK 2/14/2020 9:16:13 PM" without a number. Times
 * are the exporter's wall clock. Ids of messages do not exist. Facts: ChatLab's
 * parser and exports as described there; made-up samples in samples/parse/qq.
 */
#include "parse/chat_qq_txt.h"

#include "parse/chat_kit.h"
#include "parse/chat_lines.h"
#include "parse/chat_notice.h"

#define BODY_MAX   ((size_t)1 << 20)
#define SPACED_MIN 3

struct reader {
    const struct mud_chat_in *in;
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one message */
    struct mud_zone *zone;
    struct mud_chat_ids ids;
    struct mud_buf chat, body; /* name of the chat; text so far */
    struct mud_buf author;     /* as in the head line */
    struct mud_civil time;
    bool open; /* a message is under way */
    uint64_t start, end, notes;
    size_t gap;    /* empty lines since the last one of the body */
    size_t spaced; /* heads with an empty line before them */
    bool tight;    /* one had none */
};

/* ---- the head line of a message ---- */

static bool number(struct mud_str *s, int *out, size_t most)
{
    size_t n = 0;
    *out = 0;
    while (n < s->n && n < most && s->s[n] >= '0' && s->s[n] <= '9')
        *out = *out * 10 + (s->s[n++] - '0');
    *s = mud_str_sub(*s, n, s->n);
    return n > 0;
}

static bool sign(struct mud_str *s, char c)
{
    if (!s->n || s->s[0] != c)
        return false;
    *s = mud_str_sub(*s, 1, s->n);
    return true;
}

/* "18:15:05" or "8:43:38 PM" at the beginning of s. */
bool mud_chat_qq_clock(struct mud_str *s, struct mud_civil *time)
{
    if (!number(s, &time->hour, 2) || !sign(s, ':') ||
        !number(s, &time->minute, 2) || !sign(s, ':') ||
        !number(s, &time->second, 2))
        return false;
    struct mud_str rest = mud_str_trim(*s);
    bool am = mud_str_istarts(rest, MUD_STR("AM"));
    bool pm = mud_str_istarts(rest, MUD_STR("PM"));
    if ((am || pm) && (rest.n == 2 || rest.s[2] == ' ')) {
        if (time->hour < 1 || time->hour > 12)
            return false;
        time->hour = time->hour % 12 + (pm ? 12 : 0);
        *s = mud_str_sub(rest, 2, rest.n);
    }
    return !s->n || s->s[0] == ' ';
}

/* "2019-07-16 18:15:05 AUTHOR" */
static bool head_line(struct mud_str line, struct mud_civil *time,
                      struct mud_str *author)
{
    struct mud_str s = line;
    *time = (struct mud_civil){0};
    if (!number(&s, &time->year, 4) || time->year < 1990 || !sign(&s, '-') ||
        !number(&s, &time->month, 2) || !sign(&s, '-') ||
        !number(&s, &time->day, 2) || !sign(&s, ' ') ||
        !mud_chat_qq_clock(&s, time) || !mud_civil_valid(time))
        return false;
    *author = mud_str_trim(s);
    return true;
}

/* "AUTHOR 2/14/2020 9:16:13 PM": as copied out of a chat window. */
static bool window_line(struct mud_str line, struct mud_civil *time,
                        struct mud_str *author)
{
    size_t slash = mud_str_rchr(line, '/');
    if (slash == MUD_NPOS || slash < 3)
        return false;
    size_t at = slash;
    while (at > 0 && line.s[at - 1] != ' ')
        at--;
    struct mud_str s = mud_str_sub(line, at, line.n);
    *time = (struct mud_civil){0};
    if (at < 2 || !number(&s, &time->month, 2) || !sign(&s, '/') ||
        !number(&s, &time->day, 2) || !sign(&s, '/') ||
        !number(&s, &time->year, 4) || time->year < 1990 || !sign(&s, ' ') ||
        !mud_chat_qq_clock(&s, time) || mud_str_trim(s).n ||
        !mud_civil_valid(time))
        return false;
    *author = mud_str_trim(mud_str_sub(line, 0, at));
    return author->n > 0;
}

/* ---- who ---- */

/* The part in the last pair of brackets, when the text ends with them. */
static struct mud_str bracketed(struct mud_str *s, char open, char close)
{
    size_t at = mud_str_rchr(*s, open);
    if (!s->n || s->s[s->n - 1] != close || at == MUD_NPOS)
        return (struct mud_str){0};
    struct mud_str inner = mud_str_sub(*s, at + 1, s->n - 1);
    if (inner.n)
        *s = mud_str_trim(mud_str_sub(*s, 0, at));
    return inner;
}

static bool all_digits(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i] < '0' || s.s[i] > '9')
            return false;
    return s.n >= 5 && s.n <= 12;
}

static void who(struct mud_post *post, struct mud_str head)
{
    struct mud_str whole = head, name = head;
    struct mud_str id = bracketed(&name, '(', ')');
    if (!all_digits(id)) {
        name = whole;
        id = bracketed(&name, '<', '>');
        if (mud_str_chr(id, '@') == MUD_NPOS) {
            name = whole;
            id = (struct mud_str){0};
        }
    }
    post->author_id = id;
    /* 【管理员】 before the name is a rank or title, not the name. */
    size_t close = mud_str_find(name, MUD_STR("】"));
    if (mud_str_starts(name, MUD_STR("【")) && close != MUD_NPOS &&
        close + 3 < name.n) {
        post->author_role = mud_str_sub(name, 3, close);
        name = mud_str_trim(mud_str_sub(name, close + 3, name.n));
    }
    post->author = name.n ? name : id;
}

/* ---- system messages ---- */

bool mud_chat_qq_author(struct mud_post *post, struct mud_str head,
                        struct mud_arena *arena)
{
    who(post, head);
    /* 10000 and 1000000 are the network's own voice. */
    if (!mud_str_eqz(post->author_id, "10000") &&
        !mud_str_eqz(post->author_id, "1000000") &&
        !mud_str_eqz(head, "系统消息"))
        return false;
    mud_chat_notice(post, arena);
    return true;
}

static void media_of(struct mud_post *post, struct mud_str body,
                     struct mud_arena *arena)
{
    struct mud_chat_list links = {0}, images = {0}, files = {0};
    mud_chat_links(&links, body, arena);
    if (mud_str_find(body, MUD_STR("[图片]")) != MUD_NPOS)
        mud_chat_list_add(&images, MUD_STR("[图片]"), arena);
    if (mud_str_find(body, MUD_STR("[文件]")) != MUD_NPOS)
        mud_chat_list_add(&files, MUD_STR("[文件]"), arena);
    mud_chat_lists(post, &links, &images, &files);
}

/* ---- messages ---- */

static bool close_message(struct reader *r, struct mud_error *err)
{
    if (!r->open)
        return true;
    r->open = false;
    mud_arena_reset(r->arena);
    struct mud_str chat = mud_buf_view(&r->chat);
    struct mud_str head = mud_str_dup(mud_buf_view(&r->author), r->arena);
    struct mud_post post = {
        .engine = MUD_STR("qq"),
        .site = chat.n ? chat : MUD_STR("?"),
        .thread = chat.n ? chat : MUD_STR("?"),
        .thread_title = chat,
        .posted = mud_zone_to_unix(r->zone, &r->time) * MUD_SECOND,
        .posted_precision = MUD_TO_SECOND,
        .body = mud_buf_view(&r->body),
        .where = {r->start, r->end},
    };
    if (!mud_chat_qq_author(&post, head, r->arena))
        media_of(&post, post.body, r->arena);
    if (!post.body.n)
        post.state = MUD_POST_EMPTY;
    post.post = mud_chat_ids_next(&r->ids, &post, r->arena);
    return r->sink->post(&post, r->sink->payload, err);
}

static void begin_message(struct reader *r, const struct mud_chat_line *line,
                          const struct mud_civil *time, struct mud_str author)
{
    r->open = true;
    r->time = *time;
    r->start = line->at.start;
    r->end = line->at.end;
    r->gap = 0;
    mud_buf_clear(&r->author);
    mud_buf_str(&r->author, author);
    mud_buf_clear(&r->body);
    r->body.over = false;
}

static void add_line(struct reader *r, const struct mud_chat_line *line)
{
    if (!line->text.n) {
        r->gap++;
        return;
    }
    if (r->body.n)
        for (size_t i = 0; i <= r->gap && i < 100; i++)
            mud_buf_c(&r->body, '\n');
    r->gap = 0;
    mud_buf_str(&r->body, line->text);
    r->end = line->at.end;
}

static bool is_rule(struct mud_str line)
{
    size_t n = 0;
    while (n < line.n && line.s[n] == '=')
        n++;
    return n == line.n && n >= 16;
}

static bool chat_name(struct reader *r, struct mud_str line)
{
    if (!mud_str_starts(line, MUD_STR("消息对象:")))
        return false;
    mud_buf_clear(&r->chat);
    mud_buf_str(
        &r->chat,
        mud_str_trim(mud_str_sub(line, sizeof("消息对象:") - 1, line.n)));
    return true;
}

/* The program puts an empty line before each head. Where it did so from the
 * beginning, a head without one is pasted text, and nobody's own message. */
static bool stands_apart(struct reader *r)
{
    if (!r->open)
        return true;
    if (r->gap) {
        r->spaced++;
        return true;
    }
    if (r->spaced >= SPACED_MIN && !r->tight)
        return false;
    r->tight = true;
    return true;
}

static bool one_line(struct reader *r, const struct mud_chat_line *line,
                     struct mud_error *err)
{
    struct mud_civil time;
    struct mud_str author;
    if (line->cut && r->notes++ < 100 &&
        !mud_chat_note(r->sink,
                       "warning",
                       "line-too-long",
                       line->at.start,
                       MUD_STR("a line of more than a megabyte is cut"),
                       err))
        return false;
    /* A head without a name has nobody to speak: it is text. */
    if (((head_line(line->text, &time, &author) && author.n) ||
         window_line(line->text, &time, &author)) &&
        stands_apart(r)) {
        if (!close_message(r, err))
            return false;
        begin_message(r, line, &time, author);
        return true;
    }
    if (is_rule(line->text) || mud_str_starts(line->text, MUD_STR("消息分组:")))
        return close_message(r, err);
    if (mud_str_starts(line->text, MUD_STR("消息对象:"))) {
        if (!close_message(r, err))
            return false;
        (void)chat_name(r, line->text);
        return true;
    }
    if (r->open)
        add_line(r, line);
    return true;
}

static bool is(struct mud_str head, struct mud_str name)
{
    struct mud_civil time;
    struct mud_str text = head, line, author;
    /* "消息记录" and "消息对象" in UTF-8 or GB18030 */
    static const char *const marks[] = {"消息对象:",
                                        "\xcf\xfb\xcf\xa2\xb6\xd4\xcf\xf3:"};
    (void)name;
    if (mud_str_chr(mud_str_sub(head, 0, 64), '<') != MUD_NPOS)
        return false;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (mud_str_find(head, mud_str_z(marks[i])) != MUD_NPOS)
            return true;
    /* Copied out of a window: a head line with a number in brackets. */
    for (int i = 0; i < 20 && mud_str_line(&text, &line); i++) {
        struct mud_str who_is;
        if (!head_line(line, &time, &author) || !author.n)
            continue;
        who_is = bracketed(&author, '(', ')');
        if (all_digits(who_is))
            return true;
    }
    return false;
}

static bool read_all(struct reader *r, struct mud_error *err)
{
    struct mud_chat_lines *lines = mud_chat_lines_new(r->in);
    struct mud_chat_line line;
    bool any = true, ok = true;
    while (ok && any) {
        ok = mud_chat_lines_next(lines, &line, &any, err);
        if (ok && any)
            ok = one_line(r, &line, err);
    }
    ok = ok && close_message(r, err);
    mud_chat_lines_free(lines);
    return ok;
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader r = {
        .in = in,
        .sink = sink,
        .body = {.max = BODY_MAX},
        .author = {.max = 4096},
        .chat = {.max = 1024},
    };
    r.arena = mud_arena_new();
    bool ok = mud_chat_zone(&r.zone, in, sink, err) && read_all(&r, err);
    mud_arena_free(r.arena);
    mud_zone_free(r.zone);
    mud_chat_ids_free(&r.ids);
    mud_buf_free(&r.chat);
    mud_buf_free(&r.body);
    mud_buf_free(&r.author);
    return ok;
}

const struct mud_chat_format mud_chat_qq_txt = {"qq-txt", is, read};
