#include "nlp/fold.h"

#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/embed.h"
#include "base/utf8.h"
#include "nlp/folding.h"
#include "nlp/scratch.h"
#include "nlp/script.h"
#include "nlp/tables.h"

#define MARKS_MAX 32 /* characters normalised together (UAX 15 says 30) */
#define BASE_MAX  16 /* raw bytes of a base that takes more marks */

const uint16_t mud_fold_sure[MUD_FOLD_LAYERS] = {
    [MUD_FOLD_PLAIN] = 1000,
    [MUD_FOLD_NFKC] = 990,
    [MUD_FOLD_DIGIT] = 970,
    [MUD_FOLD_HANT] = 980,
    [MUD_FOLD_VARIANT] = 850,
    [MUD_FOLD_HOMOGLYPH] = 900,
    [MUD_FOLD_SPLIT] = 800,
    [MUD_FOLD_GLOSS] = 900,
    [MUD_FOLD_MARK] = 950,
    [MUD_FOLD_LIST] = 900,
    [MUD_FOLD_JUNK] = 900,
    [MUD_FOLD_LEET] = 850,
    [MUD_FOLD_PINYIN] = 600,
    [MUD_FOLD_SOUND] = 700,
    [MUD_FOLD_SHAPE] = 700,
    [MUD_FOLD_EMOJI] = 800,
    [MUD_FOLD_MEND] = 900,
    [MUD_FOLD_REVERSE] = 900,
};

static const char *const layer_names[MUD_FOLD_LAYERS] = {"plain",
                                                         "nfkc",
                                                         "digit",
                                                         "hant",
                                                         "variant",
                                                         "homoglyph",
                                                         "split",
                                                         "gloss",
                                                         "mark",
                                                         "list",
                                                         "junk",
                                                         "leet",
                                                         "pinyin",
                                                         "sound",
                                                         "shape",
                                                         "emoji",
                                                         "mend",
                                                         "reverse"};

struct folding {
    const struct mud_folder *folder;
    struct mud_arena *arena;
    struct mud_str raw;
    char *out;
    size_t n_out, cap;
    struct mud_fold_runs runs;
    size_t kept, kept_out; /* where the stretch kept as it is began */
    unsigned flags;        /* of the actions met */
    struct mud_fold_letters letters;
};

/* Room for `more` bytes and for the rest of the text kept as it is. */
static void have_room(struct folding *f, size_t at, size_t more)
{
    size_t need = f->n_out + more + (f->raw.n - at) + 16;
    char *out;

    if (need <= f->cap)
        return;
    f->cap = need + need / 2;
    out = mud_arena_alloc(f->arena, f->cap);
    memcpy(out, f->out, f->n_out);
    f->out = out;
}

void mud_fold_put_run(struct mud_fold_runs *runs, struct mud_fold_run run)
{
    struct mud_fold_run *last = runs->n ? &runs->v[runs->n - 1] : NULL;

    if (last && run.even && last->even && last->layer == run.layer &&
        last->end == run.start) {
        last->end = run.end;
        return;
    }
    runs->v = mud_arena_grow(
        runs->arena, runs->v, &runs->cap, runs->n, sizeof *runs->v);
    run.sure = mud_fold_sure[run.layer];
    runs->v[runs->n++] = run;
}

static void put_run(struct folding *f, size_t start, size_t end, size_t at,
                    enum mud_fold_layer layer, bool even)
{
    mud_fold_put_run(&f->runs,
                     (struct mud_fold_run){.at = (uint32_t)at,
                                           .start = (uint32_t)start,
                                           .end = (uint32_t)end,
                                           .layer = (uint8_t)layer,
                                           .even = even});
}

/* The stretch kept as it is ends before raw byte `at`. */
static void close_kept(struct folding *f, size_t at)
{
    if (at > f->kept)
        put_run(f, f->kept, at, f->kept_out, MUD_FOLD_PLAIN, true);
}

static void open_kept(struct folding *f, size_t at)
{
    f->kept = at;
    f->kept_out = f->n_out;
}

static void put_unit(struct folding *f, size_t start, size_t end,
                     struct mud_str text, enum mud_fold_layer layer, bool even)
{
    have_room(f, end, text.n);
    put_run(f, start, end, f->n_out, layer, even);
    memcpy(f->out + f->n_out, text.s, text.n);
    f->n_out += text.n;
}

/*
 * Take the last character off the output again; where its raw bytes began.
 * MUD_NPOS when there is none, when it is white space, which takes no marks, or
 * when it is a long sequence already.
 */
