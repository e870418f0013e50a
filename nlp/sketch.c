#include "nlp/sketch.h"

#include "base/utf8.h"
#include "nlp/reader.h"
#include "nlp/script.h"

#define JACCARD_LEAST 300 /* thousandths */
#define MULTIPLY      UINT64_C(0x9e3779b97f4a7c15)

struct making {
    struct mud_sketch *out;
    uint64_t word;   /* hash of the word being read; 0: none */
    uint64_t last;   /* of the word before it */
    uint64_t whole;  /* of all letters and digits */
    uint32_t chars;  /* letters and digits */
    uint32_t weight; /* of the words so far */
    bool han;
    bool handle; /* the word has a digit or _, or stands behind @ / . */
    bool glued;  /* the character before was @ / . */
};

/* splitmix64's finaliser. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Into its place; from behind, since few stand there and most are new. */
static void keep(struct mud_sketch *sketch, uint32_t hash)
{
    uint32_t *at = sketch->at, n = sketch->n, to;

    if (n == MUD_SKETCH_MAX && hash >= at[n - 1])
        return;
    for (to = n; to && at[to - 1] > hash; to--) {
    }
    if (to && at[to - 1] == hash)
        return;
    if (n == MUD_SKETCH_MAX)
        n--;
    memmove(at + to + 1, at + to, (n - to) * sizeof(*at));
    at[to] = hash;
    sketch->n = n + 1;
}

static void end_word(struct making *m)
{
    if (m->word && !m->handle) {
        if (m->last)
            keep(m->out, (uint32_t)(mix(m->last * MULTIPLY + m->word) >> 32));
        m->last = m->word;
        m->weight += m->han ? 1 : 2;
    }
    m->word = 0;
    m->handle = false;
}

static uint64_t add(uint64_t hash, uint32_t c)
{
    return (hash + c + 1) * MULTIPLY;
}

static void add_letter(struct making *m, uint32_t c)
{
    m->handle = m->handle || (!m->word && m->glued);
    m->word = mix(add(m->word, c));
}

/* A folded character that is not left out. */
static void take(struct making *m, uint32_t c)
{
    switch (mud_char_class(c)) {
    case MUD_CHAR_HAN:
    case MUD_CHAR_KANA:
    case MUD_CHAR_UNSPACED:
        end_word(m);
        m->word = mix(c);
        m->han = true;
        end_word(m);
        m->han = false;
        break;
    case MUD_CHAR_LATIN:
    case MUD_CHAR_CYRILLIC:
    case MUD_CHAR_GREEK:
    case MUD_CHAR_LETTER:
    case MUD_CHAR_MARK:
        add_letter(m, c);
        break;
    case MUD_CHAR_DIGIT:
        add_letter(m, '0');
        m->handle = true;
        break;
    case MUD_CHAR_OTHER:
    case MUD_CHAR_SPACE:
    case MUD_CHAR_PUNCT:
    case MUD_CHAR_SYMBOL:
        if (c == '_' && m->word)
            m->handle = true;
        else
            end_word(m);
        break;
    }
    m->glued = c == '@' || c == '/' || c == '.';
}

/* What a short text is known by: nothing is left out but its dress. */
static void take_whole(struct making *m, uint32_t c)
{
    switch (mud_char_class(c)) {
    case MUD_CHAR_OTHER:
    case MUD_CHAR_SPACE:
    case MUD_CHAR_MARK:
    case MUD_CHAR_PUNCT:
    case MUD_CHAR_SYMBOL:
        return;
    case MUD_CHAR_HAN:
    case MUD_CHAR_LATIN:
    case MUD_CHAR_CYRILLIC:
    case MUD_CHAR_GREEK:
    case MUD_CHAR_KANA:
    case MUD_CHAR_LETTER:
    case MUD_CHAR_UNSPACED:
    case MUD_CHAR_DIGIT:
        break;
    }
    m->whole = mix(add(m->whole, c));
    m->chars++;
}

static void end_whole(struct making *m)
{
    m->out->n = 0;
    if (m->chars < MUD_SKETCH_CHARS)
        return;
    m->out->n = 2;
    m->out->at[0] = (uint32_t)(m->whole >> 32);
    m->out->at[1] = (uint32_t)m->whole;
}

static bool is_changeable(const struct mud_entity *entity)
{
    return entity->field == MUD_IN_TEXT && entity->type != MUD_ENT_PRODUCT;
}

/* What is left out: folded bytes before `until`, and from `next` on what the
 * entity `i` covers. */
struct leaving {
    const struct mud_fold *fold;
    const struct mud_reading *reading;
    size_t i;
    uint32_t next, until;
};

