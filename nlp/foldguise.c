/*
 * Terms in disguise become terms again: junk, blanks or a line end between
 * their characters, digits for letters, pinyin, characters that sound or look
 * alike, emoji. A gate of the first two characters lets few places through;
 * there the longest form counts whose surroundings allow it.
 */
#include "nlp/foldguise.h"

#include <stdlib.h>

#include "base/embed.h"
#include "nlp/folding.h"
#include "nlp/script.h"
#include "nlp/step.h"
#include "nlp/tables.h"

enum {
    JUNK_MAX = 2, /* characters of junk in one gap */
    TERM_MAX = 6, /* characters of a term before junk */
    INITIALS = 4, /* letters */
    BMP = 0x10000,
    REACH = 4,      /* characters that a word may begin before the form */
    COMMON = -17500 /* 1000 ln(p): all words but the rarest */
};

struct form { /* on its way through the trie */
    uint32_t start, end;
    int32_t value;
    uint32_t steps, gaps, junk; /* characters; gaps; junk in all of them */
    uint32_t sign;              /* what is in the gaps; 0: not the same */
    bool han, latin, space, line;
};

static inline bool is_alnum(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_han(uint32_t c)
{
    return c >= 0x3400 && mud_char_class(c) == MUD_CHAR_HAN;
}

/* What stands between the characters of a term to hide it. */
static bool is_junk(uint32_t c)
{
    if (c < 0x80)
        return c == '\n' || (c > 0x1f && strchr(" -.*_~|^=#!`", (int)c));
    return c == 0xb7 || (c >= 0x2010 && c <= 0x2015) || c == 0x2022 ||
           c == 0x2027 || (c >= 0x2190 && c <= 0x245f) ||
           (c >= 0x2500 && c <= 0x2bff) || c == 0x3030 || c == 0x3072 ||
           c == 0x306e || c == 0x30fb || c == 0x4e28 || c == 0x4e36 ||
           c == 0x706c || (c >= 0x1f000 && c <= 0x1faff);
}

/* The character before byte `at`, and where it begins. */
static uint32_t before(struct mud_str s, size_t at, size_t *start)
{
    size_t next;

    *start = at;
    if (!at)
        return 0;
    do {
        (*start)--;
    } while (*start && ((unsigned char)s.s[*start] & 0xc0) == 0x80);
    next = *start;
    return mud_step(s, &next);
}

static uint32_t at_byte(struct mud_str s, size_t at)
{
    return at < s.n ? mud_step(s, &at) : 0;
}

/* Does a common word of the dictionary reach over an edge of the form? */
static bool is_torn(const struct mud_guise *guise, struct mud_str s,
                    const struct form *f)
{
    size_t from = f->start;

    for (int i = 0; i < REACH; i++) {
        size_t start;

        if (!is_han(before(s, from, &start)))
            break;
        from = start;
    }
    while (from < f->end) {
        size_t at = from;
        uint32_t node = 0;

        while (at < s.n &&
               mud_trie_step(&guise->words, &node, mud_step(s, &at)))
            if (mud_trie_value(&guise->words, node) > COMMON && at > f->start &&
                (from < f->start || at > f->end))
                return true;
        (void)mud_step(s, &from);
        while (from < f->end && !is_han(at_byte(s, from)))
            (void)mud_step(s, &from);
    }
    return false;
}

/* Does the form stand where a name is asked for: "telegram: ..."? */
static bool is_asked(struct mud_str s, size_t at)
{
    static const char *const words[] = {
        "telegram", "tg",       "tele", "wechat", "weixin", "wx",      "vx",
        "qq",       "discord",  "line", "skype",  "icq",    "jabber",  "wickr",
        "id",       "username", "user", "name",   "nick",   "contact", "add",
        "微信",     "电报",     "飞机", "薇",     "微",     "扣扣",    "号",
        "联系",     "加",       "+",    "私聊",   "找"};

    while (at && (s.s[at - 1] == ' ' || s.s[at - 1] == '\n'))
        at--;
    if (at && strchr(":=@/&", s.s[at - 1]))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i]);

        if (n <= at && memcmp(s.s + at - n, words[i], n) == 0 &&
            ((unsigned char)words[i][0] >= 0x80 || n == at ||
             !is_alnum((unsigned char)s.s[at - n - 1])))
            return true;
    }
    return false;
}

