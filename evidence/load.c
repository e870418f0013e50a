#include "evidence/facts.h"
#include "evidence/show.h"

#include <stdio.h>

bool mud_facts_load(struct mud_facts *out, struct mud_pg *pg, struct mud_id id,
                    struct mud_arena *arena, struct mud_error *err)
{
    char text[MUD_ID_TEXT];
    struct mud_str arg = mud_str_z(mud_id_text(text, id));
    struct mud_rows *rows;
    bool found;

    if (!mud_pg_query(&rows, pg, mud_sql("capture_load"), &arg, 1, err))
        return false;
    found = mud_rows_count(rows) == 1;
    if (found)
        mud_facts_of_row(out, rows, 0, arena);
    mud_rows_free(rows);
    return found || mud_fail(err, MUD_EMISSING, "no capture %s", text);
}

bool mud_capture_load(struct mud_capture *out, struct mud_pg *pg,
                      struct mud_id id, struct mud_arena *arena,
                      struct mud_error *err)
{
    struct mud_facts facts;

    if (!mud_facts_load(&facts, pg, id, arena, err))
        return false;
    *out = facts.c;
    return true;
}

bool mud_capture_show(struct mud_capture_shown *out, struct mud_vault *vault,
                      struct mud_pg *pg, struct mud_id id,
                      struct mud_arena *arena, struct mud_error *err)
{
    char seq[32];
    struct mud_str arg;
    struct mud_rows *rows;

    memset(out, 0, sizeof(*out));
    if (!mud_facts_load(&out->facts, pg, id, arena, err))
        return false;
    snprintf(seq, sizeof(seq), "%lld", (long long)out->facts.c.ledger_seq);
    arg = mud_str_z(seq);
    if (!mud_pg_query(&rows, pg, mud_sql("ledger_line"), &arg, 1, err))
        return false;
    if (mud_rows_count(rows) == 1) {
        out->ledger_line = mud_str_dup(mud_rows_get(rows, 0, 5), arena);
        out->ledger_hash = mud_str_dup(mud_rows_get(rows, 0, 6), arena);
    }
    mud_rows_free(rows);
    if (!mud_capture_heads(&out->request_head,
                           &out->response_head,
                           vault,
                           &out->facts.c,
                           arena,
                           &out->damage))
        return out->damage.code != MUD_EBUG;
    return true;
}
