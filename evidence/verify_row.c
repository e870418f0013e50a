#include "evidence/verify_row.h"

#include <stddef.h>

bool mud_json_is_hex(const json_t *json, const char *key, const uint8_t *want)
{
    char hex[MUD_HEX256];

    return mud_str_eqz(mud_json_get_str(json, key),
                       mud_hex(hex, want, MUD_SHA256));
}

/* What the ledger line says of a capture against its row. */
void mud_verify_line(struct mud_verify *verify, const char *where,
                     const struct mud_facts *f, struct mud_str line)
{
    json_t *json = line.n ? mud_json_read(line, NULL) : NULL;
    const json_t *detail = json_object_get(json, "detail");
    const json_t *warc = json_object_get(detail, "warc");
    const json_t *span = json_object_get(detail, "span");
    char id[MUD_ID_TEXT];
    bool ok = json && detail && warc;

    mud_id_text(id, f->c.id);
    ok = ok && mud_str_eqz(mud_json_get_str(json, "object"), id) &&
         mud_json_is_hex(detail, "sha256", f->c.sha256) &&
         mud_json_get_int(detail, "size", -1) == f->c.size &&
         mud_json_get_int(detail, "source", -1) == f->c.source &&
         mud_json_get_int(detail, "status", -1) == f->c.status &&
         mud_str_eq(mud_json_get_str(detail, "url"), f->c.url) &&
         mud_str_eq(mud_json_get_str(detail, "supplier"), f->c.supplier) &&
         mud_str_eq(mud_json_get_str(warc, "file"), f->c.warc) &&
         mud_json_get_int(warc, "offset", -1) == f->c.offset &&
         mud_json_get_int(warc, "length", -1) == f->c.length &&
         f->has_span == (span != NULL);
    if (ok && span)
        ok = mud_json_is_hex(span, "sha256", f->span_sha256) &&
             mud_str_eq(mud_json_get_str(span, "file"), f->span_file) &&
             mud_json_get_int(span, "offset", -1) == f->span_offset &&
             mud_json_get_int(span, "length", -1) == f->span_length;
    if (!ok)
        mud_found(verify,
                  MUD_BAD,
                  "ledger line",
                  where,
                  "capture %s: line %lld does not say what its row says",
                  id,
                  (long long)f->c.ledger_seq);
    json_decref(json);
}

static bool same_json(struct mud_str a, struct mud_str b)
{
    json_t *x, *y;
    bool same;

    if (!a.n || !b.n)
        return a.n == b.n;
    x = mud_json_read(a, NULL);
    y = mud_json_read(b, NULL);
    same = x && y && json_equal(x, y);
    json_decref(x);
    json_decref(y);
    return same;
}

static bool same_digest(bool has_a, const uint8_t *a, bool has_b,
                        const uint8_t *b)
{
    return has_a == has_b && (!has_a || memcmp(a, b, MUD_SHA256) == 0);
}

/* Texts that row and record have in common, by name. */
struct pair {
    const char *name;
    size_t at; /* of the mud_str in struct mud_facts */
};

#define PAIR(name, member)                       \
    {                                            \
        name, offsetof(struct mud_facts, member) \
    }

static const struct pair pairs[] = {
    PAIR("url", c.url),
    PAIR("location", location),
    PAIR("referrer", referrer),
    PAIR("access_mode", access_mode),
    PAIR("account", account),
    PAIR("supplier", c.supplier),
    PAIR("http_version", http_version),
    PAIR("content_type", c.content_type),
    PAIR("cut", cut),
    PAIR("peer_ip", peer_ip),
    PAIR("proxy", proxy),
    PAIR("tool", tool),
    PAIR("actor", actor),
};

static struct mud_str text_at(const struct mud_facts *f, size_t at)
{
    struct mud_str text;

    memcpy(&text, (const char *)f + at, sizeof(text));
    return text;
}

/* The name of the first thing in which they differ, or NULL. */
static const char *differ(const struct mud_facts *a, const struct mud_facts *b)
{
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (!mud_str_eq(text_at(a, pairs[i].at), text_at(b, pairs[i].at)))
            return pairs[i].name;
    if (!same_json(a->dns, b->dns))
        return "dns";
    if (!same_json(a->tls, b->tls))
        return "tls";
    if (!same_json(a->clock, b->clock))
        return "clock";
    if (!same_json(a->circumstances, b->circumstances))
        return "circumstances";
    if (a->started != b->started || a->c.at != b->c.at ||
        a->sealed != b->sealed)
        return "time";
    if (a->c.source != b->c.source || a->c.kind != b->c.kind)
        return "source or kind";
    if (a->c.status != b->c.status || a->c.size != b->c.size ||
        memcmp(a->c.sha256, b->c.sha256, MUD_SHA256) != 0)
        return "status, size or digest";
    if (!same_digest(a->has_sm3, a->sm3, b->has_sm3, b->sm3))
        return "SM3";
    if (!same_digest(a->has_binary, a->binary, b->has_binary, b->binary) ||
        !same_digest(a->has_config, a->config, b->has_config, b->config))
        return "digest of program or settings";
    return NULL;
}

void mud_verify_metadata(struct mud_verify *verify, const char *where,
                         const struct mud_facts *f, struct mud_str json)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_error e = {0};
    struct mud_facts record;
    const char *name;

    if (!mud_facts_of_metadata(&record, json, arena, &e)) {
        mud_found(verify, MUD_BAD, "metadata", where, "%s", e.text);
    } else {
        name = differ(f, &record);
        if (name)
            mud_found(verify,
                      MUD_BAD,
                      "metadata",
                      where,
                      "%s: the row does not say what the record says",
                      name);
    }
    mud_arena_free(arena);
}
