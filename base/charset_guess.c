#include "base/charset_guess.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/utf8.h"

#define SAMPLE_MAX ((size_t)16 << 10)
#define HAN_FIRST  0x4E00
#define HAN_LAST   0x9FFF

/* Natural logarithms of a character's share in text, by class. */
enum han_class {
    HAN_RARE,
    HAN_LISTED,
    HAN_TOP
};

/* Of Han text by rank, a class each power of two; from the same counts. */
static const float han_ln[] = {
    -14.0F, /* in neither list */
    -10.8F, /* GB2312 level 1 or Big5 level 1, not among the first 1,024 */
    -4.8F,  /* rank below 16 */
    -5.6F,  /* below 32 */
    -5.8F,  /* below 64 */
    -6.2F,  /* below 128 */
    -6.7F,  /* below 256 */
    -7.3F,  /* below 512 */
    -8.2F,  /* below 1,024 */
};

static uint8_t han_class[HAN_LAST - HAN_FIRST + 1];

/* Russian letters from а to я in 1/10,000 of letters (common knowledge). */
static const uint16_t russian[32] = {801, 159, 454, 170, 298, 845, 94,   165,
                                     735, 121, 349, 440, 321, 670, 1097, 281,
                                     473, 547, 626, 262, 26,  97,  48,   144,
                                     73,  36,  4,   190, 174, 32,  64,   201};

static void class_at_least(uint32_t c, unsigned value)
{
    if (c >= HAN_FIRST && c <= HAN_LAST && han_class[c - HAN_FIRST] == 0)
        han_class[c - HAN_FIRST] = (uint8_t)value;
}

static void list_ranked(const char *text)
{
    struct mud_str s = mud_str_z(text);
    unsigned rank = 0;

    for (size_t at = 0; at < s.n; rank++) {
        unsigned value = HAN_TOP;

        for (unsigned bound = 16; rank >= bound; bound *= 2)
            value++;
        class_at_least(mud_utf8_next(s, &at), value);
    }
}

/* The characters that a double-byte charset's first level holds. */
static void list_level(const char *icu, unsigned first, unsigned last)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *cnv = ucnv_open(icu, &status);

    for (unsigned code = first; cnv && code <= last; code++) {
        char bytes[2] = {(char)(code >> 8), (char)(code & 0xFF)};
        UChar to[4];
        int32_t n;

        status = U_ZERO_ERROR;
        n = ucnv_toUChars(cnv, to, 4, bytes, 2, &status);
        if (U_SUCCESS(status) && n == 1)
            class_at_least(to[0], HAN_LISTED);
    }
    ucnv_close(cnv);
}

static void build(void)
{
    list_ranked(mud_han_simplified);
    list_ranked(mud_han_traditional);
    list_level(mud_charset_icu_name("gb18030"), 0xB0A1, 0xD7F9);
    list_level(mud_charset_icu_name("big5"), 0xA440, 0xC67E);
}

static bool ascii_letter(UChar c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool cyrillic(UChar c)
{
    return c >= 0x400 && c <= 0x45F;
}

static bool lower_case(UChar c)
{
    return c >= 0x430 && c <= 0x45F;
}

static float cyrillic_ln(UChar c, UChar before, UChar after)
{
    UChar small = c;
    float ln;

    if (c >= 0x410 && c <= 0x42F)
        small = (UChar)(c + 0x20);
    if (small >= 0x430 && small <= 0x44F)
        ln = logf((float)russian[small - 0x430] / 10000.0F);
    else
        ln = c == 0x451 || c == 0x401 ? -6.0F : -8.0F; /* ё, other tongues */
    if (!lower_case(c))
        ln -= lower_case(before) ? 6.0F : cyrillic(before) ? 0.2F : 1.5F;
    if (ascii_letter(before) || ascii_letter(after))
        ln -= 4.0F;
    return ln;
}

/* How likely c is between its neighbours; ASCII is the same in all charsets. */
static float char_ln(UChar c, UChar before, UChar after)
{
    if (c < 0x80)
        return 0.0F;
    if (c >= HAN_FIRST && c <= HAN_LAST)
        return han_ln[han_class[c - HAN_FIRST]];
    if ((c >= 0x3001 && c <= 0x3011) || (c >= 0xFF01 && c <= 0xFF5E))
        return -6.0F; /* CJK punctuation, full-width forms */
    if (c >= 0x3041 && c <= 0x30FE)
        return -10.0F; /* kana */
    if (cyrillic(c))
        return cyrillic_ln(c, before, after);
    if (c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7)
        return ascii_letter(before) || ascii_letter(after) ? -3.5F : -8.0F;
    if ((c >= 0x2010 && c <= 0x2026) || c == 0xA0 || c == 0xAB || c == 0xBB ||
        c == 0x2116 || c == 0x20AC)
        return -6.5F; /* dashes, quotes, no-break space, number and euro sign */
    return -12.0F;
}

/* Log likelihood of the sample as text in that charset. */
static float score(const char *icu, struct mud_str sample, UChar *to)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *cnv = ucnv_open(icu, &status);
    size_t bad = 0;
    float sum = 0.0F;
    int32_t n;

    if (U_FAILURE(status))
        return -INFINITY;
    ucnv_setToUCallBack(cnv, mud_charset_on_bad, &bad, NULL, NULL, &status);
    n = ucnv_toUChars(
        cnv, to, (int32_t)SAMPLE_MAX * 2, sample.s, (int32_t)sample.n, &status);
    ucnv_close(cnv);
    if (U_FAILURE(status))
        return -INFINITY;
    for (int32_t i = 0; i < n; i++) {
        if (to[i] < 0x80)
            continue;
        sum += to[i] == 0xFFFD ? -24.0F
                               : char_ln(to[i],
                                         i ? to[i - 1] : ' ',
                                         i + 1 < n ? to[i + 1] : ' ');
    }
    return sum;
}

/* UTF-8 with a few characters cut in half is still UTF-8. */
static bool mostly_utf8(struct mud_str sample)
{
    size_t good = 0, bad = 0;

    for (size_t at = 0; at < sample.n;) {
        size_t from = at;
        bool high = (unsigned char)sample.s[at] >= 0x80;

        mud_utf8_next(sample, &at);
        /* Each trail byte in its place is a piece of evidence. */
        good += at - from - 1;
        bad += high && at - from == 1;
    }
    return good >= 3 * bad;
}

const char *mud_charset_guess(struct mud_str bytes)
{
    static const char *const names[] = {
        "gb18030", "big5", "windows-1251", "koi8-r", "windows-1252"};
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const char *best = names[0];
    float best_score = -INFINITY;
    size_t at = 0;
    UChar *to;

    while (at < bytes.n && (unsigned char)bytes.s[at] < 0x80)
        at++;
    /* The letter in front tells accents in Latin words from Cyrillic. */
    bytes = mud_str_sub(bytes, at ? at - 1 : 0, bytes.n);
    bytes = mud_str_sub(bytes, 0, SAMPLE_MAX);
    if (mostly_utf8(bytes))
        return "utf-8";
    pthread_once(&once, build);
    to = mud_malloc(SAMPLE_MAX * 2 * sizeof(*to));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        float s = score(mud_charset_icu_name(names[i]), bytes, to);

        if (s > best_score) {
            best_score = s;
            best = names[i];
        }
    }
    free(to);
    return best;
}
