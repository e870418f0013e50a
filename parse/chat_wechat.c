/*
 * Files of WeChat messages that somebody hands over.
 *
 * CSV: the message table as exporters write it, a head line with the names
 * localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,
 * Remark,NickName,Sender in any order (and StrTalker, MsgSvrID where there).
 * Type 3 is a picture, 34 voice, 43 video, 47 a sticker, 49 with 57 a reply
 * or a card, 10000 the network's own voice; CreateTime is in seconds.
 *
 * JSON: {"weflow": {...}, "session": {"wxid", "nickname"...}, "messages": [...]}
 * of WeFlow and echotrace: localId, createTime, type (a Chinese word; localType
 * is not to be trusted), content, senderUsername, senderDisplayName.
 * Structure as described in public; samples are made up (samples/parse/wechat).
 */
#include "parse/chat_wechat.h"

#include "base/utf8.h"
#include "parse/chat_kit.h"
#include "parse/chat_lines.h"
#include "parse/chat_qq_txt.h"
#include "parse/json_items.h"

#include <stdlib.h>

#define FIELDS_MAX 64
#define RECORD_MAX ((size_t)1 << 20)

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena;          /* of one message */
    char chat[256], title[256];       /* of the JSON's session, NUL-ended */
    struct mud_str names[FIELDS_MAX]; /* CSV: of the columns, in columns */
    size_t n_names;
    struct mud_arena *columns;
};

/* What is in a message besides its words. */
enum kind {
    WORDS,
    PICTURE,
    VOICE,
    VIDEO,
    STICKER,
    CARD, /* reply, link, file: its title is the text */
    SYSTEM
};

static void finish(struct mud_post *post, enum kind kind,
                   struct mud_arena *arena)
{
    static const char *const media[] = {
        [VOICE] = "voice", [VIDEO] = "video", [STICKER] = "sticker"};
    struct mud_chat_list links = {0}, images = {0}, files = {0};
    struct mud_str name = {0};
    post->engine = MUD_STR("wechat");
    if (post->posted)
        post->posted_precision = MUD_TO_SECOND;
    mud_chat_links(&links, post->body, arena);
    if (kind == PICTURE)
        mud_chat_list_add(&images, MUD_STR("picture"), arena);
    else if (kind == VOICE || kind == VIDEO || kind == STICKER)
        mud_chat_list_add(&files, mud_str_z(media[kind]), arena);
    post->links = links.items;
    post->n_links = links.n;
    post->images = images.items;
    post->n_images = images.n;
    post->attachments = files.items;
    post->n_attachments = files.n;
    if (kind == SYSTEM) {
        post->author = post->author_id = (struct mud_str){0};
        post->service = mud_chat_qq_service(post->body, &name);
        if (name.n) {
            struct mud_str *member = mud_arena_array(arena, 1, sizeof(*member));
            *member = name;
            post->members = member;
            post->n_members = 1;
        }
    }
    if (!post->body.n && !post->n_images && !post->n_attachments)
        post->state = MUD_POST_EMPTY;
}

/* ---- CSV ---- */

/* The fields of a record (RFC 4180), in the arena. */
static size_t fields_of(struct mud_str *out, struct mud_str record,
                        struct mud_arena *arena)
{
    size_t n = 0, i = 0;
    while (n < FIELDS_MAX) {
        struct mud_buf field = {.max = RECORD_MAX};
        bool quoted = i < record.n && record.s[i] == '"';
        for (i += quoted; i < record.n; i++) {
            char c = record.s[i];
            if (quoted && c == '"') {
                if (i + 1 >= record.n || record.s[i + 1] != '"') {
                    quoted = false;
                    continue;
                }
                i++;
            } else if (!quoted && c == ',') {
                break;
            }
            mud_buf_c(&field, c);
        }
        out[n++] = mud_str_dup(mud_buf_view(&field), arena);
        mud_buf_free(&field);
        if (i >= record.n)
            break;
        i++;
    }
    return n;
}

static struct mud_str column(const struct reader *r,
                             const struct mud_str *fields, size_t n,
                             const char *name)
{
    for (size_t i = 0; i < r->n_names && i < n; i++)
        if (mud_str_eqz(r->names[i], name))
            return fields[i];
    return (struct mud_str){0};
}

static enum kind kind_of_number(struct mud_str type)
{
    static const struct {
        const char *type;
        enum kind kind;
    } rows[] = {{"1", WORDS},
                {"3", PICTURE},
                {"34", VOICE},
                {"43", VIDEO},
                {"47", STICKER},
                {"49", CARD},
                {"10000", SYSTEM}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_str_eqz(type, rows[i].type))
            return rows[i].kind;
    return WORDS;
}

