#include "graph/lexbook.h"

#include "graph/lexmirror.h"

#include <stdio.h>
#include <stdlib.h>

static void set_row(struct mud_lexrow *out, const struct mud_rows *rows,
                    size_t i, struct mud_arena *arena)
{
    enum {
        TEXTS = 7
    }; /* columns 4 to 10 */

    struct mud_str *text[TEXTS] = {&out->term,
                                   &out->category,
                                   NULL,
                                   &out->flags,
                                   &out->since,
                                   &out->source,
                                   &out->note};

    *out = (struct mud_lexrow){
        .folded = mud_str_dup(mud_rows_get(rows, i, 0), arena),
        .kind = mud_str_dup(mud_rows_get(rows, i, 1), arena),
        .sense = mud_str_dup(mud_rows_get(rows, i, 2), arena),
        .off = mud_rows_bool(rows, i, 3),
        .weight = mud_rows_int(rows, i, 6),
        .active = mud_rows_bool(rows, i, 11),
        .added = mud_rows_time(rows, i, 12),
        .added_by = mud_str_dup(mud_rows_get(rows, i, 13), arena),
        .changed = mud_rows_time(rows, i, 14),
        .changed_by = mud_str_dup(mud_rows_get(rows, i, 15), arena),
        .reason = mud_str_dup(mud_rows_get(rows, i, 16), arena)};
    for (size_t k = 0; k < TEXTS; k++)
        if (text[k])
            *text[k] = mud_str_dup(mud_rows_get(rows, i, 4 + k), arena);
}

bool mud_lexbook_rows(struct mud_lexrow **out, size_t *n, struct mud_pg *pg,
                      struct mud_arena *arena, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("lexicon_rows"), NULL, 0, err))
        return mud_fail_in(err, "read the analysts' terms");
    *n = mud_rows_count(rows);
    *out = mud_arena_array(arena, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++)
        set_row(*out + i, rows, i, arena);
    mud_rows_free(rows);
    return true;
}

void mud_lexbook_tsv(struct mud_buf *out, const struct mud_lexrow *rows,
                     size_t n)
{
    mud_buf_z(out,
              "# term\tkind\tsense\tcategory\tweight\tflags\tsince\tsource\t"
              "note\n"
              "# Written by mudlark lexicon out of the database, where each "
              "line has its history.\n"
              "# Lines changed here by hand: mudlark lexicon import takes them "
              "in.\n");
    for (size_t i = 0; i < n; i++) {
        const struct mud_lexrow *r = &rows[i];

        if (!r->active)
            continue;
        mud_buf_printf(out,
                       "%.*s\t%.*s\t%.*s\t%.*s\t",
                       MUD_FMT(r->term),
                       MUD_FMT(r->kind),
                       MUD_FMT(r->sense),
                       MUD_FMT(r->category));
        if (r->weight)
            mud_buf_printf(out, "%lld", (long long)r->weight);
        mud_buf_printf(out,
                       "\t%.*s%s\t%.*s\t%.*s\t%.*s\n",
                       MUD_FMT(r->flags),
                       !r->off      ? ""
                       : r->flags.n ? ",off"
                                    : "off",
                       MUD_FMT(r->since),
                       MUD_FMT(r->source),
                       MUD_FMT(r->note));
    }
}

void mud_lexbook_json(struct mud_json *json, const struct mud_lexrow *row)
{
    mud_json_kstr(json, "term", row->term);
    mud_json_kstr(json, "folded", row->folded);
    mud_json_kstr(json, "kind", row->kind);
    mud_json_kstr(json, "sense", row->sense);
    mud_json_kstr(json, "category", row->category);
    mud_json_kint(json, "weight", row->weight);
    mud_json_kstr(json, "flags", row->flags);
    mud_json_kstr(json, "since", row->since);
    mud_json_kstr(json, "source", row->source);
    mud_json_kstr(json, "note", row->note);
    mud_json_kbool(json, "off", row->off);
    mud_json_kz(json, "state", row->active ? "active" : "disabled");
}

/* One change under way. */
struct edit {
    struct mud_pg *pg;
    const struct mud_lexbook_by *by;
    struct mud_lexbook_done *done;
    struct mud_lexrow *rows; /* of the table before */
    size_t n;
    char now[MUD_TIME_TEXT];
    struct mud_arena *arena;
};

/* As the table's query orders them. */
static int by_key(const void *a, const void *b)
{
    const struct mud_lexrow *x = a, *y = b;
    int d = (int)y->off - (int)x->off;

    d = d ? d : mud_str_cmp(x->folded, y->folded);
    d = d ? d : mud_str_cmp(x->kind, y->kind);
    return d ? d : mud_str_cmp(x->sense, y->sense);
}