static void find_next(struct leaving *l)
{
    while (l->i < l->reading->n_entities &&
           !is_changeable(&l->reading->entities[l->i]))
        l->i++;
    l->next = l->i < l->reading->n_entities
                  ? mud_fold_at(l->fold, l->reading->entities[l->i].at.start)
                  : UINT32_MAX;
}

static bool is_left_out(struct leaving *l, size_t at)
{
    while (l->i < l->reading->n_entities && l->next <= at) {
        uint32_t end = mud_fold_at(l->fold, l->reading->entities[l->i].at.end);

        l->until = end > l->until ? end : l->until;
        l->i++;
        find_next(l);
    }
    return at < l->until;
}

void mud_sketch_of(struct mud_sketch *out, const struct mud_reader *reader,
                   struct mud_str text, const struct mud_reading *reading,
                   struct mud_arena *arena)
{
    static const struct mud_reading none = {0};
    struct making m = {.out = out};
    struct mud_fold fold = {0};
    struct leaving l = {.fold = &fold, .reading = reading ? reading : &none};
    size_t at = 0;

    out->n = 0;
    mud_fold(&fold, reader->folder, text, arena);
    find_next(&l);
    while (at < fold.text.n) {
        size_t start = at;
        uint32_t c = mud_utf8_next(fold.text, &at);

        take_whole(&m, c);
        if (is_left_out(&l, start))
            end_word(&m);
        else
            take(&m, c);
    }
    end_word(&m);
    if (out->n < MUD_SKETCH_LEAST || m.weight < MUD_SKETCH_WEIGHT)
        end_whole(&m);
}

/* Hashes up to `most`. */
static uint32_t count(const struct mud_sketch *sketch, uint32_t most)
{
    uint32_t n = sketch->n;

    while (n && sketch->at[n - 1] > most)
        n--;
    return n;
}

static int of_1000(uint32_t part, uint32_t all)
{
    return (int)((uint64_t)part * 1000 / (all ? all : 1));
}

static uint32_t last_of(const struct mud_sketch *sketch)
{
    return sketch->n == MUD_SKETCH_MAX ? sketch->at[sketch->n - 1] : UINT32_MAX;
}

int mud_sketch_alike(const struct mud_sketch *a, const struct mud_sketch *b)
{
    uint32_t common = 0, most = last_of(a), in_a, in_b, all;
    int contained, jaccard, shared;

    if (a->n < MUD_SKETCH_LEAST || b->n < MUD_SKETCH_LEAST)
        return a->n && a->n == b->n && !memcmp(a->at, b->at, sizeof *a->at * 2)
                   ? 1000
                   : 0;
    if (last_of(b) < most)
        most = last_of(b);
    for (uint32_t i = 0, j = 0; i < a->n && j < b->n && a->at[i] <= most;) {
        uint32_t x = a->at[i], y = b->at[j];

        common += x == y;
        i += x <= y;
        j += y <= x;
    }
    in_a = count(a, most);
    in_b = count(b, most);
    all = in_a + in_b - common;
    contained = of_1000(common, in_a < in_b ? in_a : in_b);
    jaccard = of_1000(common, all);
    if (jaccard < JACCARD_LEAST)
        return 0;
    shared = jaccard * 17 / 10;
    return (6 * contained + 4 * (shared < 1000 ? shared : 1000)) / 10;
}

struct mud_str mud_sketch_bytes(const struct mud_sketch *sketch,
                                char out[4 * MUD_SKETCH_MAX])
{
    for (uint32_t i = 0; i < sketch->n; i++)
        for (unsigned b = 0; b < 4; b++)
            out[4 * i + b] = (char)(sketch->at[i] >> (24 - 8 * b) & 0xff);
    return mud_str_of(out, (size_t)4 * sketch->n);
}

bool mud_sketch_read(struct mud_sketch *out, struct mud_str bytes)
{
    const uint8_t *s = (const uint8_t *)bytes.s;

    out->n = 0;
    if (bytes.n % 4 || bytes.n > sizeof out->at ||
        (bytes.n && bytes.n != 8 && bytes.n < (size_t)4 * MUD_SKETCH_LEAST))
        return false;
    for (size_t i = 0; i < bytes.n / 4; i++) {
        out->at[i] = (uint32_t)s[4 * i] << 24 | (uint32_t)s[4 * i + 1] << 16 |
                     (uint32_t)s[4 * i + 2] << 8 | s[4 * i + 3];
        if (bytes.n > 8 && i && out->at[i] <= out->at[i - 1])
            return false;
    }
    out->n = (uint32_t)(bytes.n / 4);
    return true;
}
