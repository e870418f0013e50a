#include "evidence/anchor.h"

#include "base/json.h"

#include <stdio.h>

static bool seq_of(int64_t *seq, struct mud_pg *pg, struct mud_id capture,
                   struct mud_error *err)
{
    char id[MUD_ID_TEXT];
    struct mud_str arg = mud_str_z(mud_id_text(id, capture));
    struct mud_rows *rows;
    bool found;

    if (!mud_pg_query(&rows, pg, mud_sql("anchor_seq"), &arg, 1, err))
        return false;
    found = mud_rows_count(rows) > 0;
    if (found)
        *seq = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return found || mud_fail(err, MUD_EMISSING, "no capture %s", id);
}

/* What anchor holds that line. */
static bool cover(struct mud_anchor *anchor, struct mud_buf *statement,
                  struct mud_pg *pg, int64_t seq, struct mud_error *err)
{
    char text[32];
    struct mud_str arg;
    struct mud_rows *rows;
    bool good;

    (void)snprintf(text, sizeof(text), "%lld", (long long)seq);
    arg = mud_str_z(text);
    if (!mud_pg_query(&rows, pg, mud_sql("anchor_cover"), &arg, 1, err))
        return false;
    if (mud_rows_count(rows) == 0) {
        good = mud_fail(err,
                        MUD_EMISSING,
                        "line %lld of the ledger is not anchored yet: that "
                        "comes when its day is over, or by mudlark ledger "
                        "anchor --now",
                        (long long)seq);
    } else {
        mud_buf_str(statement, mud_rows_get(rows, 0, 0));
        good = mud_anchor_read(anchor, mud_buf_view(statement), err);
    }
    mud_rows_free(rows);
    return good;
}

static bool put_line(struct mud_json *json, struct mud_pg *pg, int64_t seq,
                     struct mud_error *err)
{
    char text[32];
    struct mud_str arg;
    struct mud_rows *rows;
    bool good;

    (void)snprintf(text, sizeof(text), "%lld", (long long)seq);
    arg = mud_str_z(text);
    if (!mud_pg_query(&rows, pg, mud_sql("ledger_line"), &arg, 1, err))
        return false;
    good = mud_rows_count(rows) == 1 ||
           mud_fail(
               err, MUD_ECORRUPT, "the ledger lacks line %lld", (long long)seq);
    if (good)
        mud_json_kstr(json, "line", mud_rows_get(rows, 0, 5));
    mud_rows_free(rows);
    return good;
}

static bool put_path(struct mud_json *json, struct mud_pg *pg, int64_t seq,
                     const struct mud_anchor *anchor, struct mud_error *err)
{
    struct mud_merkle tree = {.watch = (uint64_t)(seq - anchor->first)};
    struct mud_anchor now = {0};
    bool ended;

    if (!mud_anchor_walk(
            &now, &ended, &tree, pg, anchor->first, anchor->lines, err))
        return false;
    if (now.lines != anchor->lines ||
        memcmp(now.root, anchor->root, MUD_SHA256) != 0)
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "the ledger is not what the anchor of %s says: mudlark "
                        "ledger verify",
                        anchor->day);
    mud_json_key(json, "path");
    mud_json_array(json);
    for (size_t i = 0; i < tree.n_path; i++) {
        char hex[MUD_HEX256];
        mud_json_str(json, mud_str_z(mud_hex(hex, tree.path[i], MUD_SHA256)));
    }
    mud_json_array_end(json);
    return true;
}

bool mud_anchor_proof(struct mud_buf *out, struct mud_pg *pg,
                      struct mud_id capture, struct mud_error *err)
{
    struct mud_json json = {.buf = out};
    struct mud_buf statement = {0};
    struct mud_anchor anchor = {0};
    char name[MUD_ANCHOR_NAME];
    int64_t seq = 0;
    bool good = seq_of(&seq, pg, capture, err) &&
                cover(&anchor, &statement, pg, seq, err);

    if (good) {
        mud_json_object(&json);
        mud_json_kz(&json, "type", "proof");
        mud_json_kint(&json, "schema", 1);
        mud_json_kid(&json, "capture", capture);
        mud_json_kz(&json, "file", mud_anchor_name(name, &anchor));
        mud_json_kstr(&json, "anchor", mud_buf_view(&statement));
        mud_json_kint(&json, "index", seq - anchor.first);
        good = put_line(&json, pg, seq, err) &&
               put_path(&json, pg, seq, &anchor, err);
        mud_json_object_end(&json);
    }
    mud_buf_free(&statement);
    return good;
}
