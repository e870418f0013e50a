#include "evidence/ledger.h"

#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"

#include <stdlib.h>

struct head {    /* of the chain: what the next line continues */
    int64_t seq; /* of the next line */
    int64_t at;
    uint8_t hash[MUD_SHA256];
};

static bool head_read(struct head *head, struct mud_pg *pg,
                      struct mud_error *err)
{
    struct mud_rows *rows;
    bool ok;

    memset(head, 0, sizeof(*head));
    if (!mud_pg_query(&rows, pg, mud_sql("ledger_head"), NULL, 0, err))
        return false;
    ok = mud_rows_null(rows, 0, 0) ||
         mud_rows_bytes(rows, 0, 1, head->hash, MUD_SHA256) ||
         mud_fail(err, MUD_ECORRUPT, "ledger: head without digest");
    if (!mud_rows_null(rows, 0, 0)) {
        head->seq = mud_rows_int(rows, 0, 0) + 1;
        head->at = mud_rows_time(rows, 0, 2);
    }
    mud_rows_free(rows);
    return ok;
}

static bool canonical(struct mud_buf *out, struct mud_str detail,
                      struct mud_error *err)
{
    json_t *json;
    char *text;

    if (!detail.n)
        detail = MUD_STR("{}");
    json = mud_json_read(detail, err);
    if (!json)
        return mud_fail_in(err, "detail of a ledger line");
    if (!json_is_object(json)) {
        json_decref(json);
        return mud_fail(err, MUD_EINPUT, "detail of a ledger line: no object");
    }
    text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(json);
    if (!text)
        return mud_fail(err, MUD_EINPUT, "detail of a ledger line: no text");
    mud_buf_z(out, text);
    free(text);
    return true;
}

/* Keys in order: that is what makes the line canonical. */
static bool line_write(struct mud_buf *line, const struct head *head,
                       const struct mud_ledger_entry *entry,
                       struct mud_error *err)
{
    struct mud_json json = {.buf = line};
    struct mud_buf detail = {.max = MUD_LEDGER_LINE};
    char hex[MUD_HEX256], at[MUD_TIME_TEXT];
    bool ok = canonical(&detail, entry->detail, err);

    mud_buf_clear(line);
    mud_json_object(&json);
    mud_json_kstr(&json, "actor", entry->actor);
    mud_json_key(&json, "detail");
    mud_json_raw(&json, mud_buf_view(&detail));
    mud_json_kstr(&json, "object", entry->object);
    mud_json_kz(&json, "op", entry->op);
    mud_json_kz(&json, "prev", mud_hex(hex, head->hash, MUD_SHA256));
    mud_json_kint(&json, "seq", head->seq);
    mud_json_kz(&json, "ts", mud_time_text(at, head->at, true));
    mud_json_object_end(&json);
    if (detail.over || line->n >= MUD_LEDGER_LINE)
        ok = mud_fail(
            err, MUD_ELIMIT, "ledger line above 64 KiB: %s", entry->op);
    mud_buf_free(&detail);
    return ok;
}

/* One line and its row of JSON; moves head on. */
static bool add(struct mud_json *rows, struct head *head, struct mud_buf *line,
                struct mud_ledger_entry *entry, struct mud_error *err)
{
    char at[MUD_TIME_TEXT];

    if (!line_write(line, head, entry, err))
        return false;
    mud_sha256_of(mud_buf_view(line), head->hash);
    entry->seq = head->seq++;
    mud_json_object(rows);
    mud_json_kint(rows, "seq", entry->seq);
    mud_json_kz(rows, "at", mud_time_text(at, head->at, true));
    mud_json_kz(rows, "op", entry->op);
    mud_json_kstr(rows, "object", entry->object);
    mud_json_kstr(rows, "actor", entry->actor);
    mud_json_kstr(rows, "line", mud_buf_view(line));
    mud_json_khex(rows, "hash", head->hash, MUD_SHA256);
    mud_json_object_end(rows);
    return true;
}

static bool lines_write(struct mud_buf *rows, struct head *head,
                        struct mud_ledger_entry *entries, size_t n,
                        struct mud_error *err)
{
    struct mud_json json = {.buf = rows};
    struct mud_buf line = {0};
    struct mud_ledger_entry first = {.op = "open",
                                     .object = MUD_STR("ledger"),
                                     .actor = entries[0].actor,
                                     .detail = MUD_STR("{\"format\":1}")};
    bool ok = true;

    mud_json_array(&json);
    if (head->seq == 0)
        ok = add(&json, head, &line, &first, err);
    for (size_t i = 0; ok && i < n; i++)
        ok = add(&json, head, &line, &entries[i], err);
    mud_json_array_end(&json);
    mud_buf_free(&line);
    if (ok && rows->over)
        ok = mud_fail(err, MUD_ELIMIT, "too many ledger lines at once");
    return ok;
}

bool mud_ledger_append(struct mud_pg *pg, struct mud_ledger_entry *entries,
                       size_t n, struct mud_error *err)
{
    struct mud_buf rows = {0};
    struct head head;
    struct mud_str arg;
    int64_t now = mud_now();
    bool ok;

    if (n == 0)
        return true;
    for (size_t i = 0; i < n; i++)
        if (mud_utf8_valid(entries[i].object) != entries[i].object.n ||
            mud_utf8_valid(entries[i].actor) != entries[i].actor.n ||
            memchr(entries[i].object.s ? entries[i].object.s : "",
                   '\0',
                   entries[i].object.n))
            return mud_fail(err, MUD_EINPUT, "ledger line: not UTF-8");
    if (!head_read(&head, pg, err))
        return false;
    head.at = head.at > now ? head.at : now;
    ok = lines_write(&rows, &head, entries, n, err);
    arg = mud_buf_view(&rows);
    ok = ok && mud_pg_query(NULL, pg, mud_sql("ledger_insert"), &arg, 1, err);
    mud_buf_free(&rows);
    return ok;
}

bool mud_ledger_note(struct mud_pg *pg, const char *home,
                     struct mud_ledger_entry *entry, struct mud_error *err)
{
    if (!mud_pg_begin(pg, err))
        return false;
    if (!mud_ledger_append(pg, entry, 1, err) || !mud_pg_commit(pg, err)) {
        mud_pg_rollback(pg);
        return false;
    }
    return mud_ledger_mirror(pg, home, err);
}

bool mud_ledger_line_read(struct mud_ledger_line *out, struct mud_str line,
                          struct mud_error *err)
{
    json_t *json = mud_json_read(line, NULL);
    bool ok = json_is_object(json);

    memset(out, 0, sizeof(*out));
    mud_sha256_of(line, out->hash);
    out->seq = ok ? mud_json_get_int(json, "seq", -1) : -1;
    ok = ok && out->seq >= 0 &&
         mud_unhex(mud_json_get_str(json, "prev"), out->prev, MUD_SHA256) &&
         mud_time_parse(mud_json_get_str(json, "ts"), &out->at);
    json_decref(json);
    return ok || mud_fail(err, MUD_ECORRUPT, "not a line of the ledger");
}
