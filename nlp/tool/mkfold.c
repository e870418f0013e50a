/*
 * mkfold GLYPH HANT VARIANT HOMOGLYPH SPLIT WORDS OUT: the fold of every character
 * as one block (nlp/foldtab.h). A character goes through ICU's NFKC_Casefold
 * and then, until nothing changes, through our own tables; the last layer that
 * changed it names the action.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/str.h"
#include "base/utf8.h"
#include "nlp/fold.h"
#include "nlp/foldnum.h"
#include "nlp/foldtab.h"
#include "nlp/tool/slurp.h"

#define POINTS 0x110000u

struct own { /* our tables */
    uint32_t to[POINTS][2];
    uint8_t layer[POINTS];
    uint8_t flags[POINTS];
    uint32_t count[POINTS]; /* in the words of the dictionary */
};

struct make {
    struct own own;
    const UNormalizer2 *nfkc;
    struct mud_fold_action actions[UINT16_MAX];
    uint32_t n_actions;
    struct mud_buf pool;
    uint16_t point[POINTS]; /* action of each */
    uint16_t stage[MUD_FOLD_STAGE];
    struct mud_buf blocks;
    uint32_t n_blocks;
};

/* Rows "from<TAB>to[<TAB>layer or source]"; from is one character. */
static bool read_map(struct own *own, const char *path, uint8_t layer,
                     struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_str text, line;
    bool ok = slurp(&buf, path, err);

    text = mud_buf_view(&buf);
    for (size_t n = 1; ok && mud_str_line(&text, &line); n++) {
        struct mud_str from, to, more = {0};
        size_t i = 0, k = 0;
        uint32_t c;

        if (!line.n || line.s[0] == '#')
            continue;
        if (!mud_str_cut(&line, '\t', &from) || !from.n ||
            !mud_str_cut(&line, '\t', &to) || !to.n) {
            ok = mud_fail(err, MUD_EINPUT, "%s line %zu: two columns", path, n);
            break;
        }
        (void)mud_str_cut(&line, '\t', &more);
        c = mud_utf8_next(from, &i);
        own->layer[c] = mud_str_eqz(more, "homoglyph")
                            ? (uint8_t)MUD_FOLD_HOMOGLYPH
                            : layer;
        own->to[c][0] = mud_utf8_next(to, &k);
        own->to[c][1] = k < to.n ? mud_utf8_next(to, &k) : 0;
    }
    mud_buf_free(&buf);
    return ok;
}

/* Every character of the first column gets the flag. */
static bool read_flags(struct own *own, const char *path, uint8_t flag,
                       struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_str text, line, from;
    bool ok = slurp(&buf, path, err);

    text = mud_buf_view(&buf);
    while (ok && mud_str_line(&text, &line)) {
        if (!line.n || line.s[0] == '#' || !mud_str_cut(&line, '\t', &from))
            continue;
        for (size_t i = 0; i < from.n;) {
            uint32_t c = mud_utf8_next(from, &i);

            own->flags[c] |= flag;
            own->flags[(uint32_t)u_tolower((UChar32)c)] |= flag;
        }
    }
    mud_buf_free(&buf);
    return ok;
}

/* How often characters occur in the words of the dictionary. */
static bool read_counts(struct own *own, const char *path,
                        struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_str text, line, word;
    bool ok = slurp(&buf, path, err);

    text = mud_buf_view(&buf);
    while (ok && mud_str_line(&text, &line)) {
        uint64_t count;

        if (!line.n || line.s[0] == '#' || !mud_str_cut(&line, '\t', &word) ||
            !mud_str_u64(line, &count))
            continue;
        for (size_t i = 0; i < word.n;)
            own->count[mud_utf8_next(word, &i)] += (uint32_t)count;
    }
    mud_buf_free(&buf);
    return ok;
}

