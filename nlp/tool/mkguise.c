/*
 * mkguise WORDS.trie GUISE SOUND OUT PRODUCTS CUES [TABLE...]: the forms in
 * which terms are disguised (nlp/foldguise.h), to OUT.trie, OUT.terms (a line
 * each) and OUT.gate. The terms of PRODUCTS and CUES stand for themselves, to
 * be found with junk between their characters. No form is made that is a word
 * of the dictionary or a term of any of the tables.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/utf8.h"
#include "nlp/foldguise.h"
#include "nlp/tool/slurp.h"

enum {
    CHARS_MAX = 8,   /* of a Han term with junk between */
    LATIN_MAX = 24,  /* of a Latin one */
    PARTS_MAX = 6,   /* syllables */
    LEET_MAX = 20,   /* letters of a Latin term */
    LEET_FORMS = 256 /* forms of one */
};

struct make {
    struct mud_arena *arena;
    struct mud_trie words; /* of the dictionary */
    struct mud_trie known; /* terms of all tables */
    struct mud_trie_key *keys;
    size_t n, cap;
    struct mud_str *terms;
    size_t n_terms, cap_terms;
    struct mud_str sound;                 /* the table */
    uint8_t gates[3][MUD_GUISE_GATE / 8]; /* disguise, own, inner */
};

static struct mud_str read_table(struct make *m, const char *path,
                                 struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_str text = {0};

    if (slurp(&buf, path, err))
        text = mud_str_dup(mud_buf_view(&buf), m->arena);
    mud_buf_free(&buf);
    return text;
}

/* Columns of the next row that is no comment. */
static bool next_row(struct mud_str *text, struct mud_str *cell, size_t max)
{
    struct mud_str line;

    while (mud_str_line(text, &line)) {
        if (!line.n || line.s[0] == '#')
            continue;
        for (size_t i = 0; i < max; i++) {
            cell[i] = (struct mud_str){0};
            if (!mud_str_cut(&line, '\t', &cell[i])) {
                cell[i] = line;
                line.n = 0;
            }
        }
        return true;
    }
    return false;
}

static bool is_han(uint32_t c)
{
    return c >= 0x4e00 && c <= 0x9fff;
}

static size_t points(uint32_t *out, size_t max, struct mud_str s)
{
    size_t at = 0, n = 0;

    while (at < s.n && n < max)
        out[n++] = mud_utf8_next(s, &at);
    return at < s.n ? 0 : n;
}

static struct mud_str text_of(struct make *m, const uint32_t *c, size_t n)
{
    char *out = mud_arena_alloc(m->arena, 4 * n + 1);
    size_t len = 0;

    for (size_t i = 0; i < n; i++)
        len += mud_utf8_put(c[i], out + len);
    return mud_str_of(out, len);
}

static uint32_t term_number(struct make *m, struct mud_str term)
{
    for (size_t i = m->n_terms; i-- > 0;)
        if (mud_str_eq(m->terms[i], term))
            return (uint32_t)i;
    m->terms = mud_grow(m->terms, &m->cap_terms, m->n_terms, sizeof *m->terms);
    m->terms[m->n_terms] = term;
    return (uint32_t)m->n_terms++;
}

static void open_gate(uint8_t *gate, uint32_t first, uint32_t second)
{
    uint32_t bit =
        mud_guise_bit(mud_guise_bytes(first), mud_guise_bytes(second));

    gate[bit / 8] |= (uint8_t)(1u << bit % 8);
}

static void put(struct make *m, struct mud_str form, uint32_t term,
                enum mud_fold_layer layer)
{
    size_t at = 0;
    uint32_t before = mud_utf8_next(form, &at);

    if (at >= form.n)
        return;
    for (bool first = true; at < form.n; first = false) {
        uint32_t c = mud_utf8_next(form, &at);

        if (first)
            open_gate(m->gates[layer == MUD_FOLD_JUNK], before, c);
        open_gate(m->gates[2], before, c);
        before = c;
    }
    m->keys = mud_grow(m->keys, &m->cap, m->n, sizeof *m->keys);
    m->keys[m->n++] = (struct mud_trie_key){
        form, (int32_t)(term * MUD_GUISE_LAYER + (uint32_t)layer)};
}

/* A form that means nothing else. */
static void put_form(struct make *m, struct mud_str form, uint32_t term,
                     enum mud_fold_layer layer)
{
    if (mud_trie_get(&m->words, form) == MUD_TRIE_NONE &&
        mud_trie_get(&m->known, form) == MUD_TRIE_NONE)
        put(m, form, term, layer);
}

/* May junk stand between the characters of the term? */
static bool takes_junk(struct mud_str term)
{
    uint32_t c[LATIN_MAX];
    size_t n = points(c, LATIN_MAX, term), han = 0, latin = 0;

    for (size_t i = 0; i < n; i++) {
        han += is_han(c[i]);
        latin += c[i] < 0x80 && c[i] >= 'a' && c[i] <= 'z';
    }
    if (!n || (han && n > CHARS_MAX))
        return false;
    return han ? han + latin == n && han > 1 : latin == n && n > 2;
}