static bool same_values(const struct mud_lexrow *a, const struct mud_lexrow *b)
{
    return a->active == b->active && a->weight == b->weight &&
           mud_str_eq(a->term, b->term) &&
           mud_str_eq(a->category, b->category) &&
           mud_str_eq(a->flags, b->flags) && mud_str_eq(a->since, b->since) &&
           mud_str_eq(a->source, b->source) && mud_str_eq(a->note, b->note);
}

static const struct mud_lexrow *find(const struct edit *e,
                                     const struct mud_lexrow *key)
{
    return e->n ? bsearch(key, e->rows, e->n, sizeof *e->rows, by_key) : NULL;
}

static struct mud_str as_json(const struct mud_lexrow *row,
                              struct mud_arena *arena)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    struct mud_str text;

    if (!row)
        return MUD_SQL_NULL;
    mud_json_object(&json);
    mud_lexbook_json(&json, row);
    mud_json_object_end(&json);
    text = mud_str_dup(mud_buf_view(&buf), arena);
    mud_buf_free(&buf);
    return text;
}

static bool record(const struct edit *e, const char *action,
                   const struct mud_lexrow *was,
                   const struct mud_lexrow *becomes, struct mud_error *err)
{
    struct mud_str args[] = {becomes ? becomes->folded : was->folded,
                             mud_str_z(action),
                             mud_str_z(e->now),
                             mud_str_z(e->by->who),
                             e->by->reason.n ? e->by->reason : MUD_STR(""),
                             as_json(was, e->arena),
                             as_json(becomes, e->arena)};

    return mud_pg_query(NULL, e->pg, mud_sql("lexicon_note"), args, 7, err);
}

static struct mud_str or_empty(struct mud_str s)
{
    return s.n ? s : MUD_STR("");
}

static bool put(const struct edit *e, const struct mud_lexrow *r,
                struct mud_error *err)
{
    char weight[24];
    struct mud_str args[] = {r->folded,
                             r->kind,
                             or_empty(r->sense),
                             r->off ? MUD_STR("t") : MUD_STR("f"),
                             r->term,
                             or_empty(r->category),
                             MUD_STR(""),
                             or_empty(r->flags),
                             or_empty(r->since),
                             or_empty(r->source),
                             or_empty(r->note),
                             r->active ? MUD_STR("active")
                                       : MUD_STR("disabled"),
                             mud_str_z(e->now),
                             mud_str_z(e->by->who),
                             or_empty(e->by->reason)};

    (void)snprintf(weight, sizeof weight, "%lld", (long long)r->weight);
    args[6] = mud_str_z(weight);
    return mud_pg_query(NULL, e->pg, mud_sql("lexicon_put"), args, 15, err);
}

static bool drop(const struct edit *e, const struct mud_lexrow *r,
                 struct mud_error *err)
{
    struct mud_str args[] = {r->folded,
                             r->kind,
                             or_empty(r->sense),
                             r->off ? MUD_STR("t") : MUD_STR("f")};

    e->done->removed++;
    return mud_pg_query(NULL, e->pg, mud_sql("lexicon_remove"), args, 4, err) &&
           record(e, "remove", r, NULL, err);
}

static bool apply_put(const struct edit *e, const struct mud_lexrow *was,
                      struct mud_lexrow row, struct mud_error *err)
{
    const char *action = e->by->action ? e->by->action : was ? "change" : "add";

    row.active = true;
    if (was && strcmp(action, "import") != 0) {
        row.since = was->since; /* where it came from does not change */
        row.source = was->source;
    }
    if (was && same_values(was, &row)) {
        e->done->same++;
        return true;
    }
    e->done->added += !was;
    e->done->changed += was != NULL;
    return put(e, &row, err) && record(e, action, was, &row, err) &&
           mud_pg_query(
               NULL, e->pg, mud_sql("lexicon_unrefuse"), &row.folded, 1, err);
}

static bool apply(const struct edit *e, const struct mud_lexbook_edit *edit,
                  struct mud_error *err)
{
    const struct mud_lexrow *was = find(e, &edit->row);
    struct mud_lexrow row;

    if (edit->what == MUD_LEXBOOK_PUT)
        return apply_put(e, was, edit->row, err);
    if (!was)
        return mud_fail(err,
                        MUD_EMISSING,
                        "no entry %.*s of kind %.*s is there any more",
                        MUD_FMT(edit->row.folded),
                        MUD_FMT(edit->row.kind));
    if (edit->what == MUD_LEXBOOK_REMOVE)
        return drop(e, was, err);
    row = *was;
    row.active = edit->what == MUD_LEXBOOK_ENABLE;
    if (row.active == was->active) {
        e->done->same++;
        return true;
    }
    e->done->changed++;
    return put(e, &row, err) &&
           record(e, row.active ? "enable" : "disable", was, &row, err);
}

