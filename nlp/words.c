#include "nlp/words.h"

#include <endian.h>
#include <pthread.h>

enum {
    SLOTS_LOG = 14,
    SETS = 256,
    ASIDE = MUD_WORDS_MOST + 1 /* and above: lists that have no bit */
};

/*
 * For the first two characters of words (by hash): which lists have such a word,
 * as the number of a set of them, so that the slots stay in the nearest cache. A
 * slot only ever goes on to a set that holds more; `noted` is raised when all
 * slots of a list have it. Set 0 is of no list, the last one of all.
 */
static uint8_t slots[1u << SLOTS_LOG];
static uint64_t sets[SETS][MUD_WORDS_MOST / 64];
static uint32_t n_sets = 1;
static uint32_t noted;

static inline size_t length_of(char lead)
{
    static const uint8_t lengths[16] = {
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};

    return lengths[(unsigned char)lead >> 4];
}

static inline uint32_t slot_of(uint32_t hash, uint32_t next)
{
    return ((hash << 9 | hash >> 23) + next) >> (32 - SLOTS_LOG);
}

static inline void put(struct mud_grams *grams, uint32_t gram)
{
    grams->bits[gram / 64] |= UINT64_C(1) << gram % 64;
}

/* What of a text is noted on the way through it. */
struct pass {
    struct mud_grams *grams;
    uint64_t low, high; /* of lists */
    uint32_t hash;      /* of the character before */
};

static inline void take(struct pass *p, uint32_t hash)
{
    uint32_t slot = slot_of(p->hash, hash);
    const uint64_t *set = sets[__atomic_load_n(&slots[slot], __ATOMIC_ACQUIRE)];

    p->low |= set[0];
    p->high |= set[1];
    p->hash = hash;
    put(p->grams, hash >> 20);
}

/* A character of one or two bytes that begins with c. */
static inline void take_short(struct mud_grams *grams, unsigned char c)
{
    if (c < 0x80)
        grams->ascii[c >> 6] |= UINT64_C(1) << (c & 63);
    else
        grams->leads |= 1U << (c & 31);
}

/* The last characters, that have less than four bytes to look at. */
static void take_end(struct pass *p, struct mud_str text, size_t i)
{
    for (; i < text.n; i += length_of(text.s[i])) {
        unsigned char c = (unsigned char)text.s[i];

        if (i + 2 < text.n)
            take(p, mud_gram_hash(text.s + i));
        if (i + 1 < text.n && (c < 0xE0 || i + 2 >= text.n))
            put(p->grams, mud_gram_pair(text.s + i));
        if (c < 0xE0)
            take_short(p->grams, c);
    }
}

void mud_grams_add(struct mud_grams *grams, struct mud_str text)
{
    struct pass p = {.grams = grams};
    size_t i = 0;

    /* before the slots are read: they are whole for these lists */
    grams->known = __atomic_load_n(&noted, __ATOMIC_ACQUIRE);
    while (i + 3 < text.n) {
        unsigned char c = (unsigned char)text.s[i];
        uint32_t four;

        memcpy(&four, text.s + i, sizeof four);
        four = le32toh(four);
        take(&p, (four & 0xFFFFFF) * MUD_GRAM_BY);
        if (c >= 0xE0) {
            i += c < 0xF0 ? 3 : 4;
            continue;
        }
        put(grams, (four & 0xFFFF) * MUD_PAIR_BY >> 20);
        take_short(grams, c);
        i += 1 + (c >= 0xC0);
    }
    take_end(&p, text, i);
    grams->lists[0] |= p.low;
    grams->lists[1] |= p.high;
}

/* Has it three bytes behind its first character? */
static bool has_pair(const char *word)
{
    return strlen(word) >= length_of(word[0]) + 3;
}

/* List the brief words; false when they are too many or a single byte. */
static bool note_brief(struct mud_words *w)
{
    for (size_t i = 0; i < w->n; i++) {
        const char *word = mud_words_at(w, i);

        if (has_pair(word))
            continue;
        if (!word[0] || !word[1] ||
            w->n_brief == sizeof w->brief / sizeof w->brief[0])
            return false;
        w->brief[w->n_brief++] =
            (uint16_t)(word[2] ? mud_gram(word) : mud_gram_pair(word));
    }
    return true;
}

/* The set that has list `bit` too; the last one when there are too many. */
static uint8_t set_with(uint8_t set, uint32_t bit)
{
    uint64_t more[MUD_WORDS_MOST / 64];
    uint32_t i = 0;

    memcpy(more, sets[set], sizeof more);
    more[bit / 64] |= UINT64_C(1) << bit % 64;
    while (i < n_sets && memcmp(sets[i], more, sizeof more) != 0)
        i++;
    if (i < n_sets)
        return (uint8_t)i;
    if (i < SETS - 1) {
        memcpy(sets[i], more, sizeof more);
        n_sets++;
    } else if (sets[i][0] == 0) {
        memset(sets[i], 0xFF, sizeof sets[i]);
    }
    return (uint8_t)i;
}

static void note(struct mud_words *w)
{
    uint32_t id = noted + 1;

    if (id > MUD_WORDS_MOST || !note_brief(w)) {
        __atomic_store_n(&w->id, ASIDE, __ATOMIC_RELEASE);
        return;
    }
    for (size_t i = 0; i < w->n; i++) {
        const char *word = mud_words_at(w, i);
        uint32_t slot;

        if (!has_pair(word))
            continue;
        slot = slot_of(mud_gram_hash(word),
                       mud_gram_hash(word + length_of(word[0])));
        __atomic_store_n(
            &slots[slot], set_with(slots[slot], id - 1), __ATOMIC_RELEASE);
    }
    __atomic_store_n(&w->id, id, __ATOMIC_RELEASE);
    __atomic_store_n(&noted, id, __ATOMIC_RELEASE);
}

static void note_once(struct mud_words *w)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    (void)pthread_mutex_lock(&lock);
    if (w->id == 0)
        note(w);
    (void)pthread_mutex_unlock(&lock);
}

bool mud_words_may_brief(const struct mud_words *w,
                         const struct mud_grams *grams)
{
    for (unsigned i = 0; i < w->n_brief; i++) {
        if (mud_grams_has(grams, w->brief[i]))
            return true;
    }
    return false;
}

bool mud_words_may_each(struct mud_words *w, const struct mud_grams *grams)
{
    if (__atomic_load_n(&w->id, __ATOMIC_ACQUIRE) == 0)
        note_once(w);
    for (size_t i = 0; i < w->n; i++) {
        if (mud_grams_may(grams, mud_words_at(w, i)))
            return true;
    }
    return false;
}

bool mud_words_in(struct mud_words *w, const struct mud_grams *grams,
                  struct mud_str part)
{
    if (!mud_words_may(w, grams))
        return false;
    for (size_t i = 0; i < w->n; i++) {
        const char *word = mud_words_at(w, i);

        if (mud_grams_may(grams, word) &&
            mud_str_find(part, mud_str_z(word)) != MUD_NPOS)
            return true;
    }
    return false;
}
