#include "nlp/lexicon.h"

#include <stdlib.h>

#include "base/conf.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "nlp/lexindex.h"
#include "nlp/script.h"

#define COLUMNS_MAX 24
#define FILE_MAX    ((size_t)64 << 20)
#define SENSES_MAX  64

static const char *const kind_names[MUD_LEX_KINDS] = {
    [MUD_LEX_TERM] = "term",
    [MUD_LEX_PRODUCT] = "product",
    [MUD_LEX_VERB] = "verb",
    [MUD_LEX_CUE] = "cue",
    [MUD_LEX_UNIT] = "unit",
    [MUD_LEX_CURRENCY] = "currency",
    [MUD_LEX_PLATFORM] = "platform",
    [MUD_LEX_NEGATION] = "negation",
    [MUD_LEX_BENIGN] = "benign",
    [MUD_LEX_REPORT] = "report",
    [MUD_LEX_ROLE] = "role",
    [MUD_LEX_VICTIM] = "victim",
    [MUD_LEX_NAME] = "name",
    [MUD_LEX_CATEGORY] = "category",
};

enum column {
    TERM,
    KIND,
    SENSE,
    CATEGORY,
    WEIGHT,
    FLAGS,
    SINCE,
    SOURCE,
    KNOWN, /* how many are known */
    OTHER = KNOWN
};

static const char *const column_names[KNOWN] =
    {"term", "kind", "sense", "category", "weight", "flags", "since", "source"};

struct load { /* of one table */
    struct mud_lexicon *lexicon;
    /* told of each bad row, which is then left out; NULL: the first ends it */
    void (*bad)(uint32_t line, const char *reason, void *payload);
    void *payload;
    const char *name;
    uint32_t line;
    enum mud_lex_kind kind;
    enum column columns[COLUMNS_MAX];
    size_t n_columns;
    bool has_kind;
};

const char *mud_lex_kind_name(enum mud_lex_kind kind)
{
    return kind < MUD_LEX_KINDS ? kind_names[kind] : "";
}

bool mud_lex_kind_of(struct mud_str name, enum mud_lex_kind *out)
{
    for (unsigned i = 0; i < MUD_LEX_KINDS; i++)
        if (mud_str_eqz(name, kind_names[i])) {
            *out = (enum mud_lex_kind)i;
            return true;
        }
    return false;
}

bool mud_lex_flag(const struct mud_lex_entry *entry, const char *flag)
{
    struct mud_str rest = entry->flags, part;

    while (mud_str_cut(&rest, ',', &part))
        if (mud_str_eqz(mud_str_trim(part), flag))
            return true;
    return false;
}

struct mud_lexicon *mud_lexicon_new(const struct mud_folder *folder)
{
    struct mud_lexicon *lexicon = mud_calloc(1, sizeof *lexicon);

    lexicon->folder = folder;
    lexicon->arena = mud_arena_new();
    lexicon->sha = mud_sha256_new();
    return lexicon;
}

void mud_lexicon_free(struct mud_lexicon *lexicon)
{
    if (!lexicon)
        return;
    for (size_t i = 0; i < lexicon->n_tables; i++)
        free(lexicon->tables[i].name);
    free(lexicon->tables);
    free(lexicon->entries);
    free(lexicon->found);
    free(lexicon->nodes);
    mud_sha256_free(lexicon->sha);
    mud_arena_free(lexicon->arena);
    free(lexicon);
}

static bool fail_row(const struct load *load, struct mud_error *err,
                     const char *what, struct mud_str culprit)
{
    return mud_fail(err,
                    MUD_EINPUT,
                    "%s line %u: %s \"%.*s\"",
                    load->name,
                    load->line,
                    what,
                    MUD_FMT(culprit));
}

static bool read_columns(struct load *load, struct mud_str line,
                         struct mud_error *err)
{
    struct mud_str column;
    bool has_term = false;

    if (line.n && line.s[0] == '#')
        line = mud_str_sub(line, 1, line.n);
    while (mud_str_cut(&line, '\t', &column)) {
        enum column known = TERM;

        column = mud_str_trim(column);
        if (load->n_columns == COLUMNS_MAX)
            return fail_row(load, err, "too many columns at", column);
        while (known < KNOWN && !mud_str_eqz(column, column_names[known]))
            known++;
        load->columns[load->n_columns++] = known;
        has_term |= known == TERM;
        load->has_kind |= known == KIND;
    }
    return has_term || fail_row(load, err, "no column", MUD_STR("term"));
}

static bool is_letter(enum mud_char_class class)
{
    return class == MUD_CHAR_LATIN || class == MUD_CHAR_CYRILLIC ||
           class == MUD_CHAR_GREEK || class == MUD_CHAR_LETTER;
}

