#include "nlp/script.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

uint8_t mud_char_known[0x10000];

static enum mud_char_class letter_class(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;

    /* Kana's long vowel and iteration marks are common to both scripts. */
    if (c == 0x30fc || c == 0xff70)
        return MUD_CHAR_KANA;
    switch ((int)uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
        return MUD_CHAR_HAN;
    case USCRIPT_LATIN:
        return MUD_CHAR_LATIN;
    case USCRIPT_CYRILLIC:
        return MUD_CHAR_CYRILLIC;
    case USCRIPT_GREEK:
        return MUD_CHAR_GREEK;
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
        return MUD_CHAR_KANA;
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
        return MUD_CHAR_UNSPACED;
    default:
        return MUD_CHAR_LETTER;
    }
}

static enum mud_char_class look_up(UChar32 c)
{
    /* Python's str.split and most readers take 1c..1f as white space too. */
    if (u_isUWhiteSpace(c) || (c >= 0x1c && c <= 0x1f))
        return MUD_CHAR_SPACE;
    if (c == 0x3007 || u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC))
        return MUD_CHAR_HAN;
    switch (u_charType(c)) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_LETTER_NUMBER:
        return letter_class(c);
    case U_DECIMAL_DIGIT_NUMBER:
        return MUD_CHAR_DIGIT;
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
        return letter_class(c) == MUD_CHAR_UNSPACED ? MUD_CHAR_UNSPACED
                                                    : MUD_CHAR_MARK;
    case U_DASH_PUNCTUATION:
    case U_START_PUNCTUATION:
    case U_END_PUNCTUATION:
    case U_CONNECTOR_PUNCTUATION:
    case U_OTHER_PUNCTUATION:
    case U_INITIAL_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
        return MUD_CHAR_PUNCT;
    case U_MATH_SYMBOL:
    case U_CURRENCY_SYMBOL:
    case U_MODIFIER_SYMBOL:
    case U_OTHER_SYMBOL:
    case U_OTHER_NUMBER:
        return MUD_CHAR_SYMBOL;
    default:
        return MUD_CHAR_OTHER;
    }
}

enum mud_char_class mud_char_look_up(uint32_t c)
{
    enum mud_char_class class =
        c < 0x110000 ? look_up((UChar32)c) : MUD_CHAR_OTHER;

    if (c < 0x10000)
        __atomic_store_n(
            &mud_char_known[c], (uint8_t)(class + 1), __ATOMIC_RELAXED);
    return class;
}
