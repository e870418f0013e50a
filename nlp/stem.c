#include "nlp/stem.h"

#include <libstemmer.h>
#include <stdlib.h>

#include "base/utf8.h"

#define WORD_MAX 64 /* bytes; longer words are their own stems */

enum language {
    NONE,
    ENGLISH,
    RUSSIAN,
    SERBIAN,
    GREEK,
    ARMENIAN,
    YIDDISH,
    ARABIC,
    HINDI,
    TAMIL,
    GERMAN,
    FRENCH,
    SPANISH,
    PORTUGUESE,
    ITALIAN,
    ROMANIAN,
    HUNGARIAN,
    TURKISH,
    SWEDISH,
    DANISH,
    FINNISH,
    LITHUANIAN,
    LANGUAGES
};

static const char *const names[LANGUAGES] = {
    "",        "english",    "russian", "serbian",    "greek",     "armenian",
    "yiddish", "arabic",     "hindi",   "tamil",      "german",    "french",
    "spanish", "portuguese", "italian", "romanian",   "hungarian", "turkish",
    "swedish", "danish",     "finnish", "lithuanian",
};

struct mud_stemmer {
    struct sb_stemmer *by[LANGUAGES]; /* made when first asked for */
};

/* Scripts that one language of libstemmer writes. */
static const struct {
    uint32_t first, last;
    enum language language;
} scripts[] = {
    {0x0370, 0x03ff, GREEK},
    {0x0400, 0x052f, RUSSIAN},
    {0x0530, 0x058f, ARMENIAN},
    {0x0590, 0x05ff, YIDDISH},
    {0x0600, 0x06ff, ARABIC},
    {0x0900, 0x097f, HINDI},
    {0x0b80, 0x0bff, TAMIL},
    {0x1f00, 0x1fff, GREEK},
};

/*
 * Letters beyond a to z and the language that they tell, the surest first: of
 * those in a word the first of this list decides. Languages without a stemmer
 * (Polish, Czech, Latvian...) are told too, so that no wrong one cuts them.
 */