/* Of the parts of a split character, the rarer one: few texts have it. */
static bool read_parts(struct own *own, const char *path, struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_str text, line, from;
    bool ok = slurp(&buf, path, err);

    text = mud_buf_view(&buf);
    while (ok && mud_str_line(&text, &line)) {
        uint32_t rare = 0;

        if (!line.n || line.s[0] == '#' || !mud_str_cut(&line, '\t', &from))
            continue;
        for (size_t i = 0; i < from.n;) {
            uint32_t c = mud_utf8_next(from, &i);

            if (!rare || own->count[c] < own->count[rare])
                rare = c;
        }
        own->flags[rare] |= MUD_FOLD_PART;
    }
    mud_buf_free(&buf);
    return ok;
}

/* Through our tables until nothing changes; digits of other scripts too. */
static size_t own_fold(const struct own *own, uint32_t *c, size_t n, size_t max,
                       uint8_t *layer)
{
    for (int round = 0; round < 4; round++) {
        bool changed = false;

        for (size_t i = 0; i < n; i++) {
            int digit = c[i] > 0x7f ? u_charDigitValue((UChar32)c[i]) : -1;

            if (own->layer[c[i]]) {
                const uint32_t *to = own->to[c[i]];

                *layer = own->layer[c[i]];
                if (to[1] && n < max) {
                    memmove(c + i + 2, c + i + 1, (n - i - 1) * sizeof *c);
                    n++;
                    c[i + 1] = to[1];
                }
                c[i] = to[0];
                changed = true;
            } else if (digit >= 0 &&
                       u_charType((UChar32)c[i]) == U_DECIMAL_DIGIT_NUMBER) {
                *layer = MUD_FOLD_DIGIT;
                c[i] = '0' + (uint32_t)digit;
                changed = true;
            }
        }
        if (!changed)
            break;
    }
    return n;
}

/* Simplified forms that Big5, the code of Traditional writing, lacks. */
static bool mark_hans(struct own *own, struct mud_error *err)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *big5 = ucnv_open("Big5", &status);

    if (U_SUCCESS(status))
        ucnv_setFromUCallBack(
            big5, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    if (U_FAILURE(status))
        return mud_fail(err, MUD_EIO, "Big5: %s", u_errorName(status));
    for (uint32_t c = 0; c < POINTS; c++) {
        UErrorCode failed = U_ZERO_ERROR;
        UChar units[2];
        char bytes[8];
        int32_t n = 0;

        if (own->layer[c] != MUD_FOLD_HANT)
            continue;
        U16_APPEND_UNSAFE(units, n, own->to[c][0]);
        (void)ucnv_fromUChars(big5, bytes, 8, units, n, &failed);
        if (U_FAILURE(failed))
            own->flags[own->to[c][0]] |= MUD_FOLD_HANS;
    }
    ucnv_close(big5);
    return true;
}

/*
 * What UTF-8 or GBK looks like in the wrong charset: letters with accents, the
 * letters of windows-1251 that Russian lacks, Han whose bytes in GBK begin a
 * Han character of UTF-8; and the character that turns text round.
 */
static bool mark_garbled(struct own *own, struct mud_error *err)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *gbk = ucnv_open("GBK", &status);

    if (U_SUCCESS(status))
        ucnv_setFromUCallBack(
            gbk, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    if (U_FAILURE(status))
        return mud_fail(err, MUD_EIO, "GBK: %s", u_errorName(status));
    for (uint32_t c = 0x4e00; c <= 0x9fff; c++) {
        UErrorCode failed = U_ZERO_ERROR;
        UChar unit = (UChar)c;
        unsigned char b[8];
        int32_t n = ucnv_fromUChars(gbk, (char *)b, 8, &unit, 1, &failed);

        if (U_SUCCESS(failed) && n == 2 && b[0] >= 0xe4 && b[0] <= 0xe9 &&
            b[1] >= 0x80 && b[1] < 0xc0)
            own->flags[c] |= MUD_FOLD_GARBLED;
    }
    ucnv_close(gbk);
    for (uint32_t c = 0xa1; c <= 0xff; c++)
        if (c != 0xb7 && c != 0xab && c != 0xbb && c != 0xa5 && c != 0xb0 &&
            c != 0xd7)
            own->flags[c] |= MUD_FOLD_GARBLED;
    for (uint32_t c = 0x402; c <= 0x45f; c++)
        if ((c < 0x410 && c != 0x404 && c != 0x406 && c != 0x407) ||
            (c > 0x451 && c != 0x454 && c != 0x456 && c != 0x457))
            own->flags[c] |= MUD_FOLD_GARBLED;
    own->flags[0x202e] |= MUD_FOLD_GARBLED;
    return true;
}

