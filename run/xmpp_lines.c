#include "run/xmpp_lines.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_MAX ((size_t)4 << 20)
#define TEXT_MAX  ((size_t)64 << 10)

enum {
    WAYS = 8,
    SMALL = 512,
    LARGE = 32768
};

static struct mud_id key_of(const char *kind, struct mud_str name,
                            struct mud_str more)
{
    struct mud_str parts[] = {name, more};

    return mud_id_of_parts(kind, parts, 2);
}

/* The WAYS places where a key may be. */
static struct mud_xmpp_line *set_of(const struct mud_xmpp_lines *lines,
                                    struct mud_id key)
{
    uint64_t hash;

    memcpy(&hash, key.b, sizeof hash);
    size_t sets = lines->cap / WAYS;
    return lines->slots + (sets ? hash % sets : 0) * WAYS;
}

static struct mud_xmpp_line *find(const struct mud_xmpp_lines *lines,
                                  struct mud_id key)
{
    struct mud_xmpp_line *set = lines->cap ? set_of(lines, key) : NULL;

    for (size_t i = 0; set && i < WAYS; i++)
        if (set[i].text && mud_id_eq(set[i].key, key))
            return &set[i];
    return NULL;
}

static void drop(struct mud_xmpp_lines *lines, struct mud_xmpp_line *line)
{
    if (!line->text)
        return;
    lines->bytes -= line->n;
    lines->n--;
    free(line->text);
    *line = (struct mud_xmpp_line){0};
}

/* A free place, or that of the oldest in its set. */
static struct mud_xmpp_line *place_of(struct mud_xmpp_lines *lines,
                                      struct mud_id key)
{
    struct mud_xmpp_line *set = set_of(lines, key), *oldest = set;

    for (size_t i = 0; i < WAYS; i++) {
        if (!set[i].text)
            return &set[i];
        if (set[i].age < oldest->age)
            oldest = &set[i];
    }
    drop(lines, oldest);
    return oldest;
}

static void grow(struct mud_xmpp_lines *lines)
{
    struct mud_xmpp_lines old = *lines;

    lines->cap = old.cap ? old.cap * 2 : SMALL;
    lines->slots = mud_calloc(lines->cap, sizeof *lines->slots);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].text)
            *place_of(lines, old.slots[i].key) = old.slots[i];
    free(old.slots);
}

static void forget_half(struct mud_xmpp_lines *lines)
{
    uint64_t from = lines->clock - lines->n / 2;

    for (size_t i = 0; i < lines->cap; i++)
        if (lines->slots[i].age < from)
            drop(lines, &lines->slots[i]);
}

void mud_xmpp_lines_put(struct mud_xmpp_lines *lines, const char *kind,
                        struct mud_str name, struct mud_str more,
                        struct mud_str text, int64_t file)
{
    struct mud_id key = key_of(kind, name, more);
    struct mud_xmpp_line *line = find(lines, key);

    if (line)
        drop(lines, line);
    if (!text.n || text.n > TEXT_MAX)
        return;
    if (lines->bytes > BYTES_MAX)
        forget_half(lines);
    if (lines->n >= lines->cap / 2 && lines->cap < LARGE)
        grow(lines);
    line = place_of(lines, key);
    *line = (struct mud_xmpp_line){.key = key,
                                   .text = mud_malloc(text.n),
                                   .n = text.n,
                                   .age = ++lines->clock,
                                   .file = file};
    memcpy(line->text, text.s, text.n);
    lines->bytes += text.n;
    lines->n++;
}

struct mud_xmpp_line *mud_xmpp_lines_get(const struct mud_xmpp_lines *lines,
                                         const char *kind, struct mud_str name,
                                         struct mud_str more)
{
    return find(lines, key_of(kind, name, more));
}

void mud_xmpp_lines_free(struct mud_xmpp_lines *lines)
{
    for (size_t i = 0; i < lines->cap; i++)
        free(lines->slots[i].text);
    free(lines->slots);
    *lines = (struct mud_xmpp_lines){0};
}
