/*
 * A stream off the wire, whatever the server sends: in pieces of any size the
 * same stanzas come out, each within the limits, as a tree whose nodes lie
 * where they say, and the same when it is read as a log.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "fetch/stanza.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    uint64_t sum, n;
    bool read;
};

static void check_tree(const struct mud_stanza *stanza)
{
    for (uint32_t i = 0; i < stanza->n; i++) {
        const struct mud_xml *node = &stanza->nodes[i];

        if (node->parent > i || (i > 0 && !node->parent) || node->end <= i ||
            node->end > stanza->n || node->n_attrs % 2)
            abort();
        if (node->parent && node->end > stanza->nodes[node->parent - 1].end)
            abort();
    }
}

static bool on_stanza(struct mud_str text, struct mud_str before,
                      uint64_t start, uint64_t end, void *payload,
                      struct mud_error *err)
{
    struct seen *seen = payload;
    struct mud_arena *arena = mud_arena_new();
    struct mud_error bad = {0};
    struct mud_stanza stanza;

    (void)err;
    if (start >= end || text.n > MUD_STANZA_MAX || before.n > 4000 ||
        (text.n && text.n > end - start))
        abort();
    seen->n++;
    seen->sum = seen->sum * 31 + mud_hash64(text.s, text.n) + start * 7 + end;
    if (seen->read && mud_stanza_read(&stanza, text, arena, &bad)) {
        if (!stanza.n || stanza.n > MUD_STANZA_NODES)
            abort();
        check_tree(&stanza);
    }
    mud_arena_free(arena);
    return true;
}

static struct seen scan(struct mud_str bytes, size_t step, bool stream,
                        bool read)
{
    struct seen seen = {.read = read};
    const struct mud_stanzas to = {on_stanza, NULL, &seen, stream};
    struct mud_stanza_scan *scan = mud_stanza_scan_new(&to);
    struct mud_error err = {0};

    for (size_t at = 0; at < bytes.n; at += step)
        if (!mud_stanza_scan_feed(
                scan, mud_str_sub(bytes, at, at + step), &err))
            abort();
    mud_stanza_scan_free(scan);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_str bytes = {(const char *)data, size};

    for (int stream = 0; stream < 2; stream++) {
        struct seen whole = scan(bytes, size ? size : 1, stream, true);
        struct seen parts = scan(bytes, 1 + size % 7, stream, false);

        if (whole.n != parts.n || whole.sum != parts.sum)
            abort();
    }
    return 0;
}
