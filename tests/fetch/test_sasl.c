#include "fetch/sasl.h"

#include "tests/support/mudtest.h"

#include <openssl/evp.h>

static struct mud_str plain_of(struct mud_buf *buf)
{
    static unsigned char text[4096];
    size_t n = buf->n;
    int got = EVP_DecodeBlock(text, (const unsigned char *)buf->s, (int)n);

    while (n && buf->s[n - 1] == '=') {
        n--;
        got--;
    }
    return mud_str_of((const char *)text, (size_t)got);
}

static struct mud_str base64(const char *text)
{
    static unsigned char out[4096];

    return mud_str_of((const char *)out,
                      (size_t)EVP_EncodeBlock(
                          out, (const unsigned char *)text, (int)strlen(text)));
}

static struct mud_sasl *begin(const char *offer, bool plain)
{
    const struct mud_str offered[] = {
        MUD_STR("X-OTHER"), MUD_STR("PLAIN"), mud_str_z(offer)};
    struct mud_error err = {0};
    struct mud_sasl *sasl;

    assert_ok(mud_sasl_new(&sasl,
                           offered,
                           3,
                           plain,
                           MUD_STR("us=er,1"),
                           MUD_STR("pencil"),
                           &err),
              &err);
    return sasl;
}

static void test_sasl__takes_the_strongest(void **state)
{
    static const struct {
        const char *offer;
        bool plain;
        const char *name;
    } rows[] = {
        {"SCRAM-SHA-256", true, "SCRAM-SHA-256"},
        {"SCRAM-SHA-1", true, "SCRAM-SHA-1"},
        {"OTHER", true, "PLAIN"},
    };
    const struct mud_str only = MUD_STR("PLAIN");
    struct mud_error err = {0};
    struct mud_sasl *sasl;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        sasl = begin(rows[i].offer, rows[i].plain);
        assert_string_equal(mud_sasl_name(sasl), rows[i].name);
        mud_sasl_free(sasl);
    }
    assert_fails(
        mud_sasl_new(&sasl, &only, 1, false, MUD_STR("a"), MUD_STR("b"), &err),
        &err,
        MUD_ENET,
        "PLAIN only under TLS");
    assert_fails(
        mud_sasl_new(&sasl, &only, 1, true, MUD_STR("a"), MUD_STR(""), &err),
        &err,
        MUD_EUSAGE,
        "password");
}

static void test_sasl__plain_says_it_all(void **state)
{
    struct mud_sasl *sasl = begin("OTHER", true);
    struct mud_buf out = {0};

    (void)state;
    mud_sasl_first(&out, sasl);
    assert_bytes(plain_of(&out), MUD_STR("\0us=er,1\0pencil"));
    mud_buf_free(&out);
    mud_sasl_free(sasl);
}

/* What a server may say that is no challenge of ours. */
static void test_sasl__hostile_challenges(void **state)
{
    static const struct {
        const char *fmt; /* %s: our nonce */
        const char *why;
    } rows[] = {
        {"r=%sx,s=QSXCR+Q6sek8bf92,i=99999999", "rounds"},
        {"r=%s,s=QSXCR+Q6sek8bf92,i=4096", "challenge"}, /* adds nothing */
        {"r=other%s,s=QSXCR+Q6sek8bf92,i=4096", "challenge"},
        {"r=%sx,s=,i=4096", "challenge"},
        {"r=%sx,s=QSXCR+Q6sek8bf92,i=0", "challenge"},
        {"r=%sx,s=QSXCR+Q6sek8bf92", "challenge"},
        {"m=ext,r=%sx,s=QSXCR+Q6sek8bf92,i=4096", "challenge"},
        {"%s", "challenge"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_sasl *sasl = begin("SCRAM-SHA-1", false);
        struct mud_buf out = {0};
        struct mud_error err = {0};
        char nonce[64], text[512];

        mud_sasl_first(&out, sasl);
        struct mud_str first = plain_of(&out);
        assert_has(first, "n=us=3Der=2C1,r=");
        struct mud_str own =
            mud_str_sub(first, mud_str_find(first, MUD_STR("r=")) + 2, first.n);
        snprintf(nonce, sizeof nonce, "%.*s", MUD_FMT(own));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(text, sizeof text, rows[i].fmt, nonce);
#pragma GCC diagnostic pop
        assert_fails(mud_sasl_answer(&out, sasl, base64(text), &err),
                     &err,
                     MUD_ENET,
                     rows[i].why);
        /* nor is it enough to say that all went well */
        assert_fails(mud_sasl_end(sasl, base64("v=AAAA"), &err),
                     &err,
                     MUD_ENET,
                     "prove");
        mud_buf_free(&out);
        mud_sasl_free(sasl);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sasl__takes_the_strongest),
        cmocka_unit_test(test_sasl__plain_says_it_all),
        cmocka_unit_test(test_sasl__hostile_challenges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
