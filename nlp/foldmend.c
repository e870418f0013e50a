#include "nlp/foldmend.h"

#include <stdlib.h>

#include "base/embed.h"
#include "base/utf8.h"
#include "nlp/folding.h"
#include "nlp/scratch.h"
#include "nlp/script.h"
#include "nlp/tables.h"

enum {
    TURNED_MAX = 128, /* characters behind U+202E */
    RUN_MAX = 512,    /* characters of a run looked at together */
    RLO = 0x202e,
    PDF = 0x202c
};

struct mending {
    const struct mud_folder *folder;
    struct mud_arena *arena;
    struct mud_str raw;
    struct mud_fold_edits edits;
};

/* The bytes that stand for a run of characters in a charset. */
struct bytes {
    unsigned char byte[2 * RUN_MAX];
    uint32_t at[2 * RUN_MAX + 1]; /* where in raw the character begins */
    size_t n;
};

static void put(struct mending *m, uint32_t start, uint32_t end,
                struct mud_str with, enum mud_fold_layer layer)
{
    mud_fold_edit_add(&m->edits,
                      (struct mud_fold_edit){.start = start,
                                             .end = end,
                                             .with =
                                                 mud_str_dup(with, m->arena),
                                             .layer = (uint8_t)layer});
}

/* What U+202E shows from right to left, the other way round. */
static size_t turn(struct mending *m, size_t start, size_t at)
{
    char out[4 * TURNED_MAX];
    size_t end = at, n = 0, count = 0;
    uint32_t c = 0;

    while (end < m->raw.n && count < TURNED_MAX) {
        size_t next = end;

        c = mud_utf8_next(m->raw, &next);
        if (c == PDF || c == '\n')
            break;
        count++;
        end = next;
    }
    if (count < 2 || count == TURNED_MAX)
        return at;
    for (size_t i = end; i > at;) {
        size_t from = i;
        size_t next;

        do {
            from--;
        } while (from > at && ((unsigned char)m->raw.s[from] & 0xc0) == 0x80);
        next = from;
        n += mud_utf8_put(mud_utf8_next(m->raw, &next), out + n);
        i = from;
    }
    put(m,
        (uint32_t)start,
        (uint32_t)end,
        mud_str_of(out, n),
        MUD_FOLD_REVERSE);
    return end;
}

/* The bytes of the run of characters from `at` on that have some. */
static size_t take(struct bytes *b, const struct mending *m,
                   const uint16_t *table, bool two, size_t at, size_t max)
{
    size_t count = 0;

    b->n = 0;
    while (at < m->raw.n && count < max) {
        size_t next = at;
        uint32_t c = mud_utf8_next(m->raw, &next);
        unsigned v = c < 0x10000 ? table[c] : 0;

        if (!v)
            break;
        if (two) {
            b->at[b->n] = (uint32_t)at;
            b->byte[b->n++] = (unsigned char)(v >> 8);
        }
        b->at[b->n] = (uint32_t)at;
        b->byte[b->n++] = (unsigned char)v;
        count++;
        at = next;
    }
    b->at[b->n] = (uint32_t)at;
    return at;
}

/* The character that UTF-8 has at byte i, of two bytes or more; 0: none. */
static uint32_t sequence(const struct bytes *b, size_t i, size_t *len)
{
    struct mud_str s = {(const char *)b->byte + i, b->n - i};
    size_t next = 0;
    uint32_t c;

    if (i >= b->n || b->byte[i] < 0xc2)
        return 0;
    c = mud_utf8_next(s, &next);
    *len = next;
    return next > 1 ? c : 0;
}

/* Of the characters that our texts are written with? */
static bool is_ours(uint32_t c)
{
    return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x400 && c <= 0x45f) ||
           (c >= 0x3000 && c <= 0x30ff) || (c >= 0xff00 && c <= 0xffef) ||
           (c >= 0x2010 && c <= 0x2026) || (c >= 0x1f300 && c <= 0x1faff);
}

static bool is_han(uint32_t c)
{
    return c >= 0x4e00 && c <= 0x9fff;
}

/* Han two side by side, or four letters: no text is so by chance. */
static bool is_proved(const struct bytes *b, size_t i)
{
    size_t han = 0, letters = 0, len = 0;
    uint32_t c;

    while ((c = sequence(b, i, &len)) != 0 && is_ours(c)) {
        han += is_han(c);
        letters += c < 0x500;
        if (han == 2 || letters == 4)
            return true;
        i += len;
    }
    return false;
}

