/* Commands that look at the lexicon: its own rows and the built-in ones. */
#include "base/conf.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/lexicon.h"
#include "cli/text.h"

#include <stdio.h>

#define FILE_MAX ((size_t)64 << 20)

struct view {
    struct mud_session session;
    struct mud_out out;
    struct mud_reader *builtin;
    struct mud_lexrow *rows;
    size_t n;
};

static bool open_view(struct view *v, const struct mud_args *args,
                      struct mud_error *err)
{
    return mud_out_begin(&v->out, args, err) &&
           mud_reader_new(&v->builtin, NULL, err) &&
           mud_session_open(&v->session, args, err) &&
           mud_lexbook_rows(
               &v->rows, &v->n, v->session.pg, v->session.arena, err);
}

static int close_view(struct view *v, bool good, struct mud_error *err)
{
    good = good && mud_out_end(&v->out, err);
    mud_reader_free(v->builtin);
    mud_session_close(&v->session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

/* What a list is narrowed to; empty: all. */
struct narrow {
    struct mud_str kind, category, sense, part;
};

static struct narrow narrow_of(const struct mud_args *args)
{
    return (struct narrow){.kind = mud_str_z(mud_args_get(args, "kind")),
                           .category =
                               mud_str_z(mud_args_get(args, "category")),
                           .sense = mud_str_z(mud_args_get(args, "sense")),
                           .part = mud_str_z(mud_args_operand(args, 0))};
}

static bool passes(const struct narrow *n, struct mud_str kind,
                   struct mud_str category, struct mud_str sense,
                   struct mud_str term)
{
    return (!n->kind.n || mud_str_eq(n->kind, kind)) &&
           (!n->category.n || mud_str_eq(n->category, category)) &&
           (!n->sense.n || mud_str_eq(n->sense, sense)) &&
           (!n->part.n || mud_str_ifind(term, n->part) != MUD_NPOS);
}

static void list_builtin(struct view *v, const struct narrow *narrow)
{
    struct mud_lex_known known;

    for (uint32_t i = 1; mud_lexicon_at(&known, v->builtin, i); i++)
        if (*known.kind && passes(narrow,
                                  mud_str_z(known.kind),
                                  known.category,
                                  known.sense,
                                  known.term))
            mud_lexicon_put_known(&v->out, &known);
}

static void put_sense(struct mud_out *out, const char *kind,
                      const struct mud_lex_sense *sense)
{
    struct mud_buf buf = {0}, text = {0};
    struct mud_json json = {.buf = &buf};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "lexicon_sense");
    mud_json_kint(&json, "schema", 1);
    mud_json_kz(&json, "kind", kind);
    mud_json_kstr(&json, "sense", sense->sense);
    mud_json_kz(&json, "category", sense->category);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   "%-9s %-24.*s %s\n",
                   kind,
                   MUD_FMT(sense->sense),
                   sense->category);
    mud_out_record(out, mud_buf_view(&buf), mud_buf_view(&text));
    mud_buf_free(&buf);
    mud_buf_free(&text);
}