static size_t take_back(struct folding *f)
{
    struct mud_fold_run *last;
    size_t back = f->n_out, at;

    if (!f->runs.n)
        return MUD_NPOS;
    last = &f->runs.v[f->runs.n - 1];
    do {
        back--;
    } while (back > last->at && (f->out[back] & 0xc0) == 0x80);
    at = back;
    if (mud_char_class(mud_utf8_next(mud_str_of(f->out, f->n_out), &at)) ==
        MUD_CHAR_SPACE)
        return MUD_NPOS;
    if (!last->even) {
        if (last->end - last->start > BASE_MAX)
            return MUD_NPOS;
        f->n_out = last->at;
        f->runs.n--;
        return last->start;
    }
    last->end -= (uint32_t)(f->n_out - back);
    f->n_out = back;
    if (last->end == last->start)
        f->runs.n--;
    return last->end;
}

/* UTF-16 to output, by our tables; marks that only cover letters fall. */
static void put_marked(struct folding *f, size_t start, size_t end,
                       const UChar *s, int32_t n)
{
    char text[MARKS_MAX * 80] MUD_SCRATCH;
    enum mud_fold_layer layer = MUD_FOLD_NFKC;
    size_t len = 0;

    for (int32_t i = 0; i < n && len + 128 < sizeof text;) {
        const struct mud_fold_action *a;
        UChar32 c;

        U16_NEXT(s, i, n, c);
        if (mud_fold_junk_mark((uint32_t)c)) {
            layer = c == 0x20e3 ? MUD_FOLD_DIGIT : MUD_FOLD_MARK;
            continue;
        }
        a = c < 0x80 ? f->folder->table.actions
                     : mud_fold_action(&f->folder->table, (uint32_t)c);
        f->flags |= a->flags;
        if (a->what == MUD_FOLD_REPLACE) {
            memcpy(text + len, f->folder->table.pool + a->pool, a->len);
            len += a->len;
            layer = a->layer > layer ? a->layer : layer;
        } else {
            len += mud_utf8_put(U_IS_SURROGATE(c) ? 0xfffd : (uint32_t)c,
                                text + len);
        }
    }
    if (!len)
        return;
    if (len == end - start && memcmp(text, f->raw.s + start, len) == 0)
        put_unit(f, start, end, mud_str_of(text, len), MUD_FOLD_PLAIN, true);
    else
        put_unit(f, start, end, mud_str_of(text, len), layer, false);
}

/*
 * A character that belongs to the one before: take that back and normalise
 * both, with what follows in kind. Marks past the budget have no base.
 */
static size_t combine(struct folding *f, size_t at)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar from[MARKS_MAX * 2 + 4] MUD_SCRATCH;
    UChar to[MARKS_MAX * 24] MUD_SCRATCH;
    int32_t n = 0, n_to;
    size_t start = take_back(f), end, count = 0;

    if (start == MUD_NPOS)
        start = at;
    for (end = start; end < f->raw.n && count < MARKS_MAX; count++) {
        size_t next = end;
        uint32_t c = mud_utf8_next(f->raw, &next);

        if (end >= at &&
            (c < 0x80 ||
             mud_fold_action(&f->folder->table, c)->what != MUD_FOLD_COMBINE))
            break;
        U16_APPEND_UNSAFE(from, n, c);
        end = next;
    }
    n_to =
        unorm2_normalize(f->folder->nfkc, from, n, to, MARKS_MAX * 24, &status);
    if (U_FAILURE(status))
        put_marked(f, start, end, from, n);
    else
        put_marked(f, start, end, to, n_to);
    return end;
}

/* Two regional indicators that name a country are its flag and stay. */
static size_t region(struct folding *f, size_t at, size_t next,
                     const struct mud_fold_action *a)
{
    size_t after = next;
    uint32_t first = (uint32_t)f->folder->table.pool[a->pool] - 'a', second;

    second = next < f->raw.n ? mud_utf8_next(f->raw, &after) - 0x1f1e6 : 26;
    if (second < 26 && f->folder->regions[first] & 1u << second) {
        put_unit(
            f, at, after, mud_str_sub(f->raw, at, after), MUD_FOLD_PLAIN, true);
        return after;
    }
    put_unit(f,
             at,
             next,
             mud_str_of(f->folder->table.pool + a->pool, a->len),
             a->layer,
             false);
    return next;
}

/* A character that does not stay as it is; where the next one begins. */
static size_t change(struct folding *f, size_t at, size_t next,
                     const struct mud_fold_action *a)
{
    close_kept(f, at);
    switch ((enum mud_fold_what)a->what) {
    case MUD_FOLD_REPLACE:
        put_unit(f,
                 at,
                 next,
                 mud_str_of(f->folder->table.pool + a->pool, a->len),
                 a->layer,
                 a->flags & MUD_FOLD_ONE && a->len == next - at);
        break;
    case MUD_FOLD_COMBINE:
        next = combine(f, at);
        break;
    case MUD_FOLD_REGION:
        next = region(f, at, next, a);
        break;
    case MUD_FOLD_DROP:
    case MUD_FOLD_KEEP:
        break;
    }
    open_kept(f, next);
    return next;
}

