#include "evidence/vault.h"

#include "base/log.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#define BATCH 256

/* Responses of a WARC that was handed over, gathered until a batch is full. */
struct take {
    struct mud_warc_take *take;
    struct mud_vault *vault;
    struct mud_pg *pg;
    const struct mud_capture *file;
    struct mud_arena *arena; /* of one batch */
    struct mud_facts *facts;
    size_t n;
};

static void note(struct take *t, const char *text)
{
    t->take->notes++;
    if (t->take->note)
        t->take->note(text, t->take->payload);
}

static int http_status(struct mud_str head)
{
    size_t space = mud_str_chr(head, ' ');
    uint64_t status = 0;

    if (space != MUD_NPOS && space + 4 <= head.n &&
        mud_str_u64(mud_str_sub(head, space + 1, space + 4), &status))
        return (int)status;
    return 0;
}

static struct mud_str http_type(struct mud_str head, struct mud_arena *arena)
{
    struct mud_exchange x = {.response_head = head};

    return mud_str_dup(
        mud_utf8_clean(mud_exchange_header(&x, "Content-Type"), arena, NULL),
        arena);
}

static void make_id(struct mud_facts *f)
{
    char at[32], hex[MUD_HEX256], source[16];
    struct mud_str parts[4];

    snprintf(at, sizeof(at), "%lld", (long long)f->c.at);
    snprintf(source, sizeof(source), "%d", f->c.source);
    parts[0] = f->c.url;
    parts[1] = mud_str_z(at);
    parts[2] = mud_str_z(mud_hex(hex, f->c.sha256, MUD_SHA256));
    parts[3] = mud_str_z(source);
    f->c.id = mud_id_of_parts("capture", parts, 4);
}

/* A record that was read to its end. */
static void add(struct take *t, const struct mud_warc_record *r,
                const struct mud_warc_sums *sums)
{
    struct mud_facts *f = &t->facts[t->n];

    f->c.kind = MUD_CAPTURE_RECORD;
    f->c.source = t->file->source;
    f->c.parent = t->file->id;
    f->c.supplier = t->file->supplier;
    f->c.warc = t->file->warc;
    f->c.offset = r->offset;
    f->c.inner = r->inner;
    f->c.length = r->length;
    f->c.size = sums->size;
    memcpy(f->c.sha256, sums->sha256, MUD_SHA256);
    f->c.status = http_status(sums->http_head);
    f->c.content_type =
        sums->http_head.n
            ? http_type(sums->http_head, t->arena)
            : mud_str_dup(mud_utf8_clean(r->content_type, t->arena, NULL),
                          t->arena);
    f->c.url = mud_str_dup(mud_utf8_clean(r->uri, t->arena, NULL), t->arena);
    f->c.at = r->at ? r->at : t->file->at;
    f->started = f->c.at;
    f->peer_ip = mud_str_dup(mud_utf8_clean(r->ip, t->arena, NULL), t->arena);
    if (mud_str_eqz(r->truncated, "length") ||
        mud_str_eqz(r->truncated, "time") ||
        mud_str_eqz(r->truncated, "disconnect"))
        f->cut = mud_str_dup(r->truncated, t->arena);
    f->record_id = mud_str_dup(mud_utf8_clean(r->id, t->arena, NULL), t->arena);
    f->access_mode = MUD_STR("export_supplied");
    mud_vault_stamp(f, t->vault, t->arena);
    make_id(f);
    t->n++;
}

static bool ids_known(bool *known, struct take *t, struct mud_error *err)
{
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};
    struct mud_rows *rows;
    struct mud_str arg;
    bool ok;

    mud_json_array(&json);
    for (size_t i = 0; i < t->n; i++) {
        char id[MUD_ID_TEXT];

        mud_json_str(&json, mud_str_z(mud_id_text(id, t->facts[i].c.id)));
    }
    mud_json_array_end(&json);
    arg = mud_buf_view(&text);
    ok = mud_pg_query(&rows, t->pg, mud_sql("capture_known"), &arg, 1, err);
    mud_buf_free(&text);
    if (!ok)
        return false;
    for (size_t r = 0; r < mud_rows_count(rows); r++)
        for (size_t i = 0; i < t->n; i++)
            if (mud_id_eq(t->facts[i].c.id, mud_rows_id(rows, r, 0)))
                known[i] = true;
    mud_rows_free(rows);
    /* The same record twice in one batch. */
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < i && !known[i]; k++)
            known[i] = mud_id_eq(t->facts[k].c.id, t->facts[i].c.id);
    return true;
}

/* Known ones come out of the database, where their place may be another. */
static bool tell(struct take *t, const bool *known, struct mud_facts *fresh,
                 struct mud_error *err)
{
    size_t k = 0;