/* What may be given as --sense; no database is needed. */
static int list_senses(const struct mud_args *args, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_reader *builtin = NULL;
    struct mud_out out;
    struct mud_lex_sense *senses;
    const char *kind = mud_args_get(args, "kind");
    bool good =
        mud_out_begin(&out, args, err) && mud_reader_new(&builtin, NULL, err);

    kind = kind ? kind : "product";
    if (good) {
        size_t n = mud_lexicon_senses(&senses, builtin, kind, arena);

        for (size_t i = 0; i < n; i++)
            put_sense(&out, kind, &senses[i]);
        good = mud_out_end(&out, err);
    }
    mud_reader_free(builtin);
    mud_arena_free(arena);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_lexicon_list(const struct mud_args *args, struct mud_error *err)
{
    struct view v = {0};
    struct narrow narrow = narrow_of(args);
    const char *state = mud_args_get(args, "state");

    if (mud_args_has(args, "senses"))
        return list_senses(args, err);
    if (state && strcmp(state, "active") != 0 && strcmp(state, "disabled") != 0)
        return mud_fail(err, MUD_EUSAGE, "--state is active or disabled")
                   ? MUD_EXIT_FAILED
                   : MUD_EXIT_USAGE;
    bool good = open_view(&v, args, err);
    for (size_t i = 0; good && i < v.n; i++) {
        const struct mud_lexrow *r = &v.rows[i];

        if ((!state || (strcmp(state, "active") == 0) == r->active) &&
            passes(&narrow, r->kind, r->category, r->sense, r->term))
            mud_lexicon_put_row(&v.out, r);
    }
    if (good && mud_args_has(args, "builtin"))
        list_builtin(&v, &narrow);
    if (good && !v.out.records)
        mud_out_text(&v.out,
                     "%s",
                     mud_t("no terms of your own (--builtin lists those of the "
                           "program)\n",
                           "尚无自有词条（--builtin 列出内置词条）\n"));
    return close_view(&v, good, err);
}

/* --- show --- */

static void history_json(struct mud_json *json, const struct mud_rows *rows)
{
    mud_json_key(json, "history");
    mud_json_array(json);
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        mud_json_object(json);
        mud_json_kstr(json, "action", mud_rows_get(rows, i, 0));
        mud_json_ktime(json, "at", mud_rows_time(rows, i, 1));
        mud_json_kstr(json, "by", mud_rows_get(rows, i, 2));
        mud_json_kstr(json, "reason", mud_rows_get(rows, i, 3));
        mud_json_key(json, "was");
        if (mud_rows_null(rows, i, 4))
            mud_json_null(json);
        else
            mud_json_raw(json, mud_rows_get(rows, i, 4));
        mud_json_key(json, "becomes");
        if (mud_rows_null(rows, i, 5))
            mud_json_null(json);
        else
            mud_json_raw(json, mud_rows_get(rows, i, 5));
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static void history_text(struct mud_buf *text, const struct mud_rows *rows)
{
    char when[MUD_LOCAL_TEXT];

    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        mud_buf_printf(text,
                       "  %s  %-8.*s %.*s  ",
                       mud_local_text(when, mud_rows_time(rows, i, 1)),
                       MUD_FMT(mud_rows_get(rows, i, 0)),
                       MUD_FMT(mud_rows_get(rows, i, 2)));
        mud_text_plain(text, mud_rows_get(rows, i, 3), 200);
        mud_buf_c(text, '\n');
    }
}

static void show_json(struct mud_buf *buf, const struct view *v,
                      struct mud_str term, struct mud_str folded,
                      const struct mud_lex_known *known, size_t n_known,
                      const struct mud_rows *history)
{
    struct mud_json json = {.buf = buf};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "lexicon_term");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "term", term);
    mud_json_kstr(&json, "folded", folded);
    mud_json_kbool(&json, "ordinary", mud_lexicon_ordinary(v->builtin, folded));
    mud_json_key(&json, "entries");
    mud_json_array(&json);
    for (size_t i = 0; i < v->n; i++) {
        if (!mud_str_eq(v->rows[i].folded, folded))
            continue;
        mud_json_object(&json);
        mud_lexicon_row_json(&json, &v->rows[i]);
        mud_json_object_end(&json);
    }
    for (size_t i = 0; i < n_known; i++) {
        mud_json_object(&json);
        mud_lexicon_known_json(&json, &known[i]);
        mud_json_object_end(&json);
    }
    mud_json_array_end(&json);
    history_json(&json, history);
    mud_json_object_end(&json);
}

static bool show(struct view *v, struct mud_str term, struct mud_error *err)
{
    struct mud_str folded =
        mud_lexicon_folded(v->builtin, term, v->session.arena);
    struct mud_rows *history = NULL;
    struct mud_buf buf = {0}, text = {0};
    struct mud_lex_known *known;
    size_t n_known =
        mud_lexicon_known(&known, v->builtin, folded, v->session.arena);

    if (!folded.n)
        return mud_fail(err, MUD_EUSAGE, "nothing to see in the term");
    if (!mud_lexbook_history(&history, v->session.pg, folded, err))
        return false;
    show_json(&buf, v, term, folded, known, n_known, history);
    for (size_t i = 0; i < v->n; i++)
        if (mud_str_eq(v->rows[i].folded, folded))
            mud_lexicon_row_text(&text, &v->rows[i]);
    for (size_t i = 0; i < n_known; i++)
        mud_lexicon_known_text(&text, &known[i]);
    if (!text.n)
        mud_buf_printf(&text,
                       mud_t("%.*s is in no table\n", "%.*s 不在任何词表中\n"),
                       MUD_FMT(term));
    if (mud_lexicon_ordinary(v->builtin, folded))
        mud_buf_z(&text, mud_t("an ordinary word\n", "属常用词\n"));
    history_text(&text, history);
    mud_out_record(&v->out, mud_buf_view(&buf), mud_buf_view(&text));
    mud_rows_free(history);
    mud_buf_free(&buf);
    mud_buf_free(&text);
    return true;
}

int mud_cmd_lexicon_show(const struct mud_args *args, struct mud_error *err)
{
    struct view v = {0};
    bool good =
        open_view(&v, args, err) &&
        show(&v, mud_str_trim(mud_str_z(mud_args_operand(args, 0))), err);

    return close_view(&v, good, err);
}

/* --- export --- */