static bool csv_record(struct reader *r, struct mud_str text,
                       struct mud_range at, struct mud_error *err)
{
    struct mud_str f[FIELDS_MAX];
    int64_t seconds;
    if (!r->n_names) {
        r->n_names = fields_of(r->names, text, r->columns);
        return true;
    }
    mud_arena_reset(r->arena);
    size_t n = fields_of(f, text, r->arena);
    struct mud_post post = {
        .thread_title = column(r, f, n, "NickName"),
        .post = column(r, f, n, "MsgSvrID"),
        .author_id = column(r, f, n, "Sender"),
        .body = column(r, f, n, "StrContent"),
        .where = at,
    };
    struct mud_str remark = column(r, f, n, "Remark");
    if (!post.post.n || mud_str_eqz(post.post, "0"))
        post.post = column(r, f, n, "localId");
    post.site = column(r, f, n, "StrTalker");
    if (!post.site.n)
        post.site = post.thread_title.n ? post.thread_title
                                        : column(r, f, n, "TalkerId");
    if (!post.thread_title.n)
        post.thread_title = remark;
    post.thread = post.site;
    post.author = post.author_id;
    if (mud_str_eqz(column(r, f, n, "IsSender"), "1"))
        post.author_role = MUD_STR("exporter");
    if (mud_str_i64(column(r, f, n, "CreateTime"), &seconds) && seconds > 0 &&
        seconds < INT64_C(100000000000))
        post.posted = seconds * MUD_SECOND;
    if (!post.post.n || !post.site.n)
        return mud_chat_note(r->sink,
                             "warning",
                             "no-id",
                             at.start,
                             MUD_STR("a row without an id or a chat is set "
                                     "aside"),
                             err);
    finish(&post, kind_of_number(column(r, f, n, "Type")), r->arena);
    return r->sink->post(&post, r->sink->payload, err);
}

/* A row under way, and the lines it is made of. */
struct row {
    struct mud_buf text;

    struct row_line {
        size_t end; /* in text */
        struct mud_range at;
    } * lines;

    size_t n, cap;
    bool open; /* inside a quotation */
};

/* Is a quotation open at the end of the line? open: at its beginning. A
 * quotation mark inside a bare field is text. */
static bool open_after(struct mud_str line, bool open)
{
    bool begins = !open; /* a field */
    for (size_t i = 0; i < line.n; i++) {
        char c = line.s[i];
        if (open && c == '"' && i + 1 < line.n && line.s[i + 1] == '"')
            i++;
        else if (c == '"' && (open || begins))
            open = !open;
        begins = !open && c == ',';
    }
    return open;
}

static void row_add(struct row *row, const struct mud_chat_line *line)
{
    if (row->n)
        mud_buf_c(&row->text, '\n');
    mud_buf_str(&row->text, line->text);
    row->lines =
        mud_grow(row->lines, &row->cap, row->n + 1, sizeof(*row->lines));
    row->lines[row->n++] = (struct row_line){row->text.n, line->at};
    row->open = open_after(line->text, row->open);
}

/* A quotation that does not end has not swallowed the rows behind it: each
 * line is a row then. */
static bool row_apart(struct reader *r, const struct row *row,
                      struct mud_error *err)
{
    struct mud_str text = mud_buf_view(&row->text);
    size_t from = 0;
    if (!mud_chat_note(r->sink,
                       "warning",
                       "open-quotation",
                       row->lines[0].at.start,
                       MUD_STR("a row's quotation does not end: its lines are "
                               "read as rows"),
                       err))
        return false;
    for (size_t i = 0; i < row->n; i++) {
        struct mud_str line = mud_str_sub(text, from, row->lines[i].end);
        from = row->lines[i].end + 1;
        bool ok = open_after(line, false)
                      ? mud_chat_note(r->sink,
                                      "warning",
                                      "broken-row",
                                      row->lines[i].at.start,
                                      MUD_STR("a row is set aside"),
                                      err)
                      : !line.n || csv_record(r, line, row->lines[i].at, err);
        if (!ok)
            return false;
    }
    return true;
}

static bool row_end(struct reader *r, struct row *row, struct mud_error *err)
{
    bool ok = true;
    if (row->n && (row->open || row->text.over))
        ok = row_apart(r, row, err);
    else if (row->text.n)
        ok = csv_record(r,
                        mud_buf_view(&row->text),
                        (struct mud_range){row->lines[0].at.start,
                                           row->lines[row->n - 1].at.end},
                        err);
    mud_buf_clear(&row->text);
    row->text.over = row->open = false;
    row->n = 0;
    return ok;
}

static bool csv_lines(struct reader *r, struct mud_chat_lines *lines,
                      struct row *row, struct mud_error *err)
{
    struct mud_chat_line line;
    bool any = true, ok = true;
    while (ok && any) {
        ok = mud_chat_lines_next(lines, &line, &any, err);
        if (!ok || !any)
            break;
        row_add(row, &line);
        if (!row->open || row->text.over)
            ok = row_end(r, row, err);
    }
    return ok && row_end(r, row, err);
}

static bool csv_is(struct mud_str head, struct mud_str name)
{
    struct mud_str line;
    (void)name;
    if (mud_str_starts(head, MUD_STR("\xef\xbb\xbf")))
        head = mud_str_sub(head, 3, head.n);
    return mud_str_line(&head, &line) &&
           mud_str_find(line, MUD_STR("localId")) != MUD_NPOS &&
           mud_str_find(line, MUD_STR("StrContent")) != MUD_NPOS &&
           mud_str_chr(line, '{') == MUD_NPOS;
}

