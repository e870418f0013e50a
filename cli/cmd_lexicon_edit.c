/* Commands that change the analysts' terms. */
#include "base/conf.h"
#include "base/lang.h"
#include "base/utf8.h"
#include "cli/cmd.h"
#include "cli/lexicon.h"

#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)64 << 20)

struct work {
    struct mud_session session;
    struct mud_out out;
    struct mud_reader *builtin;
    const struct mud_args *args;
    struct mud_lexbook_edit *edits;
    size_t n, cap;
};

static bool begin(struct work *w, const struct mud_args *args,
                  struct mud_error *err)
{
    w->args = args;
    return mud_out_begin(&w->out, args, err) &&
           mud_reader_new(&w->builtin, NULL, err) &&
           mud_session_open(&w->session, args, err);
}

static void edit(struct work *w, enum mud_lexbook_do what,
                 const struct mud_lexrow *row)
{
    w->edits = mud_arena_grow(
        w->session.arena, w->edits, &w->cap, w->n, sizeof *w->edits);
    w->edits[w->n++] = (struct mud_lexbook_edit){what, *row};
}

static int end(struct work *w, bool good, struct mud_error *err)
{
    mud_reader_free(w->builtin);
    mud_session_close(&w->session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

/* All edits at once, and what came of them. */
static bool commit(struct work *w, const char *action, bool from_mirror,
                   struct mud_error *err)
{
    struct mud_lexbook_by by = {.home = w->session.home,
                                .who = w->session.who,
                                .reason = mud_lexicon_reason(w->args),
                                .action = action,
                                .from_mirror = from_mirror};
    struct mud_lexbook_done done;

    if (!mud_lexbook_edit(&done, w->session.pg, w->edits, w->n, &by, err))
        return false;
    mud_lexicon_put_done(&w->out, &done);
    return mud_out_end(&w->out, err);
}

static int add(const struct mud_args *args, const char *action,
               struct mud_error *err)
{
    struct work w = {0};
    struct mud_lexrow row;
    bool good = begin(&w, args, err) &&
                mud_lexicon_option_row(&row,
                                       args,
                                       mud_args_operand(args, 0),
                                       w.builtin,
                                       w.session.arena,
                                       err);

    if (good) {
        row.source = mud_str_z(w.session.who);
        edit(&w, MUD_LEXBOOK_PUT, &row);
    }
    good = good && commit(&w, action, false, err);
    return end(&w, good, err);
}

int mud_cmd_lexicon_add(const struct mud_args *args, struct mud_error *err)
{
    return add(args, NULL, err);
}

int mud_cmd_lexicon_accept(const struct mud_args *args, struct mud_error *err)
{
    return add(args, "accept", err);
}

/* The analysts' rows of TERM that --kind and --sense leave. */
struct chosen {
    struct mud_str folded, kind, sense;
    bool any_sense; /* no --sense */
};

static bool choose(struct chosen *out, struct work *w, struct mud_error *err)
{
    const char *term = mud_args_operand(w->args, 0);
    const char *sense = mud_args_get(w->args, "sense");

    *out = (struct chosen){.folded = mud_lexicon_folded(
                               w->builtin, mud_str_z(term), w->session.arena),
                           .kind = mud_str_z(mud_args_get(w->args, "kind")),
                           .sense = mud_str_z(sense),
                           .any_sense = !sense};
    return out->folded.n ||
           mud_fail(err, MUD_EUSAGE, "nothing to see in the term \"%s\"", term);
}

static bool is_chosen(const struct chosen *c, const struct mud_lexrow *row)
{
    return mud_str_eq(row->folded, c->folded) &&
           (!c->kind.n || mud_str_eq(row->kind, c->kind)) &&
           (c->any_sense || mud_str_eq(row->sense, c->sense));
}

static bool nothing_chosen(const struct work *w, const char *what,
                           struct mud_error *err)
{
    return mud_fail(err,
                    MUD_EMISSING,
                    "no %s entry \"%s\" of that kind and sense (mudlark "
                    "lexicon show %s)",
                    what,
                    mud_args_operand(w->args, 0),
                    mud_args_operand(w->args, 0));
}

/* Rows that switch the built-in ones off: one a kind, or of the sense given. */
static void switch_off(struct work *w, const struct chosen *c)
{
    struct mud_lex_known *known;
    size_t n =
        mud_lexicon_known(&known, w->builtin, c->folded, w->session.arena);

    for (size_t i = 0; i < n; i++) {
        struct mud_lexrow row = {.folded = c->folded,
                                 .kind = mud_str_z(known[i].kind),
                                 .sense = c->sense,
                                 .off = true,
                                 .term =
                                     mud_str_z(mud_args_operand(w->args, 0)),
                                 .source = mud_str_z(w->session.who)};

        if ((c->kind.n && !mud_str_eq(row.kind, c->kind)) ||
            (!c->any_sense && !mud_str_eq(known[i].sense, c->sense)) ||
            (i && c->any_sense && known[i].kind == known[i - 1].kind))
            continue;
        edit(w, MUD_LEXBOOK_PUT, &row);
    }
}

/* The entries of the analysts; without any, the built-in rows. */
static bool plan_disable(struct work *w, const struct chosen *c,
                         struct mud_error *err)
{
    struct mud_lexrow *rows = NULL;
    size_t n = 0, own = 0;
    bool builtin = mud_args_has(w->args, "builtin");

    if (!mud_lexbook_rows(&rows, &n, w->session.pg, w->session.arena, err))
        return false;
    for (size_t i = 0; i < n && !builtin; i++) {
        if (!is_chosen(c, &rows[i]) || rows[i].off)
            continue;
        own++;
        if (rows[i].active)
            edit(w, MUD_LEXBOOK_DISABLE, &rows[i]);
    }
    if (own && !w->n)
        return mud_fail(err,
                        MUD_EMISSING,
                        "the entries of \"%s\" are disabled already "
                        "(--builtin switches built-in rows off)",
                        mud_args_operand(w->args, 0));
    if (!own)
        switch_off(w, c);
    return w->n || nothing_chosen(w, "active", err);
}

int mud_cmd_lexicon_disable(const struct mud_args *args, struct mud_error *err)
{
    struct work w = {0};
    struct chosen c;
    bool good = begin(&w, args, err) && choose(&c, &w, err) &&
                plan_disable(&w, &c, err) && commit(&w, "disable", false, err);

    return end(&w, good, err);
}

int mud_cmd_lexicon_enable(const struct mud_args *args, struct mud_error *err)
{
    struct work w = {0};
    struct chosen c;
    struct mud_lexrow *rows = NULL;
    size_t n = 0;
    bool good = begin(&w, args, err) && choose(&c, &w, err) &&
                mud_lexbook_rows(&rows, &n, w.session.pg, w.session.arena, err);

    for (size_t i = 0; good && i < n; i++) {
        if (!is_chosen(&c, &rows[i]) || rows[i].off != rows[i].active)
            continue;
        /* A built-in row comes back when what switches it off is disabled. */
        edit(&w,
             rows[i].off ? MUD_LEXBOOK_DISABLE : MUD_LEXBOOK_ENABLE,
             &rows[i]);
    }
    good = good && (w.n || nothing_chosen(&w, "disabled", err)) &&
           commit(&w, NULL, false, err);
    return end(&w, good, err);
}

int mud_cmd_lexicon_remove(const struct mud_args *args, struct mud_error *err)
{
    struct work w = {0};
    struct chosen c;
    struct mud_lexrow *rows = NULL;
    size_t n = 0;
    bool good = begin(&w, args, err) && choose(&c, &w, err) &&
                mud_lexbook_rows(&rows, &n, w.session.pg, w.session.arena, err);

    for (size_t i = 0; good && i < n; i++)
        if (is_chosen(&c, &rows[i]))
            edit(&w, MUD_LEXBOOK_REMOVE, &rows[i]);
    good = good && (w.n || nothing_chosen(&w, "own", err)) &&
           commit(&w, NULL, false, err);
    return end(&w, good, err);
}

int mud_cmd_lexicon_reject(const struct mud_args *args, struct mud_error *err)
{
    struct work w = {0};
    struct chosen c;
    struct mud_str term = mud_str_trim(mud_str_z(mud_args_operand(args, 0)));
    bool good = begin(&w, args, err) && choose(&c, &w, err) &&
                mud_lexbook_refuse(w.session.pg,
                                   term,
                                   c.folded,
                                   w.session.who,
                                   mud_lexicon_reason(args),
                                   err);

    if (good && !mud_args_has(args, "quiet"))
        fprintf(stderr,
                mud_t("%.*s is not proposed again\n", "不再推荐 %.*s\n"),
                MUD_FMT(term));
    return end(&w, good, err);
}

/* --- import: the rows of a table, or of the mirror as changed by hand --- */

struct import {
    struct work *w;
    struct mud_lexrow *rows; /* of the file; `added` is the line */
    size_t n, cap;
};

static void without_off(struct mud_str *flags, bool *off,
                        struct mud_arena *arena)
{
    struct mud_str rest = *flags, flag;
    struct mud_buf kept = {0};

    *off = false;
    while (rest.n && mud_str_cut(&rest, ',', &flag)) {
        flag = mud_str_trim(flag);
        if (mud_str_eqz(flag, "off"))
            *off = true;
        else if (flag.n)
            mud_buf_printf(&kept, "%s%.*s", kept.n ? "," : "", MUD_FMT(flag));
    }
    *flags = mud_str_dup(mud_buf_view(&kept), arena);
    mud_buf_free(&kept);
}

static void take_row(const struct mud_lex_row *r, void *payload)
{
    struct import *import = payload;
    struct mud_arena *arena = import->w->session.arena;
    struct mud_lexrow row = {.folded = mud_str_dup(r->folded, arena),
                             .kind = mud_str_z(r->kind),
                             .sense = mud_str_dup(r->sense, arena),
                             .term = mud_str_dup(r->term, arena),
                             .category = mud_str_dup(r->category, arena),
                             .flags = r->flags,
                             .since = mud_str_dup(r->since, arena),
                             .source = mud_str_dup(r->source, arena),
                             .note = mud_str_dup(r->note, arena),
                             .weight = r->weight,
                             .added = r->line};

    without_off(&row.flags, &row.off, arena);
    import->rows = mud_arena_grow(
        arena, import->rows, &import->cap, import->n, sizeof row);
    import->rows[import->n++] = row;
}

static int by_key(const void *a, const void *b)
{
    const struct mud_lexrow *x = a, *y = b;
    int d = (int)x->off - (int)y->off;

    d = d ? d : mud_str_cmp(x->folded, y->folded);
    d = d ? d : mud_str_cmp(x->kind, y->kind);
    return d ? d : mud_str_cmp(x->sense, y->sense);
}

static int by_key_and_line(const void *a, const void *b)
{
    const struct mud_lexrow *x = a, *y = b;
    int d = by_key(a, b);

    return d ? d : (x->added > y->added) - (x->added < y->added);
}

/* The file is taken whole or not at all: each bad line is named. */
static bool lines_good(struct work *w, const char *name, struct mud_str tsv,
                       struct mud_error *err)
{
    struct mud_lex_finding *found;
    size_t n =
        mud_lexicon_check(&found, w->builtin, name, tsv, w->session.arena);
    size_t bad = 0;

    for (size_t i = 0; i < n; i++) {
        bad += found[i].grade == MUD_LEX_BAD;
        if (found[i].grade != MUD_LEX_NOTE)
            fprintf(stderr,
                    "%s:%u: %s: %.*s\n",
                    name,
                    found[i].line,
                    mud_lex_grade_name(found[i].grade),
                    MUD_FMT(found[i].text));
    }
    return !bad || mud_fail(err,
                            MUD_EINPUT,
                            "%s: %zu lines that no reader takes; nothing was "
                            "imported",
                            name,
                            bad);
}

/* Edits that make the table say what the file says. Of a key that stands twice
 * the last line counts. whole: what is not in the file is disabled. */
static bool plan(struct import *import, bool whole, struct mud_error *err)
{
    struct work *w = import->w;
    struct mud_lexrow *had = NULL;
    size_t n_had = 0;

    if (!mud_lexbook_rows(&had, &n_had, w->session.pg, w->session.arena, err))
        return false;
    if (import->n)
        qsort(import->rows, import->n, sizeof *import->rows, by_key_and_line);
    for (size_t i = 0; i < import->n; i++)
        if (i + 1 == import->n ||
            by_key(&import->rows[i], &import->rows[i + 1]))
            edit(w, MUD_LEXBOOK_PUT, &import->rows[i]);
    for (size_t i = 0; whole && i < n_had; i++)
        if (had[i].active && !(import->n && bsearch(&had[i],
                                                    import->rows,
                                                    import->n,
                                                    sizeof *import->rows,
                                                    by_key)))
            edit(w, MUD_LEXBOOK_DISABLE, &had[i]);
    return true;
}

int mud_cmd_lexicon_import(const struct mud_args *args, struct mud_error *err)
{
    struct work w = {0};
    struct import import = {.w = &w};
    struct mud_str tsv = {0};
    char mirror[4200];
    const char *path = mud_args_operand(args, 0);
    bool own = !path;
    bool good = begin(&w, args, err);

    (void)snprintf(mirror, sizeof mirror, "%s/lexicon.tsv", w.session.home);
    path = path ? path : mirror;
    good = good && mud_file_read(&tsv, path, FILE_MAX, w.session.arena, err) &&
           lines_good(&w, path, tsv, err) &&
           mud_lexicon_each(w.builtin, path, tsv, take_row, &import, err) &&
           plan(&import, own || mud_args_has(args, "replace"), err) &&
           commit(&w, "import", own, err);
    return end(&w, good, err);
}