static const struct {
    uint32_t letter;
    enum language language;
} letters[] = {
    {0x117, LITHUANIAN} /* ė */, {0x12f, LITHUANIAN} /* į */,
    {0x173, LITHUANIAN} /* ų */, {0x142, NONE} /* ł */,
    {0x105, NONE} /* ą */,       {0x15b, NONE} /* ś */,
    {0x17a, NONE} /* ź */,       {0x17c, NONE} /* ż */,
    {0x107, NONE} /* ć */,       {0x144, NONE} /* ń */,
    {0x159, NONE} /* ř */,       {0x11b, NONE} /* ě */,
    {0x101, NONE} /* ā */,       {0x12b, NONE} /* ī */,
    {0x111, NONE} /* đ */,       {0x1a1, NONE} /* ơ */,
    {0x1b0, NONE} /* ư */,

    {0x151, HUNGARIAN} /* ő */,  {0x171, HUNGARIAN} /* ű */,
    {0x11f, TURKISH} /* ğ */,    {0x131, TURKISH} /* ı */,
    {0x103, ROMANIAN} /* ă */,   {0x219, ROMANIAN} /* ș */,
    {0x21b, ROMANIAN} /* ț */,   {0x163, ROMANIAN} /* ţ */,
    {0x15f, TURKISH} /* ş */,    {0x161, NONE} /* š */,
    {0x10d, NONE} /* č */,       {0x17e, NONE} /* ž */,
    {0xdf, GERMAN} /* ß */,      {0xf1, SPANISH} /* ñ */,
    {0xe3, PORTUGUESE} /* ã */,  {0xf5, PORTUGUESE} /* õ */,
    {0xf8, DANISH} /* ø */,      {0xe6, DANISH} /* æ */,
    {0xe5, SWEDISH} /* å */,     {0x153, FRENCH} /* œ */,
    {0xea, FRENCH} /* ê */,      {0xe8, FRENCH} /* è */,
    {0xf9, FRENCH} /* ù */,      {0xfb, FRENCH} /* û */,
    {0xee, FRENCH} /* î */,      {0xef, FRENCH} /* ï */,
    {0xeb, FRENCH} /* ë */,      {0xf2, ITALIAN} /* ò */,
    {0xec, ITALIAN} /* ì */,     {0xe7, FRENCH} /* ç */,
    {0xe0, FRENCH} /* à */,      {0xe4, GERMAN} /* ä */,
    {0xf6, GERMAN} /* ö */,      {0xfc, GERMAN} /* ü */,
    {0xe1, SPANISH} /* á */,     {0xed, SPANISH} /* í */,
    {0xf3, SPANISH} /* ó */,     {0xfa, SPANISH} /* ú */,
    {0xe9, FRENCH} /* é */,
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static size_t rank_of(uint32_t c)
{
    size_t i = 0;

    while (i < COUNT(letters) && letters[i].letter != c)
        i++;
    return i;
}

struct look {             /* at a Latin word */
    size_t rank;          /* of the surest letter */
    bool acute, accented; /* é; á í ó ú */
    bool umlaut, doubled;
    uint32_t last; /* character */
};

static struct look look_at(struct mud_str word)
{
    struct look look = {.rank = COUNT(letters)};

    for (size_t at = 0; at < word.n;) {
        uint32_t c = mud_utf8_next(word, &at);

        if (c >= 0x80) {
            size_t rank = rank_of(c);

            look.rank = rank < look.rank ? rank : look.rank;
            look.acute |= c == 0xe9;
            look.accented |= c == 0xe1 || c == 0xed || c == 0xf3 || c == 0xfa;
        }
        look.umlaut |= c == 0xe4 || c == 0xf6;
        look.doubled |= c == look.last && (c == 'a' || c == 'i' || c == 'u' ||
                                           c == 'y' || c == 0xe4 || c == 0xf6);
        look.last = c;
    }
    return look;
}

static enum language latin(struct mud_str word)
{
    struct look look = look_at(word);
    enum language language;

    if (look.rank == COUNT(letters))
        return ENGLISH;
    language = letters[look.rank].language;
    /* "città", "però" end in what French and Spanish write inside words */
    if (language == FRENCH && word.n > 4 &&
        (look.last == 0xe0 || look.last == 0xf9 || look.last == 0xe8))
        return ITALIAN;
    /* Spanish has one of them in a word, French é alone */
    if ((language == SPANISH || language == FRENCH) && look.acute &&
        look.accented)
        return HUNGARIAN;
    if (language == GERMAN && look.umlaut && look.doubled)
        return FINNISH;
    return language;
}

static enum language language_of(struct mud_str word)
{
    static const char serbian[] = "\xd1\x92\xd1\x98\xd1\x99\xd1\x9a\xd1\x9b"
                                  "\xd1\x9f"; /* ђ ј љ њ ћ џ */
    size_t at = 0;
    uint32_t first;

    if (!word.n || word.n > WORD_MAX)
        return NONE;
    first = mud_utf8_next(word, &at);
    if ((first >= 'a' && first <= 'z') || (first >= 0xdf && first < 0x250))
        return latin(word);
    for (size_t i = 0; i < COUNT(scripts); i++) {
        if (first < scripts[i].first || first > scripts[i].last)
            continue;
        if (scripts[i].language != RUSSIAN)
            return scripts[i].language;
        for (size_t k = 0; k + 1 < sizeof serbian; k += 2) {
            if (mud_str_find(word, mud_str_of(serbian + k, 2)) != MUD_NPOS)
                return SERBIAN;
        }
        return RUSSIAN;
    }
    return NONE;
}

const char *mud_stem_language(struct mud_str word)
{
    return names[language_of(word)];
}

struct mud_stemmer *mud_stemmer_new(void)
{
    return mud_calloc(1, sizeof(struct mud_stemmer));
}

void mud_stemmer_free(struct mud_stemmer *stemmer)
{
    if (!stemmer)
        return;
    for (size_t i = 0; i < LANGUAGES; i++)
        sb_stemmer_delete(stemmer->by[i]);
    free(stemmer);
}

/* NULL when this libstemmer was built without the language. */
static struct sb_stemmer *stemmer_for(struct mud_stemmer *stemmer,
                                      enum language language)
{
    if (language == NONE)
        return NULL;
    if (!stemmer->by[language])
        stemmer->by[language] = sb_stemmer_new(names[language], "UTF_8");
    return stemmer->by[language];
}

struct mud_str mud_stem(struct mud_stemmer *stemmer, struct mud_str word,
                        struct mud_arena *arena)
{
    struct sb_stemmer *by = stemmer_for(stemmer, language_of(word));
    const sb_symbol *stem;
    size_t n;

    if (!by)
        return word;
    stem = sb_stemmer_stem(by, (const unsigned char *)word.s, (int)word.n);
    if (!stem)
        mud_out_of_memory();
    n = (size_t)sb_stemmer_length(by);
    if (!n)
        return word;
    if (n <= word.n && memcmp(stem, word.s, n) == 0)
        return mud_str_of(word.s, n);
    return mud_str_of(mud_arena_dup(arena, stem, n), n);
}
