#include "evidence/vault.h"

#include <stdio.h>
#include <stdlib.h>

/* The ledger lines, which give each capture its number. */
static bool to_ledger(struct mud_facts *facts, size_t n,
                      const struct mud_commit *commit, struct mud_pg *pg,
                      struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_ledger_entry *entries =
        mud_arena_array(arena, n, sizeof(*entries));
    struct mud_buf detail = {0};
    bool ok;

    for (size_t i = 0; i < n; i++) {
        char id[MUD_ID_TEXT];

        mud_buf_clear(&detail);
        mud_facts_detail(&detail, &facts[i]);
        mud_id_text(id, facts[i].c.id);
        entries[i].op = commit->op;
        entries[i].object = mud_str_dup(mud_str_z(id), arena);
        entries[i].actor = facts[i].actor;
        entries[i].detail = mud_str_dup(mud_buf_view(&detail), arena);
    }
    ok = mud_ledger_append(pg, entries, n, err);
    for (size_t i = 0; ok && i < n; i++)
        facts[i].c.ledger_seq = entries[i].seq;
    mud_buf_free(&detail);
    mud_arena_free(arena);
    return ok;
}

static bool insert_seals(const struct mud_facts *facts, size_t n,
                         struct mud_pg *pg, struct mud_error *err)
{
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};
    struct mud_str arg;
    size_t sealed = 0;
    bool ok = true;

    mud_json_array(&json);
    for (size_t i = 0; i < n; i++) {
        if (!facts[i].seal.sealed)
            continue;
        mud_facts_seal_row(&json, &facts[i]);
        sealed++;
    }
    mud_json_array_end(&json);
    arg = mud_buf_view(&text);
    if (sealed)
        ok = mud_pg_query(NULL, pg, mud_sql("capture_seal_add"), &arg, 1, err);
    mud_buf_free(&text);
    return ok;
}

bool mud_facts_insert(const struct mud_facts *facts, size_t n,
                      struct mud_pg *pg, struct mud_error *err)
{
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};
    struct mud_str arg;
    bool ok = true;

    mud_json_array(&json);
    for (size_t i = 0; i < n; i++)
        mud_facts_row(&json, &facts[i]);
    mud_json_array_end(&json);
    arg = mud_buf_view(&text);
    if (text.over)
        ok = mud_fail(err, MUD_ELIMIT, "too many captures at once");
    ok = ok &&
         mud_pg_query(NULL, pg, mud_sql("capture_insert"), &arg, 1, err) &&
         insert_seals(facts, n, pg, err);
    mud_buf_free(&text);
    return ok;
}

static bool extend(const struct mud_commit *commit, struct mud_pg *pg,
                   struct mud_error *err)
{
    char from[32], to[32];
    struct mud_str args[3];
    struct mud_rows *rows;
    bool ok;

    if (!commit->name)
        return true;
    snprintf(from, sizeof(from), "%lld", (long long)commit->from);
    snprintf(to, sizeof(to), "%lld", (long long)commit->to);
    args[0] = mud_str_z(commit->name);
    args[1] = mud_str_z(from);
    args[2] = mud_str_z(to);
    if (!mud_pg_query(&rows, pg, mud_sql("capture_warc_extend"), args, 3, err))
        return false;
    ok = mud_rows_changed(rows) == 1 ||
         mud_fail(err,
                  MUD_ECORRUPT,
                  "vault/%s: the database does not say that it is sealed to "
                  "byte %lld",
                  commit->name,
                  (long long)commit->from);
    mud_rows_free(rows);
    return ok;
}

bool mud_commit(struct mud_facts *facts, size_t n, bool *unsure,
                const struct mud_commit *commit, struct mud_pg *pg,
                struct mud_error *err)
{
    struct mud_warc_row handed = {.name = commit->handed,
                                  .kind = "handed",
                                  .sealed_to = commit->handed_size};
    bool ok;

    *unsure = false;
    if (!mud_pg_begin(pg, err))
        return false;
    /* The row of the file first: it is locked by who wants to know how this
     * ended. The ledger last: its lock is everybody's. */
    ok = (!commit->check || commit->check(pg, commit->payload, err)) &&
         extend(commit, pg, err) &&
         (!commit->handed || mud_warc_row_add(pg, &handed, err)) &&
         to_ledger(facts, n, commit, pg, err) &&
         mud_facts_insert(facts, n, pg, err);
    if (!ok) {
        mud_pg_rollback(pg);
        return false;
    }
    if (mud_pg_commit(pg, err))
        return true;
    *unsure = true;
    mud_pg_rollback(pg);
    return false;
}
