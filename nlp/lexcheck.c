#include "nlp/lexcheck.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "nlp/reader.h"
#include "nlp/script.h"

struct check {
    const struct mud_reader *builtin;
    struct mud_lexicon *rows; /* the table's, as far as they can be read */
    struct mud_arena *arena;
    struct mud_lex_finding *out;
    size_t n, cap;
};

const char *mud_lex_grade_name(enum mud_lex_grade grade)
{
    static const char *const names[] = {"note", "warning", "error"};

    return names[grade];
}

static void say(struct check *c, const struct mud_lex_finding *finding)
{
    if (c->n > MUD_LEX_FINDINGS)
        return;
    c->out = mud_arena_grow(c->arena, c->out, &c->cap, c->n, sizeof *c->out);
    c->out[c->n] = *finding;
    if (c->n++ == MUD_LEX_FINDINGS)
        c->out[MUD_LEX_FINDINGS] =
            (struct mud_lex_finding){.grade = MUD_LEX_BAD,
                                     .code = "row",
                                     .text = MUD_STR("there are more")};
}

/* A finding about one entry. */
static void MUD_PRINTF(5, 6)
    about(struct check *c, const struct mud_lex_entry *entry,
          enum mud_lex_grade grade, const char *code, const char *fmt, ...)
{
    char line[480];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(line, sizeof line, fmt, args);
    va_end(args);

    struct mud_str text = mud_str_z(line);
    text = mud_str_sub(text, 0, mud_utf8_cut(text, text.n));
    say(c,
        &(struct mud_lex_finding){.line = entry->line,
                                  .grade = (uint8_t)grade,
                                  .code = code,
                                  .term = mud_str_dup(entry->term, c->arena),
                                  .text = mud_str_dup(text, c->arena)});
}

static void bad_row(uint32_t line, const char *reason, void *payload)
{
    struct check *c = payload;
    struct mud_lex_finding f = {
        .line = line, .grade = MUD_LEX_BAD, .code = "row"};

    f.text = mud_str_dup(mud_str_z(reason), c->arena);
    say(c, &f);
}

struct mud_str mud_lexicon_folded(const struct mud_reader *reader,
                                  struct mud_str term, struct mud_arena *arena)
{
    return mud_str_trim(mud_fold_term(reader->folder, term, arena));
}

bool mud_lexicon_ordinary(const struct mud_reader *reader,
                          struct mud_str folded)
{
    int32_t cost = mud_segmenter_cost(reader->segmenter, folded);

    return cost > 0 && cost < MUD_LEX_ORDINARY;
}

/* Does the kind alone make an advert, a contact or a price out of a text? */
static bool is_telling(uint8_t kind)
{
    return kind == MUD_LEX_PRODUCT || kind == MUD_LEX_CUE ||
           kind == MUD_LEX_PLATFORM || kind == MUD_LEX_CURRENCY;
}

static bool holds_back(const struct mud_lex_entry *e)
{
    return mud_lex_flag(e, "weak") || mud_lex_flag(e, "generic") ||
           mud_lex_flag(e, "start") || mud_lex_flag(e, "off");
}

/* One character, or two letters: they stand in many words. */
static bool is_short(struct mud_str folded)
{
    size_t at = 0, n = 0;
    bool han = false;

    while (at < folded.n) {
        han |= mud_char_class(mud_utf8_next(folded, &at)) == MUD_CHAR_HAN;
        n++;
    }
    return n < (han ? 2 : 3);
}

static void check_words(struct check *c, const struct mud_lex_entry *e)
{
    if (!is_telling(e->kind) || holds_back(e))
        return;
    if (mud_lexicon_ordinary(c->builtin, e->folded))
        about(c,
              e,
              MUD_LEX_WARN,
              "ordinary",
              "\"%.*s\" is an ordinary word too: flag it weak, so that it "
              "counts beside a verb of dealing only",
              MUD_FMT(e->term));
    else if (is_short(e->folded))
        about(c,
              e,
              MUD_LEX_WARN,
              "short",
              "\"%.*s\" is short and stands in many words: flag it weak",
              MUD_FMT(e->term));
}

static void check_flags(struct check *c, const struct mud_lex_entry *e)
{
    struct mud_str rest = e->flags, flag;

    while (rest.n && mud_str_cut(&rest, ',', &flag)) {
        flag = mud_str_trim(flag);
        if (flag.n && !mud_meaning_flag(flag))
            about(c,
                  e,
                  MUD_LEX_WARN,
                  "flag",
                  "no rule knows the flag \"%.*s\"",
                  MUD_FMT(flag));
    }
}