    for (size_t i = 0; i < t->n; i++) {
        struct mud_capture c;

        t->take->responses++;
        t->take->known += known[i];
        if (!known[i])
            c = fresh[k++].c;
        else if (t->take->each &&
                 !mud_capture_load(&c, t->pg, t->facts[i].c.id, t->arena, err))
            return false;
        if (t->take->each &&
            !t->take->each(&c, known[i], t->take->payload, err))
            return false;
    }
    return true;
}

static bool flush(struct take *t, struct mud_error *err)
{
    bool *known = mud_arena_array(t->arena, t->n, sizeof(*known));
    struct mud_facts *fresh = mud_arena_array(t->arena, t->n, sizeof(*fresh));
    struct mud_commit commit = {.op = "capture"};
    struct mud_error late = {0};
    size_t m = 0;
    bool ok, unsure;

    if (t->n == 0)
        return true;
    ok = ids_known(known, t, err);
    for (size_t i = 0; ok && i < t->n; i++)
        if (!known[i])
            fresh[m++] = t->facts[i];
    ok = ok && (m == 0 || mud_commit(fresh, m, &unsure, &commit, t->pg, err));
    if (ok && m && !mud_ledger_mirror(t->pg, t->vault->home, &late))
        mud_log(MUD_LOG_ERROR, "ledger", "%s", late.text);
    ok = ok && tell(t, known, fresh, err);
    t->n = 0;
    mud_arena_reset(t->arena);
    t->facts = mud_arena_array(t->arena, BATCH, sizeof(*t->facts));
    return ok;
}

static bool wanted(const struct mud_warc_record *r)
{
    return r->uri.n && (r->type == MUD_WARC_RESPONSE ||
                        (r->type == MUD_WARC_RESOURCE &&
                         mud_str_istarts(r->uri, MUD_STR("http"))));
}

static bool one(struct take *t, struct mud_warc *warc, struct mud_warc_sum *sum,
                struct mud_warc_record *r, struct mud_error *err)
{
    struct mud_warc_sums sums;
    char buf[16384], text[300];
    size_t n = 1;

    if (!wanted(r)) {
        t->take->others++;
        return mud_warc_end(r, warc, err);
    }
    mud_warc_sum_begin(sum, r);
    while (n > 0) {
        if (!mud_warc_read(warc, buf, sizeof(buf), &n, err))
            return false;
        mud_warc_sum_add(sum, buf, n);
    }
    sums = mud_warc_sum_end(sum);
    if (!mud_warc_end(r, warc, err))
        return false;
    if (sums.headless || sums.block == MUD_WARC_DIGEST_BAD) {
        snprintf(text,
                 sizeof(text),
                 "record at byte %lld of %.*s: %s",
                 (long long)r->offset,
                 MUD_FMT(t->file->url),
                 sums.headless ? "its HTTP head has no end"
                               : "its block digest is wrong");
        note(t, text);
    }
    if (!sums.headless)
        add(t, r, &sums);
    return true;
}

/* Damage is noted; reading goes on at the next record that can be found. */
static bool go_on(struct take *t, struct mud_warc *warc, bool *more,
                  struct mud_error *damage, struct mud_error *err)
{
    if (damage->code != MUD_ECORRUPT)
        return mud_fail(err, damage->code, "%s", damage->text);
    note(t, damage->text);
    mud_error_clear(damage);
    return mud_warc_resync(warc, more, err);
}

static bool walk(struct take *t, struct mud_warc *warc,
                 struct mud_warc_sum *sum, struct mud_error *err)
{
    struct mud_error damage = {0};
    struct mud_warc_record r;
    bool more = true;

    while (more) {
        if (!mud_warc_next(&r, &more, warc, &damage) ||
            (more && !one(t, warc, sum, &r, &damage))) {
            if (!go_on(t, warc, &more, &damage, err))
                return false;
        }
        if (t->n == BATCH && !flush(t, err))
            return false;
    }
    return flush(t, err);
}

bool mud_seal_warc_records(struct mud_warc_take *take, struct mud_vault *vault,
                           struct mud_pg *pg, const struct mud_capture *file,
                           struct mud_error *err)
{
    struct take t = {take, vault, pg, file, mud_arena_new(), NULL, 0};
    struct mud_warc_sum *sum = mud_warc_sum_new();
    struct mud_warc *warc = NULL;
    bool ok;

    take->responses = take->known = take->others = 0;
    take->notes = 0;
    t.facts = mud_arena_array(t.arena, BATCH, sizeof(*t.facts));
    ok = file->whole || mud_fail(err,
                                 MUD_EINPUT,
                                 "%.*s: not a WARC that was handed over",
                                 MUD_FMT(file->url));
    ok = ok && mud_vault_ready(vault, pg, err) &&
         mud_vault_warc(&warc, vault, file->warc, err) &&
         walk(&t, warc, sum, err);
    mud_warc_close(warc);
    mud_warc_sum_free(sum);
    mud_arena_free(t.arena);
    return ok;
}