static bool by_hand(struct mud_error *err)
{
    return mud_fail(err,
                    MUD_EDENIED,
                    MUD_LEXMIRROR
                    " was changed by hand: mudlark lexicon import takes "
                    "the changes in, mudlark lexicon check --repair "
                    "puts it back (and keeps it as " MUD_LEXMIRROR ".old)");
}

/* The mirror may be written over; what is in it is known. */
static bool mirror_free(const struct edit *e, struct mud_error *err)
{
    enum mud_lexbook_state state = MUD_LEXBOOK_SAME;
    struct mud_buf text = {0};
    bool good;

    if (e->by->from_mirror)
        return true;
    mud_lexbook_tsv(&text, e->rows, e->n);
    good = mud_lexmirror_judge(&state,
                               e->pg,
                               e->by->home,
                               mud_buf_view(&text),
                               mud_lexmirror_active(e->rows, e->n) == 0,
                               e->arena,
                               err);
    mud_buf_free(&text);
    return good && (state != MUD_LEXBOOK_HAND || by_hand(err));
}

/* The new table is one that readers take; its text is remembered. */
static bool accept(const struct edit *e, struct mud_error *err)
{
    struct mud_reader *reader = NULL;
    struct mud_lexrow *rows = NULL;
    struct mud_buf text = {0};
    size_t n = 0;
    bool good = mud_lexbook_rows(&rows, &n, e->pg, e->arena, err);

    if (good)
        mud_lexbook_tsv(&text, rows, n);
    good =
        good &&
        mud_reader_with(&reader, NULL, "lexicon", mud_buf_view(&text), err) &&
        mud_lexmirror_remember(e->pg,
                               mud_buf_view(&text),
                               mud_lexmirror_active(rows, n),
                               e->by->who,
                               err);
    mud_reader_free(reader);
    mud_buf_free(&text);
    return good;
}

bool mud_lexbook_edit(struct mud_lexbook_done *done, struct mud_pg *pg,
                      const struct mud_lexbook_edit *edits, size_t n,
                      const struct mud_lexbook_by *by, struct mud_error *err)
{
    struct edit e = {
        .pg = pg, .by = by, .done = done, .arena = mud_arena_new()};
    enum mud_lexbook_state state = MUD_LEXBOOK_SAME;
    bool good =
        mud_pg_begin(pg, err) && mud_pg_exec(pg, MUD_LEXMIRROR_LOCK, err);

    *done = (struct mud_lexbook_done){0};
    mud_time_text(e.now, mud_now(), true);
    good = good && mud_lexbook_rows(&e.rows, &e.n, pg, e.arena, err) &&
           mirror_free(&e, err);
    for (size_t i = 0; good && i < n; i++)
        good = apply(&e, &edits[i], err);
    good = good && accept(&e, err) && mud_pg_commit(pg, err);
    if (!good)
        mud_pg_rollback(pg);
    mud_arena_free(e.arena);
    return good &&
           mud_lexbook_sync(
               &state, &done->mirrored, pg, by->home, by->from_mirror, err);
}

bool mud_lexbook_refuse(struct mud_pg *pg, struct mud_str term,
                        struct mud_str folded, const char *who,
                        struct mud_str reason, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str args[] = {folded,
                             term,
                             mud_str_z(mud_time_text(now, mud_now(), true)),
                             mud_str_z(who),
                             or_empty(reason)};
    struct mud_str note[] = {folded,
                             MUD_STR("reject"),
                             args[2],
                             args[3],
                             args[4],
                             MUD_SQL_NULL,
                             MUD_SQL_NULL};
    bool good =
        mud_pg_begin(pg, err) &&
        mud_pg_query(NULL, pg, mud_sql("lexicon_refuse"), args, 5, err) &&
        mud_pg_query(NULL, pg, mud_sql("lexicon_note"), note, 7, err) &&
        mud_pg_commit(pg, err);

    if (!good)
        mud_pg_rollback(pg);
    return good || mud_fail_in(err, "refuse %.*s", MUD_FMT(term));
}

bool mud_lexbook_history(struct mud_rows **out, struct mud_pg *pg,
                         struct mud_str folded, struct mud_error *err)
{
    return mud_pg_query(out, pg, mud_sql("lexicon_history"), &folded, 1, err);
}