static void put_own(struct make *m, struct mud_str term)
{
    if (takes_junk(term))
        put(m, term, term_number(m, term), MUD_FOLD_JUNK);
}

/* One character of the term changed for each of its like. */
static void put_like(struct make *m, struct mud_str term)
{
    struct mud_str text = m->sound, cell[3];
    uint32_t c[CHARS_MAX], number = term_number(m, term);
    size_t n = points(c, CHARS_MAX, term);

    while (next_row(&text, cell, 3)) {
        size_t at = 0;
        uint32_t from = mud_utf8_next(cell[0], &at);

        for (size_t i = 0; i < n; i++) {
            if (c[i] != from)
                continue;
            for (at = 0; at < cell[2].n;) {
                c[i] = mud_utf8_next(cell[2], &at);
                put_form(m,
                         text_of(m, c, n),
                         number,
                         mud_str_eqz(cell[1], "shape") ? MUD_FOLD_SHAPE
                                                       : MUD_FOLD_SOUND);
            }
            c[i] = from;
        }
    }
}

static size_t split(struct mud_str *out, size_t max, struct mud_str s)
{
    size_t n = 0;
    struct mud_str part;

    while (s.n && n < max) {
        if (!mud_str_cut(&s, ' ', &part)) {
            part = s;
            s.n = 0;
        }
        if (part.n)
            out[n++] = part;
    }
    return n;
}

/* The syllables side by side, or some of the characters and some of them. */
static void put_pinyin(struct make *m, struct mud_str term, struct mud_str cell)
{
    static const char *const gaps[] = {"", " ", "-", "'", "."};
    struct mud_str part[PARTS_MAX];
    uint32_t c[CHARS_MAX], number = term_number(m, term);
    size_t n = split(part, PARTS_MAX, cell);
    bool mixed = points(c, CHARS_MAX, term) == n;

    for (size_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++) {
        struct mud_buf buf = {0};

        for (size_t i = 0; i < n; i++)
            mud_buf_printf(&buf, "%s%.*s", i ? gaps[g] : "", MUD_FMT(part[i]));
        put_form(m,
                 mud_str_dup(mud_buf_view(&buf), m->arena),
                 number,
                 MUD_FOLD_PINYIN);
        mud_buf_free(&buf);
    }
    for (unsigned mask = 1; mixed && mask + 1 < 1u << n; mask++) {
        struct mud_buf buf = {0};

        for (size_t i = 0; i < n; i++) {
            if (mask >> i & 1)
                mud_buf_put(&buf, part[i].s, part[i].n);
            else
                mud_buf_put(&buf, term.s + 3 * i, 3);
        }
        put_form(m,
                 mud_str_dup(mud_buf_view(&buf), m->arena),
                 number,
                 MUD_FOLD_PINYIN);
        mud_buf_free(&buf);
    }
}

static const char *stand_ins(char c)
{
    switch (c) {
    case 'a':
        return "4@";
    case 'b':
        return "8";
    case 'e':
        return "3";
    case 'g':
        return "9";
    case 'i':
        return "1!";
    case 'l':
        return "1";
    case 'o':
        return "0";
    case 's':
        return "5$z";
    case 't':
        return "7";
    default:
        return "";
    }
}

/* All ways of writing the term with a digit or sign for some letters. */
static void put_leet(struct make *m, struct mud_str term)
{
    char form[LEET_MAX];
    unsigned choice[LEET_MAX] = {0}, made = 0;
    uint32_t number = term_number(m, term);
    size_t i = 0;

    while (term.n <= LEET_MAX && made < LEET_FORMS) {
        for (i = 0; i < term.n; i++) { /* count up */
            if (choice[i] < strlen(stand_ins(term.s[i]))) {
                choice[i]++;
                break;
            }
            choice[i] = 0;
        }
        if (i == term.n)
            return;
        for (i = 0; i < term.n; i++)
            form[i] =
                choice[i] ? stand_ins(term.s[i])[choice[i] - 1] : term.s[i];
        if (form[0] == '@' && term.n > 5) /* may be an account's name */
            continue;
        put_form(m,
                 mud_str_dup(mud_str_of(form, term.n), m->arena),
                 number,
                 MUD_FOLD_LEET);
        made++;
    }
}

static void put_listed(struct make *m, struct mud_str term, struct mud_str cell,
                       enum mud_fold_layer layer)
{
    struct mud_str form;

    while (cell.n) {
        if (!mud_str_cut(&cell, ' ', &form)) {
            form = cell;
            cell.n = 0;
        }
        if (form.n)
            put_form(m, form, term_number(m, term), layer);
    }
}

