#include "parse/json_items.h"

#include <stdlib.h>

#define CHUNK ((size_t)64 << 10)

enum place {
    OUTSIDE, /* between outer values */
    KEY,     /* in an outer object, before a key */
    COLON,   /* behind a key */
    BEFORE,  /* before the value of a member */
    ELEMENT, /* in a list, before an element */
    IN_KEY,  /* inside the quotes of a key */
    IN_VALUE /* inside a value that is handed over whole */
};

struct scan {
    const struct mud_json_items *items;
    enum place place, back; /* back: where a value leaves us */
    bool outer_object;      /* the list under the eye is a member */
    const char *list;       /* of the element under the eye, or NULL */
    char key[MUD_JSON_KEY_MAX];
    size_t key_n;
    bool escaped, in_string, bare; /* bare: a number or a word */
    size_t depth;                  /* brackets open in the value */
    struct mud_buf text;
    uint64_t at, start; /* of this byte; of the value */
    uint64_t junk;      /* start of junk plus one, or 0 */
};

static const char *list_named(const struct scan *s, const char *key)
{
    for (const char *const *l = s->items->lists; *l; l++)
        if (strcmp(*l, key) == 0)
            return *l;
    return NULL;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool junk_end(struct scan *s, struct mud_error *err)
{
    struct mud_range at = {s->junk - 1, s->at};
    if (!s->junk)
        return true;
    s->junk = 0;
    return s->items->fault("junk", at, s->items->payload, err);
}

static void value_begin(struct scan *s, char c, enum place back)
{
    s->place = IN_VALUE;
    s->back = back;
    s->start = s->at;
    s->in_string = c == '"';
    s->escaped = false;
    s->depth = c == '{' || c == '[';
    s->bare = !s->in_string && !s->depth;
    mud_buf_clear(&s->text);
    s->text.over = false;
    mud_buf_c(&s->text, c);
}

/* end: the first byte behind the value. */
static bool value_end(struct scan *s, uint64_t end, struct mud_error *err)
{
    const struct mud_json_items *items = s->items;
    struct mud_range at = {s->start, end};
    struct mud_str json = mud_buf_view(&s->text);
    s->place = s->back;
    if (s->text.over)
        return items->fault("message-too-large", at, items->payload, err);
    if (s->list)
        return items->item(s->list, json, at, items->payload, err);
    return !items->member ||
           items->member(s->key, json, at, items->payload, err);
}

/* *again: the byte stands behind the value. */
static bool in_value(struct scan *s, char c, bool *again, struct mud_error *err)
{
    if (s->bare) {
        if (blank(c) || c == ',' || c == ']' || c == '}') {
            *again = true;
            return value_end(s, s->at, err);
        }
        mud_buf_c(&s->text, c);
        return true;
    }
    mud_buf_c(&s->text, c);
    if (s->in_string) {
        if (s->escaped)
            s->escaped = false;
        else if (c == '\\')
            s->escaped = true;
        else if (c == '"')
            s->in_string = false;
    } else if (c == '"') {
        s->in_string = true;
    } else if (c == '{' || c == '[') {
        s->depth++;
    } else if (c == '}' || c == ']') {
        s->depth--;
    }
    if (s->in_string || s->depth)
        return true;
    return value_end(s, s->at + 1, err);
}

static bool outside(struct scan *s, char c, struct mud_error *err)
{
    s->list = NULL;
    s->outer_object = false;
    bool mark = s->at < 3 && c == "\xef\xbb\xbf"[s->at];
    if (blank(c) || c == ',' || mark)
        return true;
    if (c != '{' && c != '[') {
        if (!s->junk)
            s->junk = s->at + 1;
        return true;
    }
    if (!junk_end(s, err))
        return false;
    if (c == '{' && !s->items->lines) {
        s->place = KEY;
    } else if (c == '[') {
        s->list = list_named(s, "");
        s->place = ELEMENT;
    } else {
        s->list = list_named(s, "");
        value_begin(s, c, OUTSIDE);
    }
    return true;
}

static bool before_key(struct scan *s, char c, struct mud_error *err)
{
    if (blank(c) || c == ',')
        return true;
    if (c == '"') {
        s->place = IN_KEY;
        s->key_n = 0;
        s->escaped = false;
        return junk_end(s, err);
    }
    if (c == '}') {
        s->place = OUTSIDE;
        return junk_end(s, err);
    }
    if (!s->junk)
        s->junk = s->at + 1;
    return true;
}

static void in_key(struct scan *s, char c)
{
    if (c == '"' && !s->escaped) {
        s->key[s->key_n] = '\0';
        s->place = COLON;
        return;
    }
    s->escaped = c == '\\' && !s->escaped;
    if (s->key_n + 1 < sizeof(s->key))
        s->key[s->key_n++] = c;
}

static bool before_value(struct scan *s, char c, struct mud_error *err)
{
    if (blank(c))
        return true;
    s->list = NULL;
    if (c == ',' || c == '}') { /* a key without a value */
        s->place = KEY;
        return before_key(s, c, err);
    }
    if (c == '[') {
        s->list = list_named(s, s->key);
        if (s->list) {
            s->outer_object = true;
            s->place = ELEMENT;
            return true;
        }
    }
    value_begin(s, c, KEY);
    return true;
}

static bool element(struct scan *s, char c, struct mud_error *err)
{
    if (blank(c) || c == ',')
        return true;
    if (c == ']') {
        s->place = s->outer_object ? KEY : OUTSIDE;
        return junk_end(s, err);
    }
    if (c != '{' && c != '[' && c != '"' && c != '-' &&
        !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z')) {
        if (!s->junk)
            s->junk = s->at + 1;
        return true;
    }
    if (!junk_end(s, err))
        return false;
    value_begin(s, c, ELEMENT);
    return true;
}

static bool byte(struct scan *s, char c, struct mud_error *err)
{
    bool again = false;
    if (s->place == IN_VALUE) {
        if (!in_value(s, c, &again, err))
            return false;
        if (!again)
            return true;
    }
    switch (s->place) {
    case OUTSIDE:
        return outside(s, c, err);
    case KEY:
        return before_key(s, c, err);
    case IN_KEY:
        in_key(s, c);
        return true;
    case COLON:
        s->place = c == ':' ? BEFORE : blank(c) ? COLON : KEY;
        return true;
    case BEFORE:
        return before_value(s, c, err);
    case ELEMENT:
        return element(s, c, err);
    case IN_VALUE:
        return true;
    }
    return true;
}

/* The rest of a string or of plain content needs no look at each byte. */
static size_t plain(const struct scan *s, const char *at, size_t n)
{
    size_t i = 0;
    if (s->place != IN_VALUE || s->bare || s->escaped)
        return 0;
    if (s->in_string)
        while (i < n && at[i] != '"' && at[i] != '\\')
            i++;
    return i;
}

static bool feed(struct scan *s, const char *bytes, size_t n,
                 struct mud_error *err)
{
    for (size_t i = 0; i < n;) {
        size_t skip = plain(s, bytes + i, n - i);
        if (skip) {
            mud_buf_put(&s->text, bytes + i, skip);
            s->at += skip;
            i += skip;
            continue;
        }
        if (!byte(s, bytes[i], err))
            return false;
        s->at++;
        i++;
    }
    return true;
}

static bool finish(struct scan *s, struct mud_error *err)
{
    struct mud_range at = {s->place == IN_VALUE ? s->start : s->at, s->at};
    if (!junk_end(s, err))
        return false;
    if (s->place == IN_VALUE && s->bare && s->back == OUTSIDE)
        return value_end(s, s->at, err);
    return s->place == OUTSIDE ||
           s->items->fault("truncated", at, s->items->payload, err);
}

bool mud_json_items_read(const struct mud_json_items *items,
                         const struct mud_bytes_in *bytes,
                         struct mud_error *err)
{
    struct scan s = {.items = items, .text = {.max = MUD_JSON_ITEM_MAX}};
    char *chunk = mud_malloc(CHUNK);
    size_t n = 1;
    bool ok = true;
    while (ok && n)
        ok = bytes->read(bytes->payload, chunk, CHUNK, &n, err) &&
             feed(&s, chunk, n, err);
    ok = ok && finish(&s, err);
    free(chunk);
    mud_buf_free(&s.text);
    return ok;
}