static size_t nfkc(const struct make *m, uint32_t c, uint32_t *out, size_t max)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar from[2], to[64];
    UChar32 points[64];
    int32_t n = 0, n_to, n_points = 0;

    U16_APPEND_UNSAFE(from, n, c);
    n_to = unorm2_normalize(m->nfkc, from, n, to, 64, &status);
    (void)u_strToUTF32(points, 64, &n_points, to, n_to, &status);
    if (U_FAILURE(status) || (size_t)n_points > max)
        return MUD_NPOS;
    for (int32_t i = 0; i < n_points; i++)
        out[i] = (uint32_t)points[i];
    return (size_t)n_points;
}

static void set_text(struct make *m, struct mud_fold_action *a,
                     const uint32_t *c, size_t n)
{
    a->pool = (uint32_t)m->pool.n;
    for (size_t i = 0; i < n; i++) {
        char utf8[4];

        mud_buf_put(&m->pool, utf8, mud_utf8_put(c[i], utf8));
    }
    a->len = (uint8_t)(m->pool.n - a->pool);
}

static bool is_tone(uint32_t c)
{
    static const struct mud_str tones = {"āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü", 50};
    size_t at = 0;

    while (at < tones.n)
        if (mud_utf8_next(tones, &at) == c)
            return true;
    return false;
}

static struct mud_fold_action fold_one(struct make *m, uint32_t c)
{
    struct mud_fold_action a = {0};
    uint32_t to[24] = {c};
    size_t n = 1;
    unsigned number;
    bool blank = false;

    a.flags = m->own.flags[c] | (is_tone(c) ? MUD_FOLD_TONE : 0) |
              (c == 0x20e3 || mud_fold_face(c, &number) ? MUD_FOLD_FACE : 0);
    if (c >= 0x1f1e6 && c <= 0x1f1ff) {
        a.what = MUD_FOLD_REGION;
        a.layer = MUD_FOLD_HOMOGLYPH;
        set_text(m, &a, (uint32_t[]){'a' + c - 0x1f1e6}, 1);
        return a;
    }
    if (!m->own.layer[c])
        n = nfkc(m, c, to, 20);
    if (n == 0) {
        a.what = MUD_FOLD_DROP;
        return a;
    }
    if (mud_fold_junk_mark(c) ||
        !unorm2_hasBoundaryBefore(m->nfkc, (UChar32)c)) {
        a.what = MUD_FOLD_COMBINE;
        return a;
    }
    if (n == MUD_NPOS)
        return a;

    /* What would fall apart at a blank stays; blanks themselves become one. */
    for (size_t i = 0; i < n; i++)
        blank |= to[i] == ' ';
    if (blank && n > 1)
        return a;
    if (n != 1 || to[0] != c)
        a.layer = n == 1 && to[0] == (uint32_t)u_foldCase((UChar32)c, 0)
                      ? MUD_FOLD_PLAIN
                      : MUD_FOLD_NFKC;
    n = own_fold(&m->own, to, n, 24, &a.layer);
    for (size_t i = 0; i < n; i++)
        a.flags |= (m->own.flags[to[i]] & ~(MUD_FOLD_HANS | MUD_FOLD_GARBLED)) |
                   (is_tone(to[i]) ? MUD_FOLD_TONE : 0);
    if (n == 1 && to[0] == c)
        return a;

    a.what = MUD_FOLD_REPLACE;
    set_text(m, &a, to, n);
    if (n == 1 && mud_utf8_put(c, (char[4]){0}) == a.len)
        a.flags |= MUD_FOLD_ONE;
    return a;
}