static void check_sense(struct check *c, const struct mud_lex_entry *e)
{
    const struct mud_reader *r = c->builtin;
    struct mud_meaning meaning;
    enum mud_category category;

    if (mud_lex_flag(e, "off") && !e->sense.n)
        return;
    if (!mud_meaning_of(&meaning, e, r->canonicals, r->n_canonicals)) {
        about(c,
              e,
              MUD_LEX_BAD,
              "sense",
              "no rule knows the sense \"%.*s\" of kind %s",
              MUD_FMT(e->sense),
              mud_lex_kind_name((enum mud_lex_kind)e->kind));
        return;
    }
    if (!e->category.n)
        return;
    if (!mud_category_of(e->category, &category))
        about(c,
              e,
              MUD_LEX_BAD,
              "category",
              "there is no category \"%.*s\"",
              MUD_FMT(e->category));
    else if (e->kind == MUD_LEX_PRODUCT && meaning.code < r->n_canonicals &&
             r->canonicals[meaning.code].category != category)
        about(c,
              e,
              MUD_LEX_WARN,
              "category",
              "the sense %.*s is of category %s, which holds",
              MUD_FMT(e->sense),
              mud_category_name(r->canonicals[meaning.code].category));
}

static void check_builtin(struct check *c, const struct mud_lex_entry *e)
{
    const struct mud_lexicon *lexicon = c->builtin->lexicon;
    enum mud_lex_kind kind = (enum mud_lex_kind)e->kind;
    uint32_t i = mud_lexicon_get(lexicon, kind, e->folded);
    const struct mud_lex_entry *b = mud_lexicon_entry(lexicon, i);

    if (mud_lex_flag(e, "off")) {
        if (!b)
            about(c,
                  e,
                  MUD_LEX_WARN,
                  "off",
                  "no built-in row of kind %s is there to be switched off",
                  mud_lex_kind_name(kind));
        return;
    }
    for (; b; b = mud_lexicon_entry(lexicon, b->next)) {
        if (b->kind != e->kind)
            continue;
        about(c,
              e,
              mud_str_eq(b->sense, e->sense) ? MUD_LEX_NOTE : MUD_LEX_WARN,
              "builtin",
              mud_str_eq(b->sense, e->sense)
                  ? "takes the place of the built-in row (%s line %u: %.*s)"
                  : "is built in with another sense, which stays (%s line %u: "
                    "%.*s); lexicon disable switches it off",
              mud_lexicon_table_name(lexicon, b->table),
              b->line,
              MUD_FMT(b->sense));
    }
}

static int by_row(const void *a, const void *b)
{
    const struct mud_lex_entry *x = *(const struct mud_lex_entry *const *)a;
    const struct mud_lex_entry *y = *(const struct mud_lex_entry *const *)b;
    int d = mud_str_cmp(x->folded, y->folded);

    d = d ? d : (int)x->kind - (int)y->kind;
    d = d ? d : mud_str_cmp(x->sense, y->sense);
    return d ? d : (x->line > y->line) - (x->line < y->line);
}

/* Rows of one folded term, kind and sense: the last one holds. */
static void check_twice(struct check *c)
{
    uint32_t n = mud_lexicon_count(c->rows);
    const struct mud_lex_entry **sorted =
        mud_arena_array(c->arena, n, sizeof(void *));

    for (uint32_t i = 0; i < n; i++)
        sorted[i] = mud_lexicon_entry(c->rows, i + 1);
    if (n)
        qsort(sorted, n, sizeof(void *), by_row);
    for (uint32_t i = 1; i < n; i++) {
        const struct mud_lex_entry *a = sorted[i - 1], *b = sorted[i];

        if (!mud_str_eq(a->folded, b->folded) || a->kind != b->kind ||
            !mud_str_eq(a->sense, b->sense) ||
            mud_lex_flag(a, "off") != mud_lex_flag(b, "off"))
            continue;
        about(c,
              a,
              MUD_LEX_WARN,
              mud_str_eq(a->term, b->term) ? "twice" : "alike",
              "is read as line %u (\"%.*s\"), which takes its place",
              b->line,
              MUD_FMT(b->term));
    }
}

static int by_line(const void *a, const void *b)
{
    const struct mud_lex_finding *x = a, *y = b;

    return (x->line > y->line) - (x->line < y->line);
}

size_t mud_lexicon_check(struct mud_lex_finding **out,
                         const struct mud_reader *builtin, const char *name,
                         struct mud_str tsv, struct mud_arena *arena)
{
    struct check c = {.builtin = builtin, .arena = arena};
    struct mud_error err = {0};

    c.rows = mud_lexicon_new(builtin->folder);
    if (!mud_lexicon_add_good(
            c.rows, name, tsv, MUD_LEX_TERM, bad_row, &c, &err))
        say(&c,
            &(struct mud_lex_finding){.grade = MUD_LEX_BAD,
                                      .code = "row",
                                      .text = mud_str_dup(mud_str_z(err.text),
                                                          arena)});
    for (uint32_t i = 1; i <= mud_lexicon_count(c.rows); i++) {
        const struct mud_lex_entry *e = mud_lexicon_entry(c.rows, i);

        check_sense(&c, e);
        check_flags(&c, e);
        check_words(&c, e);
        check_builtin(&c, e);
    }
    check_twice(&c);
    mud_lexicon_free(c.rows);
    if (c.n)
        qsort(c.out, c.n, sizeof *c.out, by_line);
    *out = c.out;
    return c.n;
}