static uint8_t edges_of(const struct mud_lex_entry *entry)
{
    struct mud_str s = entry->folded;
    size_t at = 0, letters = 0;
    enum mud_char_class first, last = MUD_CHAR_OTHER;
    unsigned edges = 0;

    if (mud_lex_flag(entry, "inside"))
        return 0;
    first = mud_char_class(mud_utf8_next(s, &at));
    at = 0;
    while (at < s.n) {
        last = mud_char_class(mud_utf8_next(s, &at));
        letters = last == MUD_CHAR_LATIN ? letters + 1 : 0;
    }
    edges |= is_letter(first) ? MUD_LEX_LETTER_FIRST : 0;
    edges |= first == MUD_CHAR_DIGIT ? MUD_LEX_DIGIT_FIRST : 0;
    edges |= is_letter(last) ? MUD_LEX_LETTER_LAST : 0;
    edges |= last == MUD_CHAR_DIGIT ? MUD_LEX_DIGIT_LAST : 0;
    edges |= letters >= 4 && s.s[s.n - 1] != 's' ? MUD_LEX_PLURAL : 0;
    return (uint8_t)edges;
}

static bool set_column(struct mud_lex_entry *entry, enum column column,
                       struct mud_str value, const struct load *load,
                       struct mud_error *err)
{
    enum mud_lex_kind kind;
    int64_t weight;

    switch (column) {
    case TERM:
        entry->term = value;
        return true;
    case KIND:
        if (!value.n)
            return true;
        if (!mud_lex_kind_of(value, &kind))
            return fail_row(load, err, "unknown kind", value);
        entry->kind = (uint8_t)kind;
        return true;
    case SENSE:
        entry->sense = value;
        return true;
    case CATEGORY:
        entry->category = value;
        return true;
    case WEIGHT:
        if (!value.n)
            return true;
        if (!mud_str_i64(value, &weight) || weight < -1000000 ||
            weight > 1000000)
            return fail_row(load, err, "weight", value);
        entry->weight = (int32_t)weight;
        return true;
    case FLAGS:
        entry->flags = value;
        return true;
    case SINCE:
        entry->since = value;
        return true;
    case SOURCE:
        entry->source = value;
        return true;
    case OTHER:
        return true;
    }
    return true;
}

static bool add_row(struct load *load, struct mud_str line,
                    struct mud_error *err)
{
    struct mud_lexicon *lexicon = load->lexicon;
    struct mud_lex_entry entry = {.kind = (uint8_t)load->kind,
                                  .row = line,
                                  .line = load->line,
                                  .table = (uint16_t)(lexicon->n_tables - 1)};
    struct mud_str value;

    for (size_t i = 0; mud_str_cut(&line, '\t', &value); i++) {
        if (i >= load->n_columns)
            return fail_row(load, err, "more columns than named at", value);
        if (!set_column(
                &entry, load->columns[i], mud_str_trim(value), load, err))
            return false;
    }
    if (!entry.term.n)
        return fail_row(load, err, "empty term in", entry.row);
    if (entry.term.n > MUD_LEX_TERM_MAX)
        return fail_row(
            load,
            err,
            "term too long",
            mud_str_sub(entry.term, 0, mud_utf8_cut(entry.term, 40)));
    entry.folded = mud_str_trim(
        mud_fold_term(lexicon->folder, entry.term, lexicon->arena));
    if (!entry.folded.n || entry.folded.n > MUD_LEX_TERM_MAX)
        return fail_row(load, err, "nothing to see in term", entry.term);
    if (lexicon->n >= MUD_LEX_TERMS_MAX)
        return mud_fail(err,
                        MUD_ELIMIT,
                        "%s line %u: more than %u terms",
                        load->name,
                        load->line,
                        MUD_LEX_TERMS_MAX);

    entry.edges = edges_of(&entry);
    lexicon->entries =
        mud_grow(lexicon->entries, &lexicon->cap, lexicon->n + 1, sizeof entry);
    lexicon->entries[++lexicon->n] = entry;
    return true;
}

/* A row of a table; a bad one is told where somebody wants to know. */
static bool take_row(struct load *load, struct mud_str line,
                     struct mud_error *err)
{
    struct mud_error reason = {0};

    if (!load->bad)
        return add_row(load, line, err);
    if (!add_row(load, line, &reason))
        load->bad(load->line, reason.text, load->payload);
    return reason.code != MUD_ELIMIT ||
           mud_fail(err, MUD_ELIMIT, "%s", reason.text);
}

static bool add_table(struct load *load, struct mud_str tsv,
                      struct mud_error *err)
{
    struct mud_lexicon *lexicon = load->lexicon;
    struct mud_str text, line;
    bool first = true;

