#include "cli/lexicon.h"

#include "base/lang.h"
#include "base/utf8.h"
#include "cli/text.h"

#include <stdio.h>
#include <time.h>

#define SENSES_SHOWN 40

struct mud_str mud_lexicon_reason(const struct mud_args *args)
{
    const char *reason = mud_args_get(args, "reason");

    return reason ? mud_str_trim(mud_str_z(reason)) : MUD_STR("");
}

/* A value that fits into a line of a table. */
static bool fits(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.s[i] < ' ' || s.s[i] == 0x7f)
            return false;
    return s.n <= 1000 && mud_utf8_valid(s) == s.n;
}

static bool option(struct mud_str *out, const struct mud_args *args,
                   const char *name, struct mud_error *err)
{
    *out = mud_str_trim(mud_str_z(mud_args_get(args, name)));
    return fits(*out) ||
           mud_fail(err,
                    MUD_EUSAGE,
                    "--%s takes one line of UTF-8, at most 1,000 bytes",
                    name);
}

/* Flags given one by one or with commas, and --weak. */
static struct mud_str join_flags(const struct mud_args *args,
                                 struct mud_arena *arena)
{
    struct mud_buf flags = {0};
    const char *flag;
    struct mud_str out;

    if (mud_args_has(args, "weak"))
        mud_buf_z(&flags, "weak");
    for (size_t i = 0; (flag = mud_args_at(args, "flag", i)); i++)
        mud_buf_printf(&flags, "%s%s", flags.n ? "," : "", flag);
    out = mud_str_dup(mud_buf_view(&flags), arena);
    mud_buf_free(&flags);
    return out;
}

/* The sense is a product's, or one that no rule knows: say which there are. */
static bool explain_sense(const struct mud_lexrow *row, const char *kind,
                          const struct mud_reader *builtin,
                          struct mud_arena *arena, struct mud_error *err)
{
    struct mud_lex_sense *senses;
    size_t n = mud_lexicon_senses(&senses, builtin, kind, arena);
    struct mud_buf list = {0};

    for (size_t i = 0; i < n && i < SENSES_SHOWN; i++)
        mud_buf_printf(&list, "%s%.*s", i ? " " : "", MUD_FMT(senses[i].sense));
    mud_fail(err,
             MUD_EUSAGE,
             "no rule knows the sense \"%.*s\" of kind %s (mudlark lexicon "
             "list --senses --kind %s; such as: %.*s%s)",
             MUD_FMT(row->sense),
             kind,
             kind,
             MUD_FMT(mud_buf_view(&list)),
             n > SENSES_SHOWN ? " ..." : "");
    mud_buf_free(&list);
    return false;
}

static bool is_sense(struct mud_str sense, const char *kind,
                     const struct mud_reader *builtin, struct mud_arena *arena)
{
    struct mud_lex_sense *senses;
    size_t n = mud_lexicon_senses(&senses, builtin, kind, arena);

    for (size_t i = 0; i < n; i++)
        if (mud_str_eq(senses[i].sense, sense))
            return true;
    return false;
}

bool mud_lexicon_row_good(const struct mud_lexrow *row,
                          const struct mud_reader *builtin,
                          struct mud_arena *arena, struct mud_error *err)
{
    struct mud_lex_finding *found;
    struct mud_lexrow one = *row;
    struct mud_buf tsv = {0};
    char kind[32];
    bool good = true;

    one.active = true;
    mud_lexbook_tsv(&tsv, &one, 1);
    size_t n =
        mud_lexicon_check(&found, builtin, "entry", mud_buf_view(&tsv), arena);
    mud_buf_free(&tsv);
    for (size_t i = 0; good && i < n; i++) {
        if (found[i].grade == MUD_LEX_BAD) {
            (void)snprintf(kind, sizeof kind, "%.*s", MUD_FMT(row->kind));
            good =
                strcmp(found[i].code, "sense") == 0
                    ? explain_sense(row, kind, builtin, arena, err)
                    : mud_fail(err, MUD_EUSAGE, "%.*s", MUD_FMT(found[i].text));
        } else {
            fprintf(stderr,
                    "%s: %.*s\n",
                    mud_lex_grade_name(found[i].grade),
                    MUD_FMT(found[i].text));
        }
    }
    return good;
}

bool mud_lexicon_option_row(struct mud_lexrow *out, const struct mud_args *args,
                            const char *term, const struct mud_reader *builtin,
                            struct mud_arena *arena, struct mud_error *err)
{
    time_t now = time(NULL);
    struct mud_civil day = mud_civil_of_unix((int64_t)now);

    *out = (struct mud_lexrow){.term = mud_str_trim(mud_str_z(term)),
                               .flags = join_flags(args, arena),
                               .active = true};
    if (!fits(out->term) || !out->term.n || out->term.s[0] == '#')
        return mud_fail(err, MUD_EUSAGE, "a term is one line of UTF-8");
    out->folded = mud_lexicon_folded(builtin, out->term, arena);
    if (!out->folded.n)
        return mud_fail(
            err, MUD_EUSAGE, "nothing to see in the term \"%s\"", term);
    if (!option(&out->kind, args, "kind", err) ||
        !option(&out->sense, args, "sense", err) ||
        !option(&out->category, args, "category", err) ||
        !option(&out->note, args, "note", err) ||
        !mud_args_number(
            &out->weight, args, "weight", -1000000, 1000000, 0, err))
        return false;
    if (!out->kind.n && out->sense.n &&
        is_sense(out->sense, "product", builtin, arena))
        out->kind = MUD_STR("product");
    if (!out->kind.n)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--kind is missing: what %s is (product term verb cue "
                        "unit currency platform negation benign report role "
                        "victim name category)",
                        term);
    out->since = mud_str_printf(arena, "%04d-%02d", day.year, day.month);
    return mud_lexicon_row_good(out, builtin, arena, err);
}

