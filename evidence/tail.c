#include "evidence/tail.h"

#include "evidence/show.h"

#include <stdio.h>

#define METADATA_MAX ((int64_t)1 << 20)

struct reading {
    struct mud_warc *warc;
    struct mud_warc_sum *sum;
    struct mud_sha256 *span, *plain;
    struct mud_error why; /* reading stopped */
    struct mud_arena *arena;
    int64_t start;             /* of the capture being put together */
    struct mud_capture at;     /* its places so far */
    struct mud_warc_sums sums; /* of its response or resource */
    struct mud_str record_id;
    bool has_response;
};

/* Read a record to its end, and its block into *block when it is asked for. */
static bool finish(struct reading *t, struct mud_warc_record *r,
                   struct mud_str *block)
{
    char *to = block ? mud_arena_alloc(t->arena, (size_t)r->size) : NULL;
    char buf[16384];
    size_t n = 1, have = 0;

    mud_warc_sum_begin(t->sum, r);
    while (n > 0) {
        if (!mud_warc_read(t->warc, buf, sizeof(buf), &n, &t->why))
            return false;
        mud_warc_sum_add(t->sum, buf, n);
        if (to)
            memcpy(to + have, buf, n);
        have += n;
    }
    if (block)
        *block = mud_str_of(to, have);
    t->sums = mud_warc_sum_end(t->sum);
    return mud_warc_end(r, t->warc, &t->why) && !r->odd &&
           t->sums.block == MUD_WARC_DIGEST_GOOD;
}

/* The metadata record closes a capture. */
static bool close_capture(struct mud_facts *f, struct reading *t,
                          struct mud_warc_record *r, const char *name)
{
    struct mud_warc_sums payload = t->sums;
    struct mud_frame frame;
    struct mud_str json;
    int64_t end;

    if (r->size > METADATA_MAX || !finish(t, r, &json) ||
        !mud_facts_of_metadata(f, json, t->arena, NULL))
        return false;
    end = r->offset + r->length;
    if (f->c.whole != !t->has_response)
        return false;
    if (!f->c.whole) {
        if (memcmp(payload.sha256, f->c.sha256, MUD_SHA256) != 0 ||
            payload.size != f->c.size)
            return false;
        f->c.warc = mud_str_dup(mud_str_z(name), t->arena);
        f->c.offset = t->at.offset;
        f->c.length = t->at.length;
        f->c.request_offset = t->at.request_offset;
        f->c.request_length = t->at.request_length;
        f->record_id = t->record_id;
    } else {
        f->c.length = f->c.size;
    }
    f->span_file = mud_str_dup(mud_str_z(name), t->arena);
    f->span_offset = t->start;
    f->span_length = end - t->start;
    f->has_span = true;
    mud_sha256_end(t->span, f->span_sha256);
    f->seal.sealed =
        mud_warc_sealed(t->warc) && mud_warc_frame(&frame, t->warc);
    if (f->seal.sealed) {
        f->seal.key = frame.key;
        f->seal.salt = frame.salt;
        mud_sha256_end(t->plain, f->seal.plain);
    }
    return true;
}

/* One capture; false: there is no whole one here. */
static bool next(struct mud_facts *f, struct reading *t, const char *name)
{
    struct mud_warc_record r;
    bool more;

    memset(&t->at, 0, sizeof(t->at));
    t->has_response = false;
    mud_sha256_end(t->span, f->span_sha256); /* begin anew */
    mud_sha256_end(t->plain, f->span_sha256);
    for (int i = 0; i < 3; i++) {
        if (!mud_warc_next(&r, &more, t->warc, &t->why) || !more)
            return false;
        if (i == 0)
            t->start = r.offset;
        if (r.type == MUD_WARC_METADATA)
            return close_capture(f, t, &r, name);
        if ((r.type == MUD_WARC_RESPONSE || r.type == MUD_WARC_RESOURCE) &&
            !t->has_response) {
            t->record_id = mud_str_dup(r.id, t->arena);
            if (!finish(t, &r, NULL))
                return false;
            t->has_response = true;
            t->at.offset = r.offset;
            t->at.length = r.length;
        } else if (r.type == MUD_WARC_REQUEST && i == 0) {
            if (!finish(t, &r, NULL))
                return false;
            t->at.request_offset = r.offset;
            t->at.request_length = r.length;
        } else {
            return false;
        }
    }
    return false;
}

/* Sealed elsewhere after the crash: these bytes are a capture of their own. */
static bool fresh_id(struct mud_facts *f, const struct mud_facts *batch,
                     size_t n, const struct mud_tail *tail,
                     struct mud_error *err)
{
    struct mud_facts other;
    struct mud_error e = {0};
    char id[MUD_ID_TEXT], at[32];
    struct mud_str parts[3];
    bool taken = mud_facts_load(&other, tail->pg, f->c.id, tail->arena, &e);

    if (!taken && e.code != MUD_EMISSING)
        return mud_fail(err, e.code, "%s", e.text);
    for (size_t i = 0; i < n; i++)
        taken = taken || mud_id_eq(batch[i].c.id, f->c.id);
    if (!taken)
        return true;
    snprintf(at, sizeof(at), "%lld", (long long)f->span_offset);
    parts[0] = mud_str_z(mud_id_text(id, f->c.id));
    parts[1] = f->span_file;
    parts[2] = mud_str_z(at);
    f->c.id = mud_id_of_parts("capture", parts, 3);
    return true;
}

bool mud_tail_read(struct mud_facts *out, size_t *n, size_t max,
                   struct mud_tail *tail, struct mud_error *err)
{
    struct reading t = {.arena = tail->arena};
    bool ok = true;

    *n = 0;
    tail->end = tail->from;
    if (tail->from < 0)
        return mud_fail(err, MUD_EINPUT, "%s: no such offset", tail->name);
    if (!mud_vault_warc(&t.warc, tail->vault, mud_str_z(tail->name), err))
        return false;
    t.sum = mud_warc_sum_new();
    t.span = mud_sha256_new();
    t.plain = mud_sha256_new();
    mud_warc_tap(t.warc, t.span);
    mud_warc_tap_plain(t.warc, t.plain);
    if (mud_warc_seek(t.warc, tail->from, 0, err))
        while (ok && *n < max && next(&out[*n], &t, tail->name)) {
            struct mud_facts *f = &out[*n];

            tail->end = f->span_offset + f->span_length;
            ok = fresh_id(f, out, *n, tail, err);
            ++*n;
        }
    mud_warc_close(t.warc);
    mud_warc_sum_free(t.sum);
    mud_sha256_free(t.span);
    mud_sha256_free(t.plain);
    /* What cannot be read is not therefore half written: without its key, or
     * from a bad disk, nothing may be cut off. */
    if (ok && (t.why.code == MUD_EDENIED || t.why.code == MUD_EIO))
        return mud_fail(err, t.why.code, "%s", t.why.text);
    return ok;
}
