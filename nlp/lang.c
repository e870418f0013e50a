#include "nlp/lang.h"

#include "base/utf8.h"
#include "nlp/folding.h"
#include "nlp/script.h"
#include "nlp/step.h"

#define READ_MAX ((size_t)64 << 10) /* bytes whose words count */

enum lang {
    ZH,
    EN,
    RU,
    JA,
    KO,
    VI,
    TH,
    AR,
    LANGS
};

static const char *const names[LANGS] = {[ZH] = "zh-Hans",
                                         [EN] = "en",
                                         [RU] = "ru",
                                         [JA] = "ja",
                                         [KO] = "ko",
                                         [VI] = "vi",
                                         [TH] = "th",
                                         [AR] = "ar"};

struct tally {
    double share[LANGS];  /* in words */
    uint32_t han, kana;   /* characters */
    uint32_t hant, hans;  /* characters of one way of writing only */
    uint32_t latin, viet; /* words; Vietnamese letters in them */
    uint32_t before;      /* character in front of the word being read */
    uint32_t last;        /* character read last */
    uint32_t letters;     /* of the Latin word being read */
    bool cyrillic;        /* a Cyrillic word is being read */
};

static bool is_viet(uint32_t c)
{
    return c == 0x103 || c == 0x111 || c == 0x1a1 || c == 0x1b0 ||
           (c >= 0x1ea0 && c <= 0x1ef9);
}

static void count_letter(struct tally *t, uint32_t c)
{
    if (c >= 0xac00 && c <= 0xd7a3)
        t->share[KO] += 0.4;
    else if (c >= 0xe00 && c <= 0xe7f)
        t->share[TH] += 0.25;
    else if (c >= 0x600 && c <= 0x6ff)
        t->share[AR] += 0.2;
}

/*
 * The Latin word that ends before c counts when it is one: three letters and
 * more, and no part of a handle, address or number.
 */
static void end_word(struct tally *t, uint32_t c)
{
    static const char joins[] = "@_/-:.#=0123456789";

    if (t->letters >= 3 &&
        !(t->before && t->before < 128 && strchr(joins, (int)t->before)) &&
        !(c && c < 128 && c != '.' && c != ':' && strchr(joins, (int)c)))
        t->latin++;
    t->letters = 0;
}

static inline void count_word(struct tally *t, uint32_t c,
                              enum mud_char_class class)
{
    if (class == MUD_CHAR_LATIN) {
        if (!t->letters++)
            t->before = t->last;
        t->viet += is_viet(c);
    } else if (t->letters) {
        end_word(t, c);
    }
    if (class == MUD_CHAR_CYRILLIC && !t->cyrillic)
        t->share[RU]++;
    t->cyrillic = class == MUD_CHAR_CYRILLIC;
    t->last = c;
}

static inline void count_han(struct tally *t, uint32_t c,
                             const struct mud_folder *folder)
{
    const struct mud_fold_action *a = mud_fold_action(&folder->table, c);

    t->han++;
    t->hant += a->what == MUD_FOLD_REPLACE && a->layer == MUD_FOLD_HANT;
    t->hans += (a->flags & MUD_FOLD_HANS) != 0;
}

static void count(struct tally *t, uint32_t c, const struct mud_folder *folder)
{
    enum mud_char_class class = mud_char_class(c);

    count_word(t, c, class);
    if (class == MUD_CHAR_HAN)
        count_han(t, c, folder);
    else if (class == MUD_CHAR_KANA)
        t->kana++;
    else if (class == MUD_CHAR_LETTER || class == MUD_CHAR_UNSPACED)
        count_letter(t, c);
}

/* Is one of eight bytes a letter of ASCII? */
static inline bool has_letter(const unsigned char *s)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t x, low;

    memcpy(&x, s, sizeof x);
    low = (x | 0x20 * ones) & 0x7F * ones;
    /* bit 7 of a byte: from 'a' on, but not behind 'z', and not above ASCII */
    return ((low + (0x80 - 'a') * ones) & ~(low + (0x7F - 'z') * ones) & ~x &
            0x80 * ones) != 0;
}

/*
 * The same for a text of Han and ASCII, in which only words are left to count.
 * Any byte of another character ends a word, and joins none.
 */
static void count_words(struct tally *t, struct mud_str raw)
{
    const unsigned char *s = (const unsigned char *)raw.s;

    for (size_t at = 0; at < raw.n;) {
        size_t start;

        while (at + 8 <= raw.n && !has_letter(s + at))
            at += 8;
        while (at < raw.n && (unsigned)(s[at] | 0x20) - 'a' >= 26)
            at += at + 8 <= raw.n && mud_step_eight(raw.s + at) ? 8 : 1;
        start = at;
        while (at < raw.n && (unsigned)(s[at] | 0x20) - 'a' < 26)
            at++;
        t->before = start ? s[start - 1] : 0;
        t->letters = (uint32_t)(at - start);
        if (t->letters)
            end_word(t, at < raw.n ? s[at] : 0);
    }
}

/* Of a text whose letters are Han, if there are any. */
static struct mud_str lang_of_han(const struct mud_fold_letters *letters)
{
    if (letters->han == 0)
        return MUD_STR("und");
    return letters->hant > letters->hans ? MUD_STR("zh-Hant")
                                         : mud_str_z(names[ZH]);
}

struct mud_str mud_lang_of(const struct mud_folder *folder,
                           const struct mud_fold *fold)
{
    struct mud_str raw = fold->raw;
    struct tally t = {0};
    enum lang first = ZH, second = EN;

    if (!fold->letters.ascii && !fold->letters.other)
        return lang_of_han(&fold->letters);
    if (raw.n > READ_MAX)
        raw.n = mud_utf8_cut(raw, READ_MAX);
    if (fold->letters.other) {
        for (size_t at = 0; at < raw.n;)
            count(&t, mud_utf8_next(raw, &at), folder);
        end_word(&t, 0);
    } else {
        count_words(&t, raw);
        t.han = fold->letters.han;
        t.hant = fold->letters.hant;
        t.hans = fold->letters.hans;
    }
    t.share[ZH] = 0.6 * t.han;
    t.share[JA] = 0.6 * t.kana;
    t.share[t.viet * 4 > t.latin ? VI : EN] += t.latin;
    /* Japanese writes its nouns in Han characters. */
    if (t.share[JA] * 3 > t.share[ZH]) {
        t.share[JA] += t.share[ZH];
        t.share[ZH] = 0;
    }
    for (unsigned i = 1; i < LANGS; i++) {
        if (t.share[i] > t.share[first]) {
            second = first;
            first = (enum lang)i;
        } else if (i != first &&
                   (second == first || t.share[i] > t.share[second])) {
            second = (enum lang)i;
        }
    }
    if (t.share[first] <= 0)
        return MUD_STR("und");
    /* Chinese borrows Latin words; other languages less. */
    if (t.share[second] >= (first == ZH || second == ZH ? 3 : 2) &&
        t.share[second] > t.share[first] * 0.5)
        return MUD_STR("mixed");
    if (first == ZH && t.hant > t.hans)
        return MUD_STR("zh-Hant");
    return mud_str_z(names[first]);
}