/*
 * UTF-8 read one byte a character: each sequence is a character. *proved: some
 * of this text was, so that a single sequence counts.
 */
static size_t mend_single(struct mending *m, const uint16_t *table, size_t at,
                          bool *proved)
{
    struct bytes b MUD_SCRATCH;
    size_t end = take(&b, m, table, false, at, RUN_MAX), i = 0, len;

    while (i < b.n) {
        uint32_t c = sequence(&b, i, &len);
        char utf8[4];

        if (!c || !is_ours(c)) {
            i++;
            continue;
        }
        *proved = *proved || is_proved(&b, i);
        if (*proved)
            put(m,
                b.at[i],
                b.at[i + len],
                mud_str_of(utf8, mud_utf8_put(c, utf8)),
                MUD_FOLD_MEND);
        i += len;
    }
    return end;
}

/* Is one of the words of the dictionary in the text? */
static bool has_word(const struct mud_trie *words, struct mud_str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t node = 0;

        for (int n = 0;
             from < s.n && mud_trie_step(words, &node, mud_utf8_next(s, &from));
             n++)
            if (n && mud_trie_value(words, node) != MUD_TRIE_NONE)
                return true;
        (void)mud_utf8_next(s, &at);
    }
    return false;
}

/* UTF-8 read as GBK: three characters are two, so they go in one piece. */
static size_t mend_gbk(struct mending *m, size_t at, size_t next)
{
    struct bytes b MUD_SCRATCH;
    size_t i = 0, len = 0, han = 0;
    uint32_t c;

    (void)take(&b, m, m->folder->mend->gbk, true, at, 3);
    if (!is_proved(&b, 0))
        return next;
    (void)take(&b, m, m->folder->mend->gbk, true, at, RUN_MAX);
    while ((c = sequence(&b, i, &len)) != 0 && is_ours(c)) {
        han += is_han(c);
        i += len;
    }
    if (han < 2 ||
        !has_word(&m->folder->guise.words, mud_str_of((const char *)b.byte, i)))
        return next;
    /* a last character may end in the middle of what was read as one */
    put(m,
        (uint32_t)at,
        b.at[i + i % 2],
        mud_str_of((const char *)b.byte, i),
        MUD_FOLD_MEND);
    return b.at[i + i % 2];
}

/* GBK read one byte a character: two are one. False when it makes no word. */
static bool mend_pairs(struct mending *m, size_t at, size_t *end)
{
    struct bytes b MUD_SCRATCH;
    struct mud_buf text = {0};
    size_t i = 0;
    bool ok;

    *end = take(&b, m, m->folder->mend->latin, false, at, RUN_MAX);
    while (i + 1 < b.n && b.byte[i] >= 0xa1 && b.byte[i] <= 0xf7 &&
           b.byte[i + 1] >= 0xa1) {
        uint32_t c =
            m->folder->han[(b.byte[i] - 0x81) * 191 + (b.byte[i + 1] - 0x40)];
        char utf8[4];

        if (!c)
            break;
        mud_buf_put(&text, utf8, mud_utf8_put(c, utf8));
        i += 2;
    }
    ok = i >= 4 && has_word(&m->folder->guise.words, mud_buf_view(&text));
    for (size_t k = 0, from = 0; ok && k < i; k += 2) {
        size_t next = from;

        (void)mud_utf8_next(mud_buf_view(&text), &next);
        put(m,
            b.at[k],
            b.at[k + 2],
            mud_str_sub(mud_buf_view(&text), from, next),
            MUD_FOLD_MEND);
        from = next;
    }
    if (ok)
        *end = b.at[i];
    mud_buf_free(&text);
    return ok;
}

/* Does a character read as GBK begin a sequence of UTF-8 for Han? */
static bool begins_gbk(const struct mud_mend_table *t, uint32_t c)
{
    unsigned v = c < 0x10000 ? t->gbk[c] : 0;

    return v >> 8 >= 0xe4 && v >> 8 <= 0xe9 && (v & 0xff) >= 0x80 &&
           (v & 0xff) < 0xc0;
}

static void find(struct mending *m)
{
    const struct mud_mend_table *t = m->folder->mend;
    bool latin = false, cyrillic = false;
    size_t at = 0;

    while (at < m->raw.n) {
        size_t next = at, end;
        uint32_t c = mud_utf8_next(m->raw, &next);

        if (c == RLO) {
            at = turn(m, at, next);
        } else if (c >= 0xa1 && c <= 0xff) {
            end = next;
            if (!mend_pairs(m, at, &end))
                end = mend_single(m, t->latin, at, &latin);
            at = end > next ? end : next;
        } else if (c >= 0x400 && c <= 0x45f && t->cyrillic[c] >= 0xc2) {
            end = mend_single(m, t->cyrillic, at, &cyrillic);
            at = end > next ? end : next;
        } else {
            at = begins_gbk(t, c) ? mend_gbk(m, at, next) : next;
        }
    }
}

