#include "nlp/stem.h"

#include "tests/support/mudtest.h"

static void test_stem__by_script(void **state)
{
    static const char *const rows[][2] = {
        {"selling", "sell"},
        {"botnets", "botnet"},
        {"accounts", "account"},
        {"базы", "баз"},
        {"продажа", "продаж"},
        {"肉鸡", "肉鸡"},
        {"12", "12"},
        {"", ""},
        {"é", "é"},
        {"ğüş", "ğüş"},
        {"s", "s"},
        {"'", "'"},
    };
    struct mud_stemmer *stemmer = mud_stemmer_new();
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_text(mud_stem(stemmer, mud_str_z(rows[i][0]), arena),
                    rows[i][1]);
    mud_arena_free(arena);
    mud_stemmer_free(stemmer);
    mud_stemmer_free(NULL);
}

/* Two forms of a word, told as the same language, have one stem. */
static void test_stem__by_letters_of_the_word(void **state)
{
    static const struct {
        const char *language, *one, *other;
    } rows[] = {
        {"english", "installs", "install"},
        {"russian", "аккаунты", "аккаунтов"},
        {"serbian", "људи", "људима"},
        {"greek", "λογαριασμός", "λογαριασμού"},
        {"arabic", "كتابة", "كتاب"},
        {"german", "häusern", "häuser"},
        {"german", "größere", "größeren"},
        {"french", "vérifiés", "vérifiée"},
        {"spanish", "contraseñas", "contraseña"},
        {"portuguese", "informações", "informação"},
        {"italian", "velocità", "velocità"},
        {"romanian", "mașină", "mașini"},
        {"hungarian", "jelszűrőket", "jelszűrők"},
        {"turkish", "açığın", "açığı"},
        {"swedish", "gåvorna", "gåvor"},
        {"danish", "køberne", "køber"},
        {"finnish", "pääsyä", "pääsyn"},
        {"lithuanian", "sąskaitėlė", "sąskaitėlės"},
        {"", "hasło", "hasło"},
        {"", "heslé\xc5\x99", "heslé\xc5\x99"},
        {"", "肉鸡", "肉鸡"},
        {"", "1a", "1a"},
    };
    struct mud_stemmer *stemmer = mud_stemmer_new();
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_str one = mud_str_z(rows[i].one);
        struct mud_str other = mud_str_z(rows[i].other);

        assert_string_equal(mud_stem_language(one), rows[i].language);
        assert_string_equal(mud_stem_language(other), rows[i].language);
        assert_true(mud_str_eq(mud_stem(stemmer, one, arena),
                               mud_stem(stemmer, other, arena)));
    }
    mud_arena_free(arena);
    mud_stemmer_free(stemmer);
}

static void test_stem__long_words_are_their_own(void **state)
{
    struct mud_stemmer *stemmer = mud_stemmer_new();
    struct mud_arena *arena = mud_arena_new();
    char word[200];

    (void)state;
    memset(word, 's', sizeof word);
    assert_int_equal(mud_stem(stemmer, mud_str_of(word, sizeof word), arena).n,
                     200);
    mud_arena_free(arena);
    mud_stemmer_free(stemmer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stem__by_script),
        cmocka_unit_test(test_stem__by_letters_of_the_word),
        cmocka_unit_test(test_stem__long_words_are_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