    if (lexicon->sealed)
        return mud_fail(err, MUD_EBUG, "%s: the lexicon is sealed", load->name);
    if (mud_utf8_valid(tsv) != tsv.n)
        return mud_fail(err,
                        MUD_EINPUT,
                        "%s byte %zu: not UTF-8",
                        load->name,
                        mud_utf8_valid(tsv));
    if (lexicon->n_tables == UINT16_MAX)
        return mud_fail(err, MUD_ELIMIT, "%s: too many tables", load->name);

    mud_sha256_add(lexicon->sha, &tsv.n, sizeof tsv.n);
    mud_sha256_add(lexicon->sha, tsv.s, tsv.n);
    lexicon->tables = mud_grow(lexicon->tables,
                               &lexicon->tables_cap,
                               lexicon->n_tables,
                               sizeof *lexicon->tables);
    lexicon->tables[lexicon->n_tables++] =
        (struct mud_lex_table){.name = mud_strdup(load->name)};
    text = mud_str_dup(tsv, lexicon->arena);
    if (mud_str_starts(text, MUD_STR("\xef\xbb\xbf")))
        text = mud_str_sub(text, 3, text.n);
    while (mud_str_line(&text, &line)) {
        load->line++;
        if (first) {
            if (!read_columns(load, line, err))
                return false;
            lexicon->tables[lexicon->n_tables - 1].columns = line;
            first = false;
            continue;
        }
        if (!mud_str_trim(line).n || line.s[0] == '#')
            continue;
        if (!take_row(load, line, err))
            return false;
    }
    return true;
}

bool mud_lexicon_add(struct mud_lexicon *lexicon, const char *name,
                     struct mud_str tsv, enum mud_lex_kind kind,
                     struct mud_error *err)
{
    struct load load = {.lexicon = lexicon, .name = name, .kind = kind};

    return add_table(&load, tsv, err);
}

bool mud_lexicon_add_good(struct mud_lexicon *lexicon, const char *name,
                          struct mud_str tsv, enum mud_lex_kind kind,
                          void (*bad)(uint32_t line, const char *reason,
                                      void *payload),
                          void *payload, struct mud_error *err)
{
    struct load load = {.lexicon = lexicon,
                        .bad = bad,
                        .payload = payload,
                        .name = name,
                        .kind = kind};

    return add_table(&load, tsv, err);
}

bool mud_lexicon_add_file(struct mud_lexicon *lexicon, const char *path,
                          enum mud_lex_kind kind, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str text;
    bool ok = mud_file_read(&text, path, FILE_MAX, arena, err) &&
              mud_lexicon_add(lexicon, path, text, kind, err);

    mud_arena_free(arena);
    return ok;
}

static int by_term(const void *a, const void *b)
{
    const struct mud_lex_entry *x = *(const struct mud_lex_entry *const *)a;
    const struct mud_lex_entry *y = *(const struct mud_lex_entry *const *)b;
    int d = mud_str_cmp(x->folded, y->folded);

    return d ? d : (x < y ? -1 : 1);
}

struct settled { /* what the later rows of a term say */

    struct {
        struct mud_str sense;
        uint8_t kind;
    } sense[SENSES_MAX]; /* each settled: earlier rows of it are dropped */

    size_t n;
    uint32_t off; /* kinds of which all earlier rows are dropped */
};

static bool is_settled(const struct settled *s,
                       const struct mud_lex_entry *entry)
{
    if (s->off & 1u << entry->kind)
        return true;
    for (size_t i = 0; i < s->n; i++)
        if (s->sense[i].kind == entry->kind &&
            mud_str_eq(s->sense[i].sense, entry->sense))
            return true;
    return false;
}

/* Later rows of one term replace or switch off earlier ones. */
static bool settle(struct mud_lex_entry **group, size_t n,
                   struct mud_error *err)
{
    struct settled s = {.n = 0};

    for (size_t i = n; i-- > 0;) {
        struct mud_lex_entry *entry = group[i];
        bool drop = is_settled(&s, entry);
        bool off = !drop && mud_lex_flag(entry, "off");

        if (off && !entry->sense.n) {
            s.off |= 1u << entry->kind;
        } else if (!drop) {
            if (s.n == SENSES_MAX)
                return mud_fail(err,
                                MUD_ELIMIT,
                                "term \"%.*s\": more than %d senses",
                                MUD_FMT(entry->term),
                                SENSES_MAX);
            s.sense[s.n].kind = entry->kind;
            s.sense[s.n++].sense = entry->sense;
        }
        if (drop || off)
            entry->kind = MUD_LEX_KINDS;
    }
    return true;
}