/* A Latin form is a word of its own, and no part of an address. */
static bool is_word(struct mud_str s, const struct form *f)
{
    unsigned char first = (unsigned char)s.s[f->start];
    unsigned char last = (unsigned char)s.s[f->end - 1];

    if (first < 0x80 && f->start) {
        unsigned char c = (unsigned char)s.s[f->start - 1];

        if (is_alnum(c) || (c && strchr("_@.-/=&", c)))
            return false;
    }
    if (last < 0x80 && f->end < s.n) {
        unsigned char c = (unsigned char)s.s[f->end];

        if (is_alnum(c) || c == '_' || c == '@' ||
            (f->end + 1 < s.n && c && strchr(".-/", c) &&
             is_alnum((unsigned char)s.s[f->end + 1])))
            return false;
    }
    return true;
}

/* Is the junk of the kind that hides, and not what parts words? */
static bool is_hiding(struct mud_str s, const struct form *f)
{
    size_t start;
    uint32_t left = before(s, f->start, &start), right = at_byte(s, f->end);

    if (!f->han)
        return f->gaps + 1 == f->steps && f->junk == f->gaps && f->sign &&
               f->sign != '\n' && f->steps >= (f->sign == ' ' ? 4 : 3) &&
               (f->sign == ' ' || (left != f->sign && right != f->sign));
    if (f->space && (is_han(left) || is_han(right)))
        return false;
    /* a column of single characters is a list */
    return !f->line || f->steps > 2 ||
           ((left && left != '\n') || (right && right != '\n'));
}

/* Initials alone say little: only inside Chinese writing. */
static bool beside_han(struct mud_str s, const struct form *f)
{
    size_t start;

    return is_han(before(s, f->start, &start)) || is_han(at_byte(s, f->end));
}

static bool holds(const struct mud_guise *guise, struct mud_str s,
                  const struct form *f)
{
    unsigned layer = (unsigned)f->value % MUD_GUISE_LAYER;

    if (layer == MUD_FOLD_JUNK && !f->gaps)
        return false;
    if (layer == MUD_FOLD_PINYIN && !f->han && f->steps <= INITIALS &&
        !beside_han(s, f))
        return false;
    if (!is_word(s, f) || (f->gaps && !is_hiding(s, f)))
        return false;
    if (!f->han && (layer == MUD_FOLD_LEET || layer == MUD_FOLD_PINYIN) &&
        is_asked(s, f->start))
        return false;
    if (f->han && (layer != MUD_FOLD_JUNK || f->steps == 2) &&
        layer != MUD_FOLD_EMOJI)
        return !is_torn(guise, s, f);
    return true;
}

static void step_over(struct form *f, uint32_t c)
{
    f->steps++;
    f->han |= is_han(c);
    f->latin |= c < 0x80;
}

static void pass_junk(struct form *f, uint32_t c, bool first)
{
    f->sign = (f->gaps == 0 && first) || f->sign == c ? c : 0;
    f->space |= c == ' ';
    f->line |= c == '\n';
    f->junk++;
}

/*
 * The longest form from byte `at` on that holds; its end is 0 without. skip:
 * what may be junk is junk, though a form goes on with it.
 */
static struct form walk(const struct mud_guise *guise, struct mud_str s,
                        size_t at, bool skip)
{
    struct form f = {.start = (uint32_t)at}, best = {0};
    uint32_t node = 0, run = 0;
    size_t from = at;

    while (from < s.n) {
        size_t next = from;
        uint32_t c = mud_step(s, &next), old = node;

        if (!(skip && f.steps && c > 0x7f && is_junk(c)) &&
            mud_trie_step(&guise->forms, &node, c)) {
            f.gaps += run > 0;
            run = 0;
            step_over(&f, c);
            f.end = (uint32_t)next;
            f.value = mud_trie_value(&guise->forms, node);
            if (f.value != MUD_TRIE_NONE && holds(guise, s, &f))
                best = f;
        } else {
            node = old; /* an astral character may have stopped half way */
            if (!f.steps || !is_junk(c) || run == JUNK_MAX)
                break;
            pass_junk(&f, c, run == 0);
            run++;
        }
        from = next;
    }
    return best;
}

/* The longer of the two readings of an emoji: part of the form, or junk. */
static struct form longest(const struct mud_guise *guise, struct mud_str s,
                           size_t at)
{
    struct form f = walk(guise, s, at, false), g;

    if (f.end && f.value % MUD_GUISE_LAYER == MUD_FOLD_EMOJI) {
        g = walk(guise, s, at, true);
        return g.end > f.end ? g : f;
    }
    return f;
}

/* The first character behind junk from `at` on; 0 when there is too much. */
static uint32_t behind_junk(struct mud_str s, size_t at)
{
    for (int i = 0; i <= JUNK_MAX && at < s.n; i++) {
        uint32_t c = mud_step(s, &at);

        if (!is_junk(c))
            return c;
    }
    return 0;
}

