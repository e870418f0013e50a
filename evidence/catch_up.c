#include "evidence/tail.h"

#include "base/log.h"
#include "base/utf8.h"
#include "evidence/show.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * A database that was restored from a backup lacks what was sealed since. All of
 * it is in the vault and in ledger.jsonl: the lines go back in as they stand
 * (the table takes them only if they continue its chain), rows are made again
 * from the records that the lines name. One transaction: all or nothing.
 */
struct catch_up {
    struct mud_vault *vault;
    struct mud_pg *pg;
    struct mud_arena *arena; /* of one line */
    int64_t head;            /* last line that the database has */
    uint8_t hash[MUD_SHA256];
    bool joined; /* the copy holds that very line */
    int64_t lines;
};

static bool read_head(struct catch_up *c, bool *empty, struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, c->pg, mud_sql("ledger_last"), NULL, 0, err))
        return false;
    *empty = mud_rows_count(rows) == 0 ||
             !mud_rows_bytes(rows, 0, 1, c->hash, MUD_SHA256);
    if (!*empty)
        c->head = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

static bool insert_line(struct catch_up *c, struct mud_str line,
                        const json_t *json, struct mud_error *err)
{
    struct mud_buf text = {0};
    struct mud_json out = {.buf = &text};
    uint8_t hash[MUD_SHA256];
    struct mud_str arg;
    bool ok;

    mud_sha256_of(line, hash);
    mud_json_array(&out);
    mud_json_object(&out);
    mud_json_kint(&out, "seq", mud_json_get_int(json, "seq", -1));
    mud_json_kstr(&out, "at", mud_json_get_str(json, "ts"));
    mud_json_kstr(&out, "op", mud_json_get_str(json, "op"));
    mud_json_kstr(&out, "object", mud_json_get_str(json, "object"));
    mud_json_kstr(&out, "actor", mud_json_get_str(json, "actor"));
    mud_json_kstr(&out, "line", line);
    mud_json_khex(&out, "hash", hash, MUD_SHA256);
    mud_json_object_end(&out);
    mud_json_array_end(&out);
    arg = mud_buf_view(&text);
    ok = mud_pg_query(NULL, c->pg, mud_sql("ledger_insert"), &arg, 1, err);
    mud_buf_free(&text);
    return ok;
}

static struct mud_str copy(struct catch_up *c, const json_t *json,
                           const char *key)
{
    return mud_str_dup(mud_json_get_str(json, key), c->arena);
}

/* Out of the records in our own file, which hold all of a row. */
static bool from_span(struct mud_facts *f, struct catch_up *c,
                      const json_t *span, struct mud_error *err)
{
    struct mud_tail tail = {.vault = c->vault,
                            .pg = c->pg,
                            .name = mud_str_cstr(mud_json_get_str(span, "file"),
                                                 c->arena),
                            .from = mud_json_get_int(span, "offset", -1),
                            .arena = c->arena};
    uint8_t want[MUD_SHA256];
    size_t n;

    if (!mud_tail_read(f, &n, 1, &tail, err))
        return false;
    if (n == 1 &&
        mud_unhex(mud_json_get_str(span, "sha256"), want, MUD_SHA256) &&
        memcmp(want, f->span_sha256, MUD_SHA256) == 0)
        return true;
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "vault/%s at byte %lld: not the records that the ledger "
                    "names",
                    tail.name,
                    (long long)tail.from);
}

/* A record of a WARC that was handed over has no metadata of its own: what the
 * line says, and what stands in the head of the record. */
static bool from_line(struct mud_facts *f, struct catch_up *c,
                      const json_t *detail, struct mud_error *err)
{
    const json_t *warc = json_object_get(detail, "warc");
    struct mud_exchange x = {0};
    struct mud_str request;
    struct mud_error damage = {0};

    memset(f, 0, sizeof(*f));
    f->c.kind = MUD_CAPTURE_RECORD;
    f->c.url = copy(c, detail, "url");
    f->c.supplier = copy(c, detail, "supplier");
    f->c.status = (int)mud_json_get_int(detail, "status", 0);
    f->c.size = mud_json_get_int(detail, "size", -1);
    f->c.source = (int32_t)mud_json_get_int(detail, "source", 0);
    f->c.warc = copy(c, warc, "file");
    f->c.offset = mud_json_get_int(warc, "offset", -1);
    f->c.length = mud_json_get_int(warc, "length", 0);
    f->c.inner = mud_json_get_int(warc, "inner", 0);
    f->access_mode = MUD_STR("export_supplied");
    if (!mud_time_parse(mud_json_get_str(detail, "at"), &f->c.at) ||
        !mud_id_parse(mud_json_get_str(detail, "parent"), &f->c.parent) ||
        !mud_unhex(mud_json_get_str(detail, "sha256"), f->c.sha256, MUD_SHA256))
        return mud_fail(err, MUD_ECORRUPT, "not the line of a capture");
    f->started = f->c.at;
    if (mud_capture_heads(
            &request, &x.response_head, c->vault, &f->c, c->arena, &damage))
        f->c.content_type = mud_utf8_clean(
            mud_exchange_header(&x, "Content-Type"), c->arena, NULL);
    return true;
}