void mud_lexicon_row_json(struct mud_json *json, const struct mud_lexrow *row)
{
    mud_json_kz(json, "origin", "own");
    mud_lexbook_json(json, row);
    mud_json_ktime(json, "added_at", row->added);
    mud_json_kstr(json, "added_by", row->added_by);
    mud_json_ktime(json, "changed_at", row->changed);
    mud_json_kstr(json, "changed_by", row->changed_by);
    mud_json_kstr(json, "reason", row->reason);
}

void mud_lexicon_known_json(struct mud_json *json,
                            const struct mud_lex_known *known)
{
    mud_json_kz(json, "origin", "builtin");
    mud_json_kstr(json, "term", known->term);
    mud_json_kz(json, "kind", known->kind);
    mud_json_kstr(json, "sense", known->sense);
    mud_json_kstr(json, "category", known->category);
    mud_json_kint(json, "weight", known->weight);
    mud_json_kstr(json, "flags", known->flags);
    mud_json_kstr(json, "source", known->source);
    mud_json_kz(json, "table", known->table);
    mud_json_kint(json, "line", known->line);
}

void mud_lexicon_row_text(struct mud_buf *out, const struct mud_lexrow *row)
{
    char when[MUD_LOCAL_TEXT];

    mud_buf_printf(out,
                   "%-8s %-9.*s ",
                   row->active ? mud_t("active", "启用")
                               : mud_t("disabled", "停用"),
                   MUD_FMT(row->kind));
    mud_text_plain(out, row->term, 60);
    mud_buf_printf(out,
                   "  %.*s%s  %.*s  %.10s %.*s",
                   MUD_FMT(row->sense),
                   row->off ? mud_t(" switches the built-in rows off",
                                    " 停用内置词条")
                            : "",
                   MUD_FMT(row->flags),
                   mud_local_text(when, row->changed),
                   MUD_FMT(row->changed_by));
    if (row->note.n) {
        mud_buf_z(out, "  ");
        mud_text_plain(out, row->note, 80);
    }
    mud_buf_c(out, '\n');
}

void mud_lexicon_known_text(struct mud_buf *out,
                            const struct mud_lex_known *known)
{
    mud_buf_printf(out, "%-8s %-9s ", mud_t("built-in", "内置"), known->kind);
    mud_text_plain(out, known->term, 60);
    mud_buf_printf(out,
                   "  %.*s  %.*s  %s:%u\n",
                   MUD_FMT(known->sense),
                   MUD_FMT(known->flags),
                   known->table,
                   known->line);
}

void mud_lexicon_put_row(struct mud_out *out, const struct mud_lexrow *row)
{
    struct mud_buf buf = {0}, text = {0};
    struct mud_json json = {.buf = &buf};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "lexicon_entry");
    mud_json_kint(&json, "schema", 1);
    mud_lexicon_row_json(&json, row);
    mud_json_object_end(&json);
    mud_lexicon_row_text(&text, row);
    mud_out_record(out, mud_buf_view(&buf), mud_buf_view(&text));
    mud_buf_free(&buf);
    mud_buf_free(&text);
}

void mud_lexicon_put_known(struct mud_out *out,
                           const struct mud_lex_known *known)
{
    struct mud_buf buf = {0}, text = {0};
    struct mud_json json = {.buf = &buf};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "lexicon_entry");
    mud_json_kint(&json, "schema", 1);
    mud_lexicon_known_json(&json, known);
    mud_json_object_end(&json);
    mud_lexicon_known_text(&text, known);
    mud_out_record(out, mud_buf_view(&buf), mud_buf_view(&text));
    mud_buf_free(&buf);
    mud_buf_free(&text);
}

void mud_lexicon_put_done(struct mud_out *out,
                          const struct mud_lexbook_done *done)
{
    struct mud_buf buf = {0}, text = {0};
    struct mud_json json = {.buf = &buf};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "lexicon_change");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "added", done->added);
    mud_json_kint(&json, "changed", done->changed);
    mud_json_kint(&json, "removed", done->removed);
    mud_json_kint(&json, "unchanged", done->same);
    mud_json_kbool(&json, "mirrored", done->mirrored);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   mud_t("entries: %lld added, %lld changed, %lld removed, "
                         "%lld as they were\n",
                         "词条：新增 %lld，修改 %lld，删除 %lld，未变 %lld\n"),
                   (long long)done->added,
                   (long long)done->changed,
                   (long long)done->removed,
                   (long long)done->same);
    if (done->added || done->changed || done->removed)
        mud_buf_z(&text,
                  mud_t("in use from now on; texts that are stored keep their "
                        "reading until mudlark rebuild\n",
                        "即刻生效；已入库的文本在执行 mudlark rebuild 前保持原"
                        "解读\n"));
    mud_out_record(out, mud_buf_view(&buf), mud_buf_view(&text));
    mud_buf_free(&buf);
    mud_buf_free(&text);
}