bool mud_fold_mend(struct mud_fold *out, const struct mud_folder *folder,
                   struct mud_str raw, struct mud_arena *arena)
{
    struct mending m = {.folder = folder,
                        .arena = arena,
                        .raw = raw,
                        .edits = {.arena = arena}};
    struct mud_fold_runs runs = {.arena = arena};

    if (!folder->mend || !raw.n)
        return false;
    find(&m);
    if (!m.edits.n)
        return false;
    mud_fold_put_run(&runs,
                     (struct mud_fold_run){.end = (uint32_t)raw.n,
                                           .layer = MUD_FOLD_PLAIN,
                                           .even = 1});
    *out =
        (struct mud_fold){.raw = raw, .text = raw, .runs = runs.v, .n_runs = 1};
    mud_fold_edit_apply(out, &m.edits);
    return true;
}

/* A piece of a run on its way from the mended text to the raw one. */
static void put_piece(struct mud_fold_runs *runs, struct mud_fold_run piece)
{
    struct mud_fold_run *last = runs->n ? &runs->v[runs->n - 1] : NULL;

    if (!last || piece.start >= last->end) {
        mud_fold_put_run(runs, piece);
        return;
    }
    /* two pieces of what was mended as one stay one */
    if (piece.end > last->end)
        last->end = piece.end;
    last->even = 0;
}

/* What one run of the fold of the mended text is in the raw text. */
static void map_run(struct mud_fold_runs *runs, const struct mud_fold *mid,
                    struct mud_fold_run run, uint32_t *i)
{
    while (*i + 1 < mid->n_runs && mid->runs[*i + 1].at <= run.start)
        (*i)++;
    if (!run.even) {
        struct mud_span raw =
            mud_fold_raw(mid, (struct mud_span){run.start, run.end});

        if (!mid->runs[*i].even)
            run.layer = mid->runs[*i].layer;
        run.start = raw.start;
        run.end = raw.end;
        put_piece(runs, run);
        return;
    }
    for (uint32_t k = *i; run.start < run.end; k++) {
        const struct mud_fold_run *m = &mid->runs[k];
        uint32_t stop = k + 1 < mid->n_runs ? m[1].at : (uint32_t)mid->text.n;
        uint32_t end = stop < run.end ? stop : run.end;
        struct mud_fold_run piece = run;

        if (m->even) {
            piece.start = m->start + (run.start - m->at);
            piece.end = piece.start + (end - run.start);
        } else {
            piece.start = m->start;
            piece.end = m->end;
            piece.even = 0;
            piece.layer = m->layer;
        }
        put_piece(runs, piece);
        run.at += end - run.start;
        run.start = end;
    }
}

void mud_fold_through(struct mud_fold *fold, const struct mud_fold *mid,
                      struct mud_arena *arena)
{
    struct mud_fold_runs runs = {.arena = arena};
    uint32_t at = 0;

    for (uint32_t i = 0; i < fold->n_runs; i++)
        map_run(&runs, mid, fold->runs[i], &at);
    fold->raw = mid->raw;
    fold->runs = runs.v;
    fold->n_runs = (uint32_t)runs.n;
}

bool mud_mend_new(struct mud_folder *folder, struct mud_error *err)
{
    const struct mud_embedded *row =
        mud_embedded_find(mud_nlp_tables, "mend.table");
    const struct mud_mend_table *t;

    if (!row || mud_embedded_text(row).n != sizeof *t)
        return mud_fail(err, MUD_ECORRUPT, "mend.table: not in the program");
    t = (const void *)mud_embedded_text(row).s;
    folder->han = mud_calloc((size_t)126 * 191, sizeof *folder->han);
    for (uint32_t c = 0x80; c < 0x10000; c++) {
        unsigned high = t->gbk[c] >> 8, low = t->gbk[c] & 0xff;

        if (high >= 0x81 && high <= 0xfe && low >= 0x40 && low <= 0xfe)
            folder->han[(high - 0x81) * 191 + (low - 0x40)] = (uint16_t)c;
    }
    folder->mend = t;
    return true;
}