bool mud_lexicon_each(const struct mud_reader *builtin, const char *name,
                      struct mud_str tsv,
                      void (*row)(const struct mud_lex_row *row, void *payload),
                      void *payload, struct mud_error *err)
{
    struct mud_lexicon *rows = mud_lexicon_new(builtin->folder);
    bool good = mud_lexicon_add(rows, name, tsv, MUD_LEX_TERM, err);

    for (uint32_t i = 1; good && i <= mud_lexicon_count(rows); i++) {
        const struct mud_lex_entry *e = mud_lexicon_entry(rows, i);
        struct mud_lex_row out = {
            .kind = mud_lex_kind_name((enum mud_lex_kind)e->kind),
            .term = e->term,
            .folded = e->folded,
            .sense = e->sense,
            .category = e->category,
            .flags = e->flags,
            .since = e->since,
            .source = e->source,
            .note = mud_lexicon_column(rows, i, "note"),
            .weight = e->weight,
            .line = e->line};

        row(&out, payload);
    }
    mud_lexicon_free(rows);
    return good;
}

bool mud_lexicon_at(struct mud_lex_known *out, const struct mud_reader *reader,
                    uint32_t i)
{
    const struct mud_lex_entry *e = mud_lexicon_entry(reader->lexicon, i);
    struct mud_meaning const *m = e ? &reader->meanings[i] : NULL;

    if (!e)
        return false;
    *out = (struct mud_lex_known){
        .kind = mud_lex_kind_name((enum mud_lex_kind)e->kind),
        .table = mud_lexicon_table_name(reader->lexicon, e->table),
        .line = e->line,
        .term = e->term,
        .sense = e->sense,
        .category = e->category,
        .flags = e->flags,
        .source = e->source,
        .weight = e->weight};
    if (e->kind == MUD_LEX_PRODUCT && m->code < reader->n_canonicals)
        out->category =
            mud_str_z(mud_category_name(reader->canonicals[m->code].category));
    return true;
}

size_t mud_lexicon_known(struct mud_lex_known **out,
                         const struct mud_reader *reader, struct mud_str folded,
                         struct mud_arena *arena)
{
    size_t n = 0, cap = 0;

    *out = NULL;
    for (unsigned kind = 0; kind < MUD_LEX_KINDS; kind++) {
        uint32_t i =
            mud_lexicon_get(reader->lexicon, (enum mud_lex_kind)kind, folded);

        for (; i; i = mud_lexicon_entry(reader->lexicon, i)->next) {
            if (mud_lexicon_entry(reader->lexicon, i)->kind != kind)
                continue;
            *out = mud_arena_grow(arena, *out, &cap, n, sizeof **out);
            n += mud_lexicon_at(*out + n, reader, i);
        }
    }
    return n;
}

static int by_sense(const void *a, const void *b)
{
    const struct mud_lex_sense *x = a, *y = b;

    return mud_str_cmp(x->sense, y->sense);
}

/* Senses that the reader's own tables use; of products all that there are. */
size_t mud_lexicon_senses(struct mud_lex_sense **out,
                          const struct mud_reader *reader, const char *kind,
                          struct mud_arena *arena)
{
    struct mud_lex_sense *list = NULL;
    struct mud_lex_known e;
    size_t n = 0, cap = 0, kept = 0;

    *out = NULL;
    if (mud_str_eqz(MUD_STR("term"), kind) ||
        mud_str_eqz(MUD_STR("name"), kind))
        return 0;
    for (uint32_t i = 1; mud_lexicon_at(&e, reader, i); i++) {
        if (!mud_str_eqz(mud_str_z(kind), e.kind) || !e.sense.n)
            continue;
        list = mud_arena_grow(arena, list, &cap, n, sizeof *list);
        list[n++] = (struct mud_lex_sense){e.sense, ""};
    }
    for (size_t i = 0;
         i < reader->n_canonicals && mud_str_eqz(MUD_STR("product"), kind);
         i++) {
        list = mud_arena_grow(arena, list, &cap, n, sizeof *list);
        list[n++] = (struct mud_lex_sense){reader->canonicals[i].id, ""};
    }
    if (n)
        qsort(list, n, sizeof *list, by_sense);
    for (size_t i = 0; i < n; i++)
        if (!i || !mud_str_eq(list[i].sense, list[i - 1].sense))
            list[kept++] = list[i];
    for (size_t i = 0; i < kept; i++)
        for (size_t k = 0; k < reader->n_canonicals; k++)
            if (mud_str_eqz(MUD_STR("product"), kind) &&
                mud_str_eq(list[i].sense, reader->canonicals[k].id))
                list[i].category =
                    mud_category_name(reader->canonicals[k].category);
    *out = list;
    return kept;
}