static void count_letter(struct mud_fold_letters *letters, uint32_t c,
                         const struct mud_fold_action *a)
{
    switch (mud_char_class(c)) {
    case MUD_CHAR_HAN:
        letters->han++;
        letters->hant +=
            a->what == MUD_FOLD_REPLACE && a->layer == MUD_FOLD_HANT;
        letters->hans += (a->flags & MUD_FOLD_HANS) != 0;
        break;
    case MUD_CHAR_LATIN:
    case MUD_CHAR_CYRILLIC:
    case MUD_CHAR_KANA:
    case MUD_CHAR_LETTER:
    case MUD_CHAR_UNSPACED:
        letters->other = true;
        break;
    case MUD_CHAR_GREEK:
    case MUD_CHAR_DIGIT:
    case MUD_CHAR_MARK:
    case MUD_CHAR_OTHER:
    case MUD_CHAR_SPACE:
    case MUD_CHAR_PUNCT:
    case MUD_CHAR_SYMBOL:
    default:
        break;
    }
}

/* Code point of well-formed UTF-8 of two to four bytes; 0 when it is not. */
static inline uint32_t decode(const uint8_t *s, size_t n, size_t *len)
{
    if (s[0] >= 0xe0 && s[0] < 0xf0 && n > 2 && (s[1] & 0xc0) == 0x80 &&
        (s[2] & 0xc0) == 0x80) {
        uint32_t c = (uint32_t)(s[0] & 15) << 12 | (uint32_t)(s[1] & 63) << 6 |
                     (uint32_t)(s[2] & 63);

        *len = 3;
        return c < 0x800 || (c >= 0xd800 && c < 0xe000) ? 0 : c;
    }
    if (s[0] >= 0xc2 && s[0] < 0xe0 && n > 1 && (s[1] & 0xc0) == 0x80) {
        *len = 2;
        return (uint32_t)(s[0] & 31) << 6 | (uint32_t)(s[1] & 63);
    }
    if (s[0] >= 0xf0 && s[0] < 0xf5 && n > 3 && (s[1] & 0xc0) == 0x80 &&
        (s[2] & 0xc0) == 0x80 && (s[3] & 0xc0) == 0x80) {
        uint32_t c = (uint32_t)(s[0] & 7) << 18 | (uint32_t)(s[1] & 63) << 12 |
                     (uint32_t)(s[2] & 63) << 6 | (uint32_t)(s[3] & 63);

        *len = 4;
        return c < 0x10000 || c > 0x10ffff ? 0 : c;
    }
    return 0;
}

/* A character that is not plain; where the next one begins. */
static size_t fold_char(struct folding *f, size_t at)
{
    const struct mud_fold_action *a;
    size_t len = 0;
    uint32_t c = decode((const uint8_t *)f->raw.s + at, f->raw.n - at, &len);

    if (!c) {
        close_kept(f, at);
        put_unit(f, at, at + 1, MUD_STR("\xef\xbf\xbd"), MUD_FOLD_NFKC, false);
        open_kept(f, at + 1);
        return at + 1;
    }
    a = mud_fold_action(&f->folder->table, c);
    f->flags |= a->flags;
    count_letter(&f->letters, c, a);
    if (a->what)
        return change(f, at, at + len, a);
    memcpy(f->out + f->n_out, f->raw.s + at, len);
    f->n_out += len;
    return at + len;
}

/*
 * Copy what stays as it is, from `at` on: ASCII in lower case, and Han of three
 * bytes, which is most of all text. Where another character begins.
 */
static size_t keep(struct folding *f, size_t at)
{
    const uint8_t *s = (const uint8_t *)f->raw.s, *plain = f->folder->plain;
    char *out = f->out + f->n_out;
    size_t n = f->raw.n;
    uint32_t han = 0, hans = 0, ascii = 0;

    while (at < n) {
        uint32_t c, kind;

        if (s[at] < 0x80) {
            ascii |= s[at];
            *out++ = (char)f->folder->lower[s[at++]];
            continue;
        }
        if (n - at < 3 || ((s[at + 1] ^ 0x80) | (s[at + 2] ^ 0x80)) > 0x3f)
            break;
        c = (uint32_t)(s[at] << 12) + (uint32_t)(s[at + 1] << 6) + s[at + 2] -
            0xe2080 - MUD_FOLD_HAN;
        kind = c < MUD_FOLD_HAN_N ? plain[c] : 0;
        if (!kind)
            break;
        han++;
        hans += kind >> 1;
        memcpy(out, s + at, 3);
        out += 3;
        at += 3;
    }
    f->letters.han += han;
    f->letters.hans += hans;
    f->letters.ascii |= ascii >= '@'; /* no digit or common sign is */
    f->n_out = (size_t)(out - f->out);
    return at;
}

