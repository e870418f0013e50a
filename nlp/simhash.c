/*
 * The near-duplicate print of an advert: 64-bit SimHash (Charikar) over all
 * shingles of five letters. What a repost changes is left out first: contacts,
 * prices, quantities, victims' data, digits, signs, emoji and spacing.
 */
#include "base/utf8.h"
#include "nlp/reader.h"
#include "nlp/script.h"

#define SHINGLE  5
#define LEAST    30 /* characters of the text */
#define LEFT     12 /* letters that must be left of it */
#define MULTIPLY UINT64_C(0x9e3779b97f4a7c15)

struct print {
    uint64_t sums[8];    /* eight counters of a byte each, for eight bits */
    uint32_t counts[64]; /* how often each bit was set */
    uint32_t window[SHINGLE];
    uint32_t n, pending;
};

/* splitmix64's finaliser. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Bit i of b as byte i. */
static uint64_t spread(uint64_t b)
{
    uint64_t x =
        b * UINT64_C(0x0101010101010101) & UINT64_C(0x8040201008040201);

    return (x + UINT64_C(0x7f7f7f7f7f7f7f7f)) >> 7 &
           UINT64_C(0x0101010101010101);
}

static void flush(struct print *p)
{
    for (unsigned i = 0; i < 64; i++)
        p->counts[i] += (uint32_t)(p->sums[i / 8] >> i % 8 * 8 & 0xff);
    memset(p->sums, 0, sizeof p->sums);
    p->pending = 0;
}

static void add_letter(struct print *p, uint32_t c)
{
    uint64_t hash = 0;

    p->window[p->n++ % SHINGLE] = c;
    if (p->n < SHINGLE)
        return;
    for (uint32_t i = 0; i < SHINGLE; i++)
        hash = (hash + p->window[(p->n + i) % SHINGLE]) * MULTIPLY;
    hash = mix(hash);
    for (unsigned i = 0; i < 8; i++)
        p->sums[i] += spread(hash >> i * 8 & 0xff);
    if (++p->pending == 255)
        flush(p);
}

static uint64_t finish(struct print *p)
{
    uint32_t half = (p->n - SHINGLE + 1) / 2;
    uint64_t out = 0;

    flush(p);
    for (unsigned i = 0; i < 64; i++)
        out |= (uint64_t)(p->counts[i] > half) << i;
    return out ? out : 1; /* 0 says that there is none */
}

static bool is_changeable(const struct mud_entity *entity)
{
    return entity->field == MUD_IN_TEXT && entity->type != MUD_ENT_PRODUCT;
}

uint64_t mud_simhash(const struct mud_reader *reader, struct mud_str text,
                     const struct mud_reading *reading, struct mud_arena *arena)
{
    struct print print = {0};
    struct mud_fold fold = {0};
    size_t at = 0, entity = 0;
    uint32_t skip = 0; /* folded bytes before it are left out */

    if (mud_utf8_count(text) < LEAST)
        return 0;
    mud_fold(&fold, reader->folder, text, arena);
    while (at < fold.text.n) {
        size_t start = at;
        uint32_t c = mud_utf8_next(fold.text, &at);

        while (reading && entity < reading->n_entities) {
            const struct mud_entity *e = &reading->entities[entity];

            if (is_changeable(e) && mud_fold_at(&fold, e->at.start) > start)
                break;
            if (is_changeable(e) && mud_fold_at(&fold, e->at.end) > skip)
                skip = mud_fold_at(&fold, e->at.end);
            entity++;
        }
        if (start < skip)
            continue;
        switch (mud_char_class(c)) {
        case MUD_CHAR_HAN:
        case MUD_CHAR_LATIN:
        case MUD_CHAR_CYRILLIC:
        case MUD_CHAR_GREEK:
        case MUD_CHAR_KANA:
        case MUD_CHAR_LETTER:
        case MUD_CHAR_UNSPACED:
            add_letter(&print, c);
            break;
        case MUD_CHAR_OTHER:
        case MUD_CHAR_SPACE:
        case MUD_CHAR_DIGIT:
        case MUD_CHAR_MARK:
        case MUD_CHAR_PUNCT:
        case MUD_CHAR_SYMBOL:
            break;
        }
    }
    return print.n < LEFT ? 0 : finish(&print);
}
