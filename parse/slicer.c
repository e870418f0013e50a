#include "parse/slicer.h"

#define INDENT_MAX (1 << 24) /* counted no further */

void mud_slicer_init(struct mud_slicer *slicer)
{
    slicer->text.max = MUD_SLICE_MAX;
    slicer->slice_indent = -1;
    slicer->message_indent = -1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* ---- inside a message ---- */

static bool slice_end(struct mud_slicer *s, bool whole, struct mud_error *err)
{
    struct mud_slice slice = {
        .text = mud_buf_view(&s->text),
        .start = s->start,
        .end = s->at,
        .whole = whole,
        .chat = &s->level[s->depth ? s->depth - 1 : 0].chat,
    };
    if (s->text.over)
        slice.text = (struct mud_str){0};
    bool ok = s->message(&slice, s->payload, err);
    mud_buf_clear(&s->text);
    s->text.over = false;
    s->in_slice = s->in_string = s->escaped = false;
    s->start = 0;
    return ok;
}

static void slice_begin(struct mud_slicer *s)
{
    s->in_slice = true;
    s->start = s->at;
    mud_buf_clear(&s->text); /* of what stood around the messages */
    s->text.over = false;
    s->slice_indent = s->indent;
    if (s->indent >= 0)
        s->message_indent = s->indent;
    s->slice_depth = 0;
}

/*
 * A bracket that begins a line: at the indent of this message's own, or left
 * of it, it cannot belong to this message any more.
 */
static bool cuts(const struct mud_slicer *s, char c)
{
    if (s->slice_indent < 0 || s->indent < 0 || s->slice_depth == 0)
        return false;
    if (c == '{')
        return s->indent == s->slice_indent;
    return (c == ']' || c == '}') && s->indent < s->slice_indent;
}

/* *again: the byte is not part of the message. */
static bool slice_byte(struct mud_slicer *s, char c, bool *again,
                       struct mud_error *err)
{
    *again = false;
    if (s->in_string) {
        if (s->escaped)
            s->escaped = false;
        else if (c == '\\')
            s->escaped = true;
        else if (c == '"' || c == '\n')
            s->in_string = false;
    } else if (c == '"') {
        s->in_string = true;
    } else if (c == '{' || c == '[') {
        if (cuts(s, c)) {
            *again = true;
            return slice_end(s, false, err);
        }
        s->slice_depth++;
    } else if (c == '}' || c == ']') {
        if (cuts(s, c)) {
            *again = true;
            return slice_end(s, false, err);
        }
        s->slice_depth--;
    }
    if (c == '\n')
        s->escaped = false;
    mud_buf_c(&s->text, c);
    if (s->slice_depth > 0)
        return true;
    s->at++;
    bool ok = slice_end(s, true, err);
    s->at--;
    return ok;
}

/* ---- between messages ---- */

static bool junk_end(struct mud_slicer *s, struct mud_error *err)
{
    if (!s->start)
        return true;
    uint64_t from = s->start - 1;
    s->start = 0;
    return s->junk(from, s->at, s->payload, err);
}

static void outer_byte(struct mud_slicer *s, char c);

static bool between_byte(struct mud_slicer *s, char c, struct mud_error *err)
{
    if (is_blank(c) || (c == ',' && !s->start))
        return true;
    /* In junk only a bracket at its place on a line is trusted. */
    bool known = s->start && s->message_indent >= 0;
    bool left = s->indent >= 0 && s->indent < s->message_indent;
    if (c == '{' && (!known || s->indent == s->message_indent)) {
        if (!junk_end(s, err))
            return false;
        slice_begin(s);
        bool again;
        return slice_byte(s, c, &again, err);
    }
    if ((c == ']' && (!known || left)) || (c == '}' && left)) {
        s->in_messages = false;
        if (!junk_end(s, err))
            return false;
        if (c == '}') /* the array's own bracket is lost */
            outer_byte(s, c);
        return true;
    }
    if (!s->start)
        s->start = s->at + 1;
    return true;
}

/* ---- around the messages ---- */

static void keep(char *out, size_t size, struct mud_str s)
{
    if (s.n >= size)
        s.n = 0;
    memcpy(out, s.s ? s.s : "", s.n);
    out[s.n] = 0;
}

/* A scalar is over: a key, or a value that may tell about the chat. */
static void scalar(struct mud_slicer *s, bool was_string)
{
    struct mud_str text = mud_buf_view(&s->text);
    if (s->depth && s->depth <= MUD_SLICE_DEPTH && !s->text.over) {
        size_t top = s->depth - 1;
        struct mud_slice_chat *chat = &s->level[top].chat;
        const char *key = s->level[top].key;
        if (s->level[top].object && !s->value && was_string)
            keep(s->level[top].key, sizeof(s->level[top].key), text);
        else if (s->level[top].object && !strcmp(key, "name"))
            keep(chat->name, sizeof(chat->name), text);
        else if (s->level[top].object && !strcmp(key, "type"))
            keep(chat->type, sizeof(chat->type), text);
        else if (s->level[top].object && !strcmp(key, "id"))
            keep(chat->id, sizeof(chat->id), text);
    }
    mud_buf_clear(&s->text);
    s->text.over = false;
}

static void open(struct mud_slicer *s, char c)
{
    bool messages = c == '[' && s->value && s->depth &&
                    s->depth <= MUD_SLICE_DEPTH &&
                    !strcmp(s->level[s->depth - 1].key, "messages");
    if (messages) {
        /* The array is no level: the chat stays on top. */
        s->in_messages = true;
        s->start = 0;
        s->value = false;
        return;
    }
    if (s->depth < MUD_SLICE_DEPTH) {
        memset(&s->level[s->depth], 0, sizeof(s->level[0]));
        s->level[s->depth].object = c == '{';
    }
    s->depth++;
    s->value = c == '[';
}

static void outer_byte(struct mud_slicer *s, char c)
{
    if (s->in_string) {
        if (s->escaped) {
            s->escaped = false;
        } else if (c == '\\') {
            s->escaped = true;
        } else if (c == '"' || c == '\n') {
            s->in_string = false;
            scalar(s, true);
            return;
        }
        if (s->text.n < 4096)
            mud_buf_c(&s->text, c);
        return;
    }
    if (c == '"') {
        mud_buf_clear(&s->text);
        s->in_string = true;
    } else if (c == ':') {
        s->value = true;
    } else if (c == ',' || c == '}' || c == ']') {
        if (s->text.n)
            scalar(s, false);
        s->value = false;
        if (c != ',' && s->depth)
            s->depth--;
        if (s->depth && s->depth <= MUD_SLICE_DEPTH)
            s->value = !s->level[s->depth - 1].object;
    } else if (c == '{' || c == '[') {
        open(s, c);
    } else if (!is_blank(c) && s->text.n < 4096) {
        mud_buf_c(&s->text, c);
    }
}

static bool byte(struct mud_slicer *s, char c, struct mud_error *err)
{
    if (s->in_slice) {
        bool again;
        if (!slice_byte(s, c, &again, err))
            return false;
        if (!again)
            return true;
    }
    if (s->in_messages)
        return between_byte(s, c, err);
    outer_byte(s, c);
    return true;
}

/* Bytes of a message that change nothing but the text: the inside of a string,
 * or the blanks of an indent. */
static size_t plain(const struct mud_slicer *s, const char *at, size_t n)
{
    size_t i = 0;
    if (!s->in_slice || s->escaped)
        return 0;
    if (s->in_string)
        while (i < n && at[i] != '"' && at[i] != '\\' && at[i] != '\n')
            i++;
    else
        while (i < n && at[i] == ' ')
            i++;
    return i;
}

static void take_plain(struct mud_slicer *s, const char *at, size_t n)
{
    mud_buf_put(&s->text, at, n);
    s->at += n;
    if (s->in_string)
        s->indent = -1; /* a string begins with a quotation mark */
    else if (s->indent >= 0 && s->indent < INDENT_MAX)
        s->indent += (int)n;
}

bool mud_slicer_feed(struct mud_slicer *s, const char *bytes, size_t n,
                     struct mud_error *err)
{
    for (size_t i = 0; i < n; i++, s->at++) {
        size_t skip = plain(s, bytes + i, n - i);
        if (skip) {
            take_plain(s, bytes + i, skip);
            i += skip;
            if (i == n)
                break;
        }
        char c = bytes[i];
        if (!byte(s, c, err))
            return false;
        if (c == '\n')
            s->indent = 0;
        else if (s->indent >= 0 && (c == ' ' || c == '\t'))
            s->indent += s->indent < INDENT_MAX;
        else
            s->indent = -1;
    }
    return true;
}

bool mud_slicer_end(struct mud_slicer *s, struct mud_error *err)
{
    bool ok = true;
    if (s->in_slice)
        ok = slice_end(s, false, err);
    else if (s->in_messages)
        ok = junk_end(s, err);
    mud_buf_free(&s->text);
    return ok;
}