static bool put_row(struct make *m, const struct mud_str *cell,
                    struct mud_error *err)
{
    if (mud_str_eqz(cell[1], "like"))
        put_like(m, cell[0]);
    else if (mud_str_eqz(cell[1], "pinyin"))
        put_pinyin(m, cell[0], cell[2]);
    else if (mud_str_eqz(cell[1], "leet"))
        put_leet(m, cell[0]);
    else if (mud_str_eqz(cell[1], "emoji"))
        put_listed(m, cell[0], cell[2], MUD_FOLD_EMOJI);
    else if (mud_str_eqz(cell[1], "sound"))
        put_listed(m, cell[0], cell[2], MUD_FOLD_SOUND);
    else if (mud_str_eqz(cell[1], "initials"))
        put_listed(m, cell[0], cell[2], MUD_FOLD_PINYIN);
    else if (mud_str_eqz(cell[1], "shape"))
        put_listed(m, cell[0], cell[2], MUD_FOLD_SHAPE);
    else
        return mud_fail(err,
                        MUD_EINPUT,
                        "%.*s: no way \"%.*s\"",
                        MUD_FMT(cell[0]),
                        MUD_FMT(cell[1]));
    return true;
}

/* The terms of all tables, as they are written. */
static bool read_known(struct make *m, char **paths, int n,
                       struct mud_error *err)
{
    struct mud_trie_key *keys = NULL;
    size_t count = 0, cap = 0;
    bool ok = true;

    for (int i = 0; ok && i < n; i++) {
        struct mud_str text = read_table(m, paths[i], err), cell[2];

        ok = text.n > 0;
        while (ok && next_row(&text, cell, 2)) {
            if (!cell[0].n || mud_utf8_valid(cell[0]) != cell[0].n)
                continue;
            keys = mud_grow(keys, &cap, count, sizeof *keys);
            keys[count++] = (struct mud_trie_key){cell[0], 1};
        }
    }
    ok = ok && mud_trie_build(&m->known, keys, count, err);
    free(keys);
    return ok;
}

/* Terms for themselves first: no disguise of another is one of them. */
static bool make_forms(struct make *m, char **argv, struct mud_error *err)
{
    struct mud_str guise = read_table(m, argv[2], err), text, cell[3];

    m->sound = read_table(m, argv[3], err);
    for (text = guise; next_row(&text, cell, 3);)
        put_own(m, cell[0]);
    for (int i = 5; i < 7; i++)
        for (text = read_table(m, argv[i], err); next_row(&text, cell, 2);)
            if (!mud_str_eqz(cell[1], "fill") && !mud_str_eqz(cell[1], "same"))
                put_own(m, cell[0]);
    for (text = guise; next_row(&text, cell, 3);)
        if (!put_row(m, cell, err))
            return false;
    return err->code == MUD_OK;
}

static bool save_as(const char *stem, const char *end, struct mud_str bytes,
                    struct mud_error *err)
{
    char path[4096];

    (void)snprintf(path, sizeof path, "%s%s", stem, end);
    return save(path, bytes, err);
}

static bool write_out(struct make *m, const char *stem, struct mud_error *err)
{
    struct mud_trie trie = {0};
    struct mud_buf terms = {0};
    bool ok = mud_trie_pack(&trie, m->keys, m->n, err);

    for (size_t i = 0; i < m->n_terms; i++)
        mud_buf_printf(&terms, "%.*s\n", MUD_FMT(m->terms[i]));
    ok = ok && save_as(stem, ".trie", trie.image, err) &&
         save_as(stem, ".terms", mud_buf_view(&terms), err) &&
         save_as(stem,
                 ".gate",
                 mud_str_of((const char *)m->gates, sizeof m->gates),
                 err);
    mud_buf_free(&terms);
    mud_trie_free(&trie);
    return ok;
}

int main(int argc, char **argv)
{
    struct make *m = mud_calloc(1, sizeof *m);
    struct mud_error err = {0};
    struct mud_buf words = {0};
    bool ok;

    if (argc < 7) {
        (void)fprintf(stderr,
                      "usage: mkguise WORDS.trie GUISE SOUND OUT PRODUCTS "
                      "CUES [TABLE...]\n");
        free(m);
        return 2;
    }
    m->arena = mud_arena_new();
    ok = slurp(&words, argv[1], &err) &&
         mud_trie_open(&m->words, mud_buf_view(&words), &err) &&
         read_known(m, argv + 5, argc - 5, &err) && make_forms(m, argv, &err) &&
         write_out(m, argv[4], &err);
    if (!ok)
        (void)fprintf(stderr, "mkguise: %s\n", err.text);
    mud_trie_free(&m->words);
    mud_trie_free(&m->known);
    mud_buf_free(&words);
    mud_arena_free(m->arena);
    free(m->keys);
    free(m->terms);
    free(m);
    return ok ? 0 : 1;
}