static bool same(const struct make *m, const struct mud_fold_action *a,
                 const struct mud_fold_action *b)
{
    return a->len == b->len && a->what == b->what && a->layer == b->layer &&
           a->flags == b->flags &&
           (!a->len ||
            memcmp(m->pool.s + a->pool, m->pool.s + b->pool, a->len) == 0);
}

static bool fold_all(struct make *m, struct mud_error *err)
{
    m->n_actions = 1;
    for (uint32_t c = 0x80; c < POINTS; c++) {
        struct mud_fold_action a;
        uint32_t i = m->n_actions;

        if ((c >= 0xd800 && c < 0xe000) || u_charType((UChar32)c) == 0)
            continue;
        a = fold_one(m, c);
        if (!a.what && !a.flags)
            continue;
        /* Neighbours often share an action, such as DROP or COMBINE. */
        if (m->n_actions > 1 && same(m, &a, &m->actions[i - 1])) {
            m->point[c] = (uint16_t)(i - 1);
            m->pool.n -= a.len;
            continue;
        }
        if (i == UINT16_MAX)
            return mud_fail(err, MUD_ELIMIT, "more than 65534 actions");
        m->actions[m->n_actions++] = a;
        m->point[c] = (uint16_t)i;
    }
    return true;
}

static void make_blocks(struct make *m)
{
    size_t size = MUD_FOLD_BLOCK * sizeof *m->point;

    for (uint32_t i = 0; i < MUD_FOLD_STAGE; i++) {
        const uint16_t *block = m->point + (size_t)i * MUD_FOLD_BLOCK;
        uint32_t k = 0;

        while (k < m->n_blocks &&
               memcmp(m->blocks.s + k * size, block, size) != 0)
            k++;
        if (k == m->n_blocks) {
            mud_buf_put(&m->blocks, block, size);
            m->n_blocks++;
        }
        m->stage[i] = (uint16_t)k;
    }
}

static bool write_out(struct make *m, const char *path, struct mud_error *err)
{
    struct mud_fold_head head = {.n_blocks = m->n_blocks,
                                 .n_actions = m->n_actions,
                                 .n_pool = (uint32_t)m->pool.n};
    struct mud_buf out = {0};
    bool ok;

    memcpy(head.magic, MUD_FOLD_MAGIC, sizeof head.magic);
    mud_buf_put(&out, &head, sizeof head);
    mud_buf_put(&out, m->stage, sizeof m->stage);
    mud_buf_put(&out, m->blocks.s, m->blocks.n);
    mud_buf_put(&out, m->actions, m->n_actions * sizeof *m->actions);
    mud_buf_put(&out, m->pool.s, m->pool.n);
    ok = save(path, mud_buf_view(&out), err);
    mud_buf_free(&out);
    return ok;
}

int main(int argc, char **argv)
{
    struct make *m = mud_calloc(1, sizeof *m);
    struct mud_error err = {0};
    UErrorCode status = U_ZERO_ERROR;
    bool ok;

    if (argc != 8) {
        (void)fprintf(stderr,
                      "usage: mkfold GLYPH HANT VARIANT HOMOGLYPH "
                      "SPLIT WORDS OUT\n");
        free(m);
        return 2;
    }
    m->nfkc = unorm2_getNFKCCasefoldInstance(&status);
    ok = U_SUCCESS(status) &&
         read_map(&m->own, argv[1], MUD_FOLD_DIGIT, &err) &&
         read_map(&m->own, argv[2], MUD_FOLD_HANT, &err) &&
         read_map(&m->own, argv[3], MUD_FOLD_VARIANT, &err) &&
         read_flags(&m->own, argv[4], MUD_FOLD_LOOKALIKE, &err) &&
         read_counts(&m->own, argv[6], &err) &&
         read_parts(&m->own, argv[5], &err) && mark_hans(&m->own, &err) &&
         mark_garbled(&m->own, &err) && fold_all(m, &err);
    if (ok) {
        make_blocks(m);
        ok = write_out(m, argv[7], &err);
    }
    if (!ok)
        (void)fprintf(stderr, "mkfold: %s\n", err.text);
    mud_buf_free(&m->pool);
    mud_buf_free(&m->blocks);
    free(m);
    return ok ? 0 : 1;
}