int mud_cmd_lexicon_export(const struct mud_args *args, struct mud_error *err)
{
    struct view v = {0};
    struct mud_buf tsv = {0};
    bool good = open_view(&v, args, err);

    if (good) {
        mud_lexbook_tsv(&tsv, v.rows, v.n);
        good = fwrite(tsv.s, 1, tsv.n, stdout) == tsv.n && fflush(stdout) == 0;
        if (!good)
            mud_fail(err, MUD_EIO, "standard output could not be written");
    }
    mud_buf_free(&tsv);
    mud_reader_free(v.builtin);
    mud_session_close(&v.session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

/* --- check --- */

static void put_finding(struct mud_out *out, const char *file,
                        const struct mud_lex_finding *f)
{
    struct mud_buf buf = {0}, text = {0};
    struct mud_json json = {.buf = &buf};
    const char *grade = mud_lex_grade_name((enum mud_lex_grade)f->grade);

    mud_json_object(&json);
    mud_json_kz(&json, "type", "lexicon_finding");
    mud_json_kint(&json, "schema", 1);
    mud_json_kz(&json, "file", file);
    mud_json_kint(&json, "line", f->line);
    mud_json_kz(&json, "grade", grade);
    mud_json_kz(&json, "code", f->code);
    mud_json_kstr(&json, "term", f->term);
    mud_json_kstr(&json, "text", f->text);
    mud_json_object_end(&json);
    mud_buf_printf(&text, "%s:%u: %s: ", file, f->line, grade);
    mud_text_plain(&text, f->text, 400);
    mud_buf_c(&text, '\n');
    mud_out_record(out, mud_buf_view(&buf), mud_buf_view(&text));
    mud_buf_free(&buf);
    mud_buf_free(&text);
}

/* Findings of one table; how many of them are errors. */
static size_t check_table(struct mud_out *out, const struct mud_reader *builtin,
                          const char *name, struct mud_str tsv,
                          struct mud_arena *arena)
{
    struct mud_lex_finding *found;
    size_t n = mud_lexicon_check(&found, builtin, name, tsv, arena), bad = 0;

    for (size_t i = 0; i < n; i++) {
        put_finding(out, name, &found[i]);
        bad += found[i].grade == MUD_LEX_BAD;
    }
    if (!n)
        mud_out_text(out, mud_t("%s: good\n", "%s：通过\n"), name);
    return bad;
}

static int check_file(const struct mud_args *args, const char *path,
                      struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_reader *builtin = NULL;
    struct mud_out out;
    struct mud_str tsv;
    size_t bad = 0;
    bool good = mud_out_begin(&out, args, err) &&
                mud_file_read(&tsv, path, FILE_MAX, arena, err) &&
                mud_reader_new(&builtin, NULL, err);

    if (good)
        bad = check_table(&out, builtin, path, tsv, arena);
    good = good && mud_out_end(&out, err);
    mud_reader_free(builtin);
    mud_arena_free(arena);
    return !good ? mud_exit_of(err) : bad ? MUD_EXIT_FAILED : MUD_EXIT_DONE;
}

static const char *state_said(enum mud_lexbook_state state)
{
    switch (state) {
    case MUD_LEXBOOK_SAME:
        return mud_t("lexicon.tsv is as the database has it",
                     "lexicon.tsv 与数据库一致");
    case MUD_LEXBOOK_OLD:
        return mud_t(
            "lexicon.tsv is of before: the next command or worker "
            "writes it anew (--repair does it now)",
            "lexicon.tsv 已过时：下次命令或任务将重写（--repair 立即重写"
            "）");
    case MUD_LEXBOOK_HAND:
        return mud_t("lexicon.tsv was changed by hand: mudlark lexicon import "
                     "takes that in, --repair puts it back",
                     "lexicon.tsv 被手工修改：mudlark lexicon import 收入修改，"
                     "--repair 恢复");
    }
    return "";
}

static void put_state(struct mud_out *out, enum mud_lexbook_state state,
                      bool written)
{
    static const char *const names[] = {"same", "old", "changed_by_hand"};
    struct mud_buf buf = {0}, text = {0};
    struct mud_json json = {.buf = &buf};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "lexicon_mirror");
    mud_json_kint(&json, "schema", 1);
    mud_json_kz(&json, "state", names[state]);
    mud_json_kbool(&json, "written", written);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   "%s%s\n",
                   state_said(state),
                   written ? mud_t(" (written now)", "（刚刚写入）") : "");
    mud_out_record(out, mud_buf_view(&buf), mud_buf_view(&text));
    mud_buf_free(&buf);
    mud_buf_free(&text);
}

/* The entries in use, and how the mirror stands to them. */
static int check_own(const struct mud_args *args, struct mud_error *err)
{
    struct view v = {0};
    struct mud_buf tsv = {0};
    enum mud_lexbook_state state = MUD_LEXBOOK_SAME;
    size_t bad = 0;
    bool written = false, repair = mud_args_has(args, "repair");
    bool good =
        open_view(&v, args, err) &&
        (repair
             ? mud_lexbook_sync(
                   &state, &written, v.session.pg, v.session.home, true, err)
             : mud_lexbook_mirror(&state, v.session.pg, v.session.home, err));

    if (good) {
        mud_lexbook_tsv(&tsv, v.rows, v.n);
        bad = check_table(
            &v.out, v.builtin, "lexicon", mud_buf_view(&tsv), v.session.arena);
        put_state(&v.out, state, written);
        bad += state == MUD_LEXBOOK_HAND;
    }
    mud_buf_free(&tsv);
    int code = close_view(&v, good, err);
    return good && bad ? MUD_EXIT_FAILED : code;
}

int mud_cmd_lexicon_check(const struct mud_args *args, struct mud_error *err)
{
    const char *path = mud_args_operand(args, 0);

    return path ? check_file(args, path, err) : check_own(args, err);
}