static bool pair_in(const uint8_t *gate, uint32_t first, uint32_t second)
{
    return mud_guise_has(
        gate, mud_guise_bit(mud_guise_bytes(first), mud_guise_bytes(second)));
}

/*
 * Junk stands behind the character at `at`: the term that it may be in, of
 * those that begin there or a few characters before, but not before `done`.
 */
static struct form around_junk(const struct mud_guise *guise, struct mud_str s,
                               size_t at, size_t next, size_t done)
{
    uint32_t behind = behind_junk(s, next), c = at_byte(s, at), second = behind;
    struct form none = {0};

    if (!behind || !pair_in(guise->inner, c, behind))
        return none;
    for (int i = 0; i < TERM_MAX; i++) {
        size_t start;

        if (pair_in(guise->own, c, second)) {
            struct form f = longest(guise, s, at);

            if (f.end)
                return f;
        }
        second = c;
        c = before(s, at, &start);
        if (at <= done || start < done || !is_han(c))
            break;
        at = start;
    }
    return none;
}

/* The first byte from `at` on that is no letter or digit of ASCII. */
static size_t word_end(struct mud_str s, size_t at)
{
    while (at < s.n && is_alnum((unsigned char)s.s[at]))
        at++;
    return at;
}

void mud_fold_guises(struct mud_fold *fold, const struct mud_guise *guise,
                     struct mud_arena *arena)
{
    struct mud_fold_edits edits = {.arena = arena};
    struct mud_str s = fold->text;
    size_t at = 0, done = 0;

    while (at < s.n) {
        struct form f = {0};
        size_t next;
        uint32_t c, second;

        if ((unsigned char)s.s[at] < 0x80 && !guise->used[(int)s.s[at]]) {
            at++;
            continue;
        }
        at = next = mud_guise_skip(guise->gate, s, at);
        c = mud_step(s, &next);
        second = at_byte(s, next);
        if (pair_in(guise->gate, c, second))
            f = longest(guise, s, at);
        if (!f.end && (second >= BMP || mud_guise_has(guise->junk, second)))
            f = around_junk(guise, s, at, next, done);
        if (f.end && f.value / MUD_GUISE_LAYER < (int32_t)guise->n_terms) {
            mud_fold_edit_add(
                &edits,
                (struct mud_fold_edit){
                    .start = f.start,
                    .end = f.end,
                    .with = guise->terms[f.value / MUD_GUISE_LAYER],
                    .layer = (uint8_t)(f.value % MUD_GUISE_LAYER)});
            next = done = f.end;
        }
        at = is_alnum(c) ? word_end(s, next) : next;
    }
    mud_fold_edit_apply(fold, &edits);
}

static bool open_trie(struct mud_trie *out, const char *name,
                      struct mud_error *err)
{
    const struct mud_embedded *row = mud_embedded_find(mud_nlp_tables, name);

    if (!row)
        return mud_fail(err, MUD_ECORRUPT, "%s: not in the program", name);
    return mud_trie_open(out, mud_embedded_text(row), err);
}

bool mud_guise_new(struct mud_guise *guise, struct mud_error *err)
{
    const struct mud_embedded *gate =
        mud_embedded_find(mud_nlp_tables, "guise.gate");
    const struct mud_embedded *terms =
        mud_embedded_find(mud_nlp_tables, "guise.terms");
    struct mud_str text = terms ? mud_embedded_text(terms) : MUD_STR(""), line;
    struct mud_str *list = NULL;
    size_t cap = 0, n = 0;

    if (!open_trie(&guise->forms, "guise.trie", err) ||
        !open_trie(&guise->words, "words.trie", err))
        return false;
    if (!gate || mud_embedded_text(gate).n != 3 * MUD_GUISE_GATE / 8 || !text.n)
        return mud_fail(err, MUD_ECORRUPT, "guise: not in the program");
    while (mud_str_line(&text, &line)) {
        list = mud_grow(list, &cap, n, sizeof *list);
        list[n++] = line;
    }
    guise->gate = (const uint8_t *)mud_embedded_text(gate).s;
    guise->own = guise->gate + MUD_GUISE_GATE / 8;
    guise->inner = guise->own + MUD_GUISE_GATE / 8;
    for (uint32_t c = 0; c < 128; c++)
        guise->used[c] = guise->forms.code[c] != 0;
    for (uint32_t c = 1; c < BMP; c++)
        if (is_junk(c))
            guise->junk[c / 8] |= (uint8_t)(1u << c % 8);
    guise->terms = list;
    guise->n_terms = (uint32_t)n;
    return true;
}

void mud_guise_free(struct mud_guise *guise)
{
    mud_trie_free(&guise->forms);
    mud_trie_free(&guise->words);
    free((void *)(uintptr_t)guise->terms);
}