static bool csv_read(const struct mud_chat_in *in,
                     const struct mud_chat_sink *sink, struct mud_error *err)
{
    struct reader r = {
        .sink = sink, .arena = mud_arena_new(), .columns = mud_arena_new()};
    struct row row = {.text = {.max = RECORD_MAX}};
    struct mud_chat_lines *lines = mud_chat_lines_new(in);
    bool ok = mud_chat_unverified(sink, err) && csv_lines(&r, lines, &row, err);
    mud_chat_lines_free(lines);
    mud_buf_free(&row.text);
    free(row.lines);
    mud_arena_free(r.columns);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_wechat_csv = {"wechat-csv",
                                                    csv_is,
                                                    csv_read};

/* ---- JSON ---- */

static void keep(char *out, size_t size, struct mud_str s)
{
    size_t n = mud_utf8_cut(s, size - 1);
    memcpy(out, s.s ? s.s : "", n);
    out[n] = '\0';
}

static bool json_member(const char *key, struct mud_str json,
                        struct mud_range at, void *payload,
                        struct mud_error *err)
{
    struct reader *r = payload;
    struct mud_error bad = {0};
    (void)at;
    (void)err;
    if (strcmp(key, "session") != 0)
        return true;
    json_t *session = mud_json_read(json, &bad);
    struct mud_str title = mud_json_get_str(session, "displayName");
    keep(r->chat, sizeof(r->chat), mud_json_get_str(session, "wxid"));
    keep(r->title,
         sizeof(r->title),
         title.n ? title : mud_json_get_str(session, "nickname"));
    json_decref(session);
    return true;
}

static enum kind kind_of_word(struct mud_str type)
{
    static const struct {
        const char *word;
        enum kind kind;
    } rows[] = {{"系统", SYSTEM},
                {"图片", PICTURE},
                {"语音", VOICE},
                {"视频", VIDEO},
                {"表情", STICKER},
                {"引用", CARD},
                {"链接", CARD},
                {"文件", CARD}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_str_find(type, mud_str_z(rows[i].word)) != MUD_NPOS)
            return rows[i].kind;
    return WORDS;
}

static bool json_emit(struct reader *r, const json_t *message,
                      struct mud_range at, struct mud_error *err)
{
    struct mud_str chat = mud_str_z(r->chat[0] ? r->chat : "?");
    struct mud_post post = {
        .site = chat,
        .thread = chat,
        .thread_title = mud_str_z(r->title),
        .post = mud_chat_id(message, "localId", r->arena),
        .author_id = mud_chat_text(message, "senderUsername", r->arena),
        .author = mud_chat_text(message, "senderDisplayName", r->arena),
        .body = mud_chat_text(message, "content", r->arena),
        .posted = mud_chat_epoch(message, "createTime"),
        .where = at,
    };
    if (mud_json_get_int(message, "isSend", 0) == 1)
        post.author_role = MUD_STR("exporter");
    if (!post.author.n)
        post.author = post.author_id;
    if (!post.post.n)
        return mud_chat_note(r->sink,
                             "warning",
                             "no-id",
                             at.start,
                             MUD_STR("a message without an id is set aside"),
                             err);
    finish(&post, kind_of_word(mud_json_get_str(message, "type")), r->arena);
    return r->sink->post(&post, r->sink->payload, err);
}

static bool json_item(const char *list, struct mud_str json,
                      struct mud_range at, void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    struct mud_error bad = {0};
    (void)list;
    json_t *message = mud_json_read(json, &bad);
    bool ok = json_is_object(message)
                  ? json_emit(r, message, at, err)
                  : mud_chat_note(r->sink,
                                  "warning",
                                  "bad-message",
                                  at.start,
                                  MUD_STR("what stands here is no message"),
                                  err);
    json_decref(message);
    mud_arena_reset(r->arena);
    return ok;
}

static bool json_fault(const char *code, struct mud_range at, void *payload,
                       struct mud_error *err)
{
    struct reader *r = payload;
    return mud_chat_broken(r->sink, code, at, err);
}

static bool json_is(struct mud_str head, struct mud_str name)
{
    (void)name;
    return mud_str_find(head, MUD_STR("\"session\"")) != MUD_NPOS &&
           mud_str_find(head, MUD_STR("\"wxid\"")) != MUD_NPOS;
}

static bool json_read(const struct mud_chat_in *in,
                      const struct mud_chat_sink *sink, struct mud_error *err)
{
    static const char *const lists[] = {"messages", NULL};
    struct reader r = {.sink = sink, .arena = mud_arena_new()};
    const struct mud_json_items items = {
        .lists = lists,
        .item = json_item,
        .member = json_member,
        .fault = json_fault,
        .payload = &r,
    };
    bool ok = mud_chat_unverified(sink, err) &&
              mud_json_items_read(&items, &in->bytes, err);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_wechat_json = {"wechat-json",
                                                     json_is,
                                                     json_read};