static bool insert_capture(struct catch_up *c, const json_t *json,
                           struct mud_error *err)
{
    const json_t *detail = json_object_get(json, "detail");
    const json_t *span = json_object_get(detail, "span");
    struct mud_warc_row handed = {.kind = "handed"};
    struct mud_str args[2];
    struct mud_facts f;
    int64_t grown;
    char end[32];

    if (!(span ? from_span(&f, c, span, err) : from_line(&f, c, detail, err)))
        return false;
    if (!mud_id_parse(mud_json_get_str(json, "object"), &f.c.id))
        return mud_fail(err, MUD_ECORRUPT, "not the line of a capture");
    f.c.ledger_seq = mud_json_get_int(json, "seq", -1);
    if (!span) {
        f.actor = copy(c, json, "actor");
        if (!mud_time_parse(mud_json_get_str(json, "ts"), &f.sealed))
            f.sealed = f.c.at;
    }
    handed.name = mud_str_cstr(f.c.warc, c->arena);
    handed.sealed_to = f.seal.file ? f.seal.file_size : f.c.size;
    if (f.c.whole && !mud_warc_row_add(c->pg, &handed, err))
        return false;
    grown = f.span_offset + f.span_length;
    snprintf(end, sizeof(end), "%lld", (long long)grown);
    args[0] = f.span_file;
    args[1] = mud_str_z(end);
    if (span &&
        !mud_pg_query(NULL, c->pg, mud_sql("capture_warc_grow"), args, 2, err))
        return false;
    return mud_facts_insert(&f, 1, c->pg, err);
}

static bool one_line(struct catch_up *c, struct mud_str line,
                     struct mud_error *err)
{
    json_t *json = mud_json_read(line, err);
    struct mud_str op = mud_json_get_str(json, "op");
    struct mud_str object = mud_json_get_str(json, "object");
    struct mud_warc_row own = {.kind = "own"};
    bool ok = json && insert_line(c, line, json, err);

    if (ok && mud_str_eqz(op, "file")) {
        own.name = mud_str_cstr(object, c->arena);
        own.warcinfo = mud_id_of("warcinfo", object);
        own.sealed_to =
            mud_json_get_int(json_object_get(json, "detail"), "length", 0);
        ok = mud_warc_row_add(c->pg, &own, err);
    } else if (ok &&
               (mud_str_eqz(op, "capture") || mud_str_eqz(op, "recover"))) {
        ok = insert_capture(c, json, err);
    }
    json_decref(json);
    mud_arena_reset(c->arena);
    c->lines += ok;
    return ok;
}

/* Lines up to the database's head are passed over. */
static bool take_line(struct catch_up *c, struct mud_str line,
                      struct mud_error *err)
{
    struct mud_ledger_line l;

    if (!mud_ledger_line_read(&l, line, err))
        return false;
    if (l.seq == c->head)
        c->joined = memcmp(l.hash, c->hash, MUD_SHA256) == 0;
    if (l.seq <= c->head || !c->joined)
        return true;
    return one_line(c, line, err) ||
           mud_fail_in(err, "line %lld of the ledger", (long long)l.seq);
}

static bool take_lines(struct catch_up *c, FILE *file, struct mud_error *err)
{
    char *buf = mud_malloc(MUD_LEDGER_LINE + 2);
    bool ok = true;

    while (ok && fgets(buf, MUD_LEDGER_LINE + 2, file)) {
        size_t n = strlen(buf);

        if (n == 0 || buf[n - 1] != '\n')
            break; /* torn off */
        ok = take_line(c, mud_str_of(buf, n - 1), err);
    }
    free(buf);
    return ok;
}

bool mud_vault_catch_up(struct mud_vault *vault, struct mud_pg *pg,
                        struct mud_error *err)
{
    struct catch_up c = {.vault = vault, .pg = pg};
    char path[4200];
    bool empty, ok;
    FILE *file;

    if (!read_head(&c, &empty, err))
        return false;
    if (empty)
        return true; /* another database, not an older one */
    snprintf(path, sizeof(path), "%s/ledger/ledger.jsonl", vault->home);
    file = fopen(path, "re");
    if (!file)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    c.arena = mud_arena_new();
    ok = mud_pg_begin(pg, err) && take_lines(&c, file, err) &&
         mud_pg_commit(pg, err);
    if (!ok)
        mud_pg_rollback(pg);
    else if (c.lines)
        mud_log(MUD_LOG_WARN,
                "ledger",
                "the database was %lld lines behind the vault, as after a "
                "restore; they were put back",
                (long long)c.lines);
    fclose(file);
    mud_arena_free(c.arena);
    return ok || mud_fail_in(err, "bring the database up to %s", path);
}