static void fold_text(struct folding *f)
{
    for (size_t at = keep(f, 0); at < f->raw.n; at = keep(f, at))
        at = fold_char(f, at);
    close_kept(f, f->raw.n);
}

/* One pass over raw, without what only neighbours explain; the flags met. */
static unsigned fold_once(struct mud_fold *out, const struct mud_folder *folder,
                          struct mud_str raw, struct mud_arena *arena)
{
    struct folding f = {
        .folder = folder, .arena = arena, .raw = raw, .runs = {.arena = arena}};

    f.cap = raw.n + 64;
    f.out = mud_arena_alloc(arena, f.cap);
    fold_text(&f);
    *out = (struct mud_fold){.raw = raw,
                             .text = mud_str_of(f.out, f.n_out),
                             .letters = f.letters,
                             .runs = f.runs.v,
                             .n_runs = (uint32_t)f.runs.n};
    return f.flags;
}

void mud_fold(struct mud_fold *out, const struct mud_folder *folder,
              struct mud_str raw, struct mud_arena *arena)
{
    struct mud_fold mid;
    unsigned flags;
    bool ascii;

    if (raw.n > MUD_FOLD_MAX)
        raw.n = mud_utf8_cut(raw, MUD_FOLD_MAX);
    flags = fold_once(out, folder, raw, arena);
    if (flags & MUD_FOLD_GARBLED && mud_fold_mend(&mid, folder, raw, arena)) {
        ascii = out->letters.ascii; /* its bytes may be halves of Han */
        flags = fold_once(out, folder, mid.text, arena);
        out->letters.ascii = ascii;
        mud_fold_through(out, &mid, arena);
    }
    mud_fold_context(out, folder, flags, arena);
}

/* Which Han characters stay as they are and call for nothing. */
static void find_plain(struct mud_folder *folder)
{
    for (uint32_t i = 0; i < MUD_FOLD_HAN_N; i++) {
        const struct mud_fold_action *a =
            mud_fold_action(&folder->table, MUD_FOLD_HAN + i);

        if (!a->what && !(a->flags & ~MUD_FOLD_HANS))
            folder->plain[i] = a->flags & MUD_FOLD_HANS ? 2 : 1;
    }
}

bool mud_folder_new(struct mud_folder **out, struct mud_error *err)
{
    struct mud_folder *folder = mud_calloc(1, sizeof *folder);
    const struct mud_embedded *row =
        mud_embedded_find(mud_nlp_tables, "fold.table");
    UErrorCode status = U_ZERO_ERROR;

    for (unsigned i = 0; i < 128; i++)
        folder->lower[i] = (uint8_t)(i >= 'A' && i <= 'Z' ? i + 32 : i);
    folder->nfkc = unorm2_getNFKCCasefoldInstance(&status);
    if (U_FAILURE(status)) {
        mud_folder_free(folder);
        return mud_fail(
            err, MUD_EIO, "unicode normaliser: %s", u_errorName(status));
    }
    if (!row ||
        !mud_fold_table_open(&folder->table, mud_embedded_text(row), err) ||
        !mud_fold_context_new(folder, err) ||
        !mud_guise_new(&folder->guise, err) || !mud_mend_new(folder, err)) {
        mud_folder_free(folder);
        return mud_fail(err, MUD_ECORRUPT, "fold.table: not in the program");
    }
    find_plain(folder);
    *out = folder;
    return true;
}

void mud_folder_free(struct mud_folder *folder)
{
    if (!folder)
        return;
    mud_trie_free(&folder->split);
    mud_trie_free(&folder->looks);
    mud_guise_free(&folder->guise);
    free(folder->parts);
    free(folder->han);
    free(folder);
}

const char *mud_fold_layer_name(enum mud_fold_layer layer)
{
    return layer < MUD_FOLD_LAYERS ? layer_names[layer] : "";
}

struct mud_str mud_fold_term(const struct mud_folder *folder,
                             struct mud_str term, struct mud_arena *arena)
{
    struct mud_fold fold;

    mud_fold(&fold, folder, term, arena);
    return fold.text;
}

uint32_t mud_fold_hant(const struct mud_folder *folder, uint32_t c)
{
    const struct mud_fold_action *a;
    size_t at = 0;

    if (c < 0x80 || c > 0x10ffff)
        return 0;
    a = mud_fold_action(&folder->table, c);
    if (a->what != MUD_FOLD_REPLACE || a->layer != MUD_FOLD_HANT)
        return 0;
    return mud_utf8_next(mud_str_of(folder->table.pool + a->pool, a->len), &at);
}

bool mud_fold_is_hans(const struct mud_folder *folder, uint32_t c)
{
    return c >= 0x80 && c <= 0x10ffff &&
           mud_fold_action(&folder->table, c)->flags & MUD_FOLD_HANS;
}
