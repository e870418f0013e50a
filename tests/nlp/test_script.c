#include "nlp/script.h"

#include "tests/support/mudtest.h"

static void test_script__classes(void **state)
{
    static const struct {
        uint32_t c;
        enum mud_char_class class;
    } rows[] = {
        {' ', MUD_CHAR_SPACE},      {'\n', MUD_CHAR_SPACE},
        {0x1d, MUD_CHAR_SPACE},     {0x3000, MUD_CHAR_SPACE},
        {0x2028, MUD_CHAR_SPACE},   {0x200b, MUD_CHAR_OTHER},
        {0x4e2d, MUD_CHAR_HAN},     {0x3007, MUD_CHAR_HAN},
        {0x20000, MUD_CHAR_HAN},    {0x3005, MUD_CHAR_HAN},
        {'a', MUD_CHAR_LATIN},      {0xe9, MUD_CHAR_LATIN},
        {0x430, MUD_CHAR_CYRILLIC}, {0x3b1, MUD_CHAR_GREEK},
        {0x30ab, MUD_CHAR_KANA},    {0x30fc, MUD_CHAR_KANA},
        {0xac00, MUD_CHAR_LETTER},  {0x5d0, MUD_CHAR_LETTER},
        {0xe01, MUD_CHAR_UNSPACED}, {0xe48, MUD_CHAR_UNSPACED},
        {'7', MUD_CHAR_DIGIT},      {0x663, MUD_CHAR_DIGIT},
        {0x301, MUD_CHAR_MARK},     {'@', MUD_CHAR_PUNCT},
        {0x3002, MUD_CHAR_PUNCT},   {'+', MUD_CHAR_SYMBOL},
        {0x1f600, MUD_CHAR_SYMBOL}, {0xe000, MUD_CHAR_OTHER},
        {0x110000, MUD_CHAR_OTHER}, {0xffffffff, MUD_CHAR_OTHER},
    };

    (void)state;
    for (int round = 0; round < 2; round++) /* asked, then remembered */
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            if (mud_char_class(rows[i].c) != rows[i].class)
                fail_msg("U+%04X: %d", rows[i].c, mud_char_class(rows[i].c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_script__classes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