/* Let the matcher pass where this term may begin; inside: in a word, too. */
static void open_gate(struct mud_lexicon *lexicon, struct mud_str term,
                      bool inside)
{
    size_t at = 0;
    uint32_t first = mud_utf8_next(term, &at), bit;

    if (at == term.n && first < 0x10000) {
        lexicon->single[first / 64] |= UINT64_C(1) << first % 64;
        if (first < 128)
            lexicon->inside[first] |= inside;
        return;
    }
    bit = mud_lex_gate_bit(first, at < term.n ? mud_utf8_next(term, &at) : 0);
    for (int i = 0; i <= inside; i++)
        lexicon->gate[i][bit / 64] |= UINT64_C(1) << bit % 64;
}

/* Chain what is left of a group; the number of its first entry, or 0. */
static uint32_t chain(struct mud_lexicon *lexicon, struct mud_lex_entry **group,
                      size_t n)
{
    struct mud_lex_entry *last = NULL;
    uint32_t first = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t number = (uint32_t)(group[i] - lexicon->entries);

        if (group[i]->kind == MUD_LEX_KINDS)
            continue;
        open_gate(lexicon,
                  group[i]->folded,
                  !(group[i]->edges &
                    (MUD_LEX_LETTER_FIRST | MUD_LEX_DIGIT_FIRST)));
        if (last)
            last->next = number;
        else
            first = number;
        last = group[i];
    }
    return first;
}

bool mud_lexicon_seal(struct mud_lexicon *lexicon, struct mud_error *err)
{
    struct mud_lex_entry **sorted = mud_calloc(lexicon->n + 1u, sizeof(void *));
    struct mud_trie_key *keys = mud_calloc(lexicon->n + 1u, sizeof *keys);
    size_t n = 0, lo = 0;
    bool ok = true;

    for (uint32_t i = 0; i < lexicon->n; i++)
        sorted[i] = &lexicon->entries[i + 1];
    if (lexicon->n)
        qsort(sorted, lexicon->n, sizeof(void *), by_term);
    while (ok && lo < lexicon->n) {
        size_t hi = lo + 1;
        uint32_t first;

        while (hi < lexicon->n &&
               mud_str_eq(sorted[hi]->folded, sorted[lo]->folded))
            hi++;
        ok = settle(sorted + lo, hi - lo, err);
        first = chain(lexicon, sorted + lo, hi - lo);
        if (first)
            keys[n++] =
                (struct mud_trie_key){sorted[lo]->folded, (int32_t)first};
        lo = hi;
    }
    ok = ok && mud_lex_nodes_make(lexicon, keys, n, err);
    free(keys);
    free(sorted);
    if (ok) {
        mud_sha256_end(lexicon->sha, lexicon->digest);
        lexicon->sealed = true;
    }
    return ok;
}

uint32_t mud_lexicon_count(const struct mud_lexicon *lexicon)
{
    return lexicon->n;
}

const struct mud_lex_entry *mud_lexicon_entry(const struct mud_lexicon *lexicon,
                                              uint32_t number)
{
    return number && number <= lexicon->n ? &lexicon->entries[number] : NULL;
}

const char *mud_lexicon_table_name(const struct mud_lexicon *lexicon,
                                   uint16_t table)
{
    return table < lexicon->n_tables ? lexicon->tables[table].name : "";
}

uint32_t mud_lexicon_get(const struct mud_lexicon *lexicon,
                         enum mud_lex_kind kind, struct mud_str folded)
{
    uint32_t node = 0, number;
    size_t at = 0;

    if (!lexicon->sealed)
        return 0;
    while (at < folded.n)
        if (!mud_lex_step(lexicon, &node, mud_utf8_next(folded, &at)))
            return 0;
    number = lexicon->nodes[node].entry;
    while (number && lexicon->entries[number].kind != kind)
        number = lexicon->entries[number].next;
    return number;
}

struct mud_str mud_lexicon_column(const struct mud_lexicon *lexicon,
                                  uint32_t number, const char *column)
{
    const struct mud_lex_entry *entry = mud_lexicon_entry(lexicon, number);
    struct mud_str names, row, name, value;

    if (!entry)
        return MUD_STR("");
    names = lexicon->tables[entry->table].columns;
    if (names.n && names.s[0] == '#')
        names = mud_str_sub(names, 1, names.n);
    row = entry->row;
    while (mud_str_cut(&names, '\t', &name) && mud_str_cut(&row, '\t', &value))
        if (mud_str_eqz(mud_str_trim(name), column))
            return mud_str_trim(value);
    return MUD_STR("");
}

void mud_lexicon_digest(const struct mud_lexicon *lexicon, uint8_t out[32])
{
    memcpy(out, lexicon->digest, sizeof lexicon->digest);
}
