#include "nlp/checksum.h"

#include <jansson.h>

#include "base/hash.h"
#include "tests/support/mudtest.h"

static bool eth(struct mud_str s)
{
    return mud_is_eth(s, NULL);
}

static bool onion(struct mud_str s)
{
    return mud_str_ends(s, MUD_STR(".onion")) &&
           mud_is_onion(mud_str_sub(s, 0, s.n - 6));
}

/*
 * Addresses made from a hash of a label: nobody has their keys. In the second
 * one a character is changed.
 */
static const struct {
    bool (*check)(struct mud_str);
    const char *right, *wrong;
} kinds[] = {
    {mud_is_btc,
     "1WNHU3zexdTSFMktipxVabswf1rae6aLx",
     "1WNHU3zexdTSFMktqpxVabswf1rae6aLx"},
    {mud_is_btc,
     "32CPD1YSCrwqXR4C1pVYvCxp6BJaA57TSZ",
     "32CPD1YSCrwqXR4C1qVYvCxp6BJaA57TSZ"},
    {mud_is_btc,
     "bc1qqkxagmwrduhhpc5nndy9randev7s0m96cn5ua6",
     "bc1qqkxagmwrduhhpc5nnqy9randev7s0m96cn5ua6"},
    {mud_is_btc,
     "bc1pqkxagmwrduhhpc5nndy9randev7s0m96gqr22ksxztjv4vmzts2shkxy33",
     "bc1pqkxagmwrduhhpc5nndy9randev7q0m96gqr22ksxztjv4vmzts2shkxy33"},
    {mud_is_ltc,
     "ltc1qqkxagmwrduhhpc5nndy9randev7s0m96u0wc92",
     "ltc1qqkxagmwrduhhpc5nqdy9randev7s0m96u0wc92"},
    {mud_is_ltc,
     "LNch8e8ziErgjnKQsNabyoU6GkpQVDmscs",
     "LNch8e8ziErg2nKQsNabyoU6GkpQVDmscs"},
    {mud_is_doge,
     "DFs2tCCGBrnSWspV1xKRbU6eucK967dRpC",
     "DFs2tCCGBrnS2spV1xKRbU6eucK967dRpC"},
    {eth,
     "0x058dd46dC36F2f70E2939b4851F66DCB3D07ECBA",
     "0x058dd46dC36F2f70E29a9b4851F66DCB3D07ECBA"},
    {mud_is_tron,
     "TAUaHXRiogkQbRRPUzUg1jJ1rSmArjBLg1",
     "TAUaHXRiogkQbRRPUqUg1jJ1rSmArjBLg1"},
    {mud_is_xmr,
     "41qKHFhM9MgKt8LfKnwpQUazfh5qmdsnCG4LtYZqT5eT4Zd2cZuwwUM8asGyGzRSi1aBatqS"
     "ZHJP6JujnTunWiiCSuskTGk",
     "41qKHFhM9MgKt8LfKnwpQUazfh5qmdsnCG4LtYZqT5eT4ZdqcZuwwUM8asGyGzRSi1aBatqS"
     "ZHJP6JujnTunWiiCSuskTGk"},
    {onion,
     "awg5i3odn4xxbyuttnefd5tnzm6qp3f2iadkkwqgclsmvm3clqk2m2qd.onion",
     "awg5i3odn4xxbyuttnefd5tnzm6qp3fqiadkkwqgclsmvm3clqk2m2qd.onion"},
    {mud_is_tox,
     "058DD46DC36F2F70E2939B4851F66DCB3D07ECBA4006A55A0612E4CAB3625C154C64021F0"
     "F2C",
     "058DD46DC36F2F70E2939B4851F66DCB3D07ECAA4006A55A0612E4CAB3625C154C64021F0"
     "F2C"},
    {mud_is_ton,
     "EQAGybLvlEPNfR2--8OQ1HtU154QnGAMidiSL_Rn_k9icG06",
     "EQAGybLvlEPNAR2--8OQ1HtU154QnGAMidiSL_Rn_k9icG06"},
    {mud_is_sol,
     "GTuwFKeEahP11kc3mWwYvDTxFg55uzrbNw3TMFCrUyS7",
     "0OIlFKeEahP11kc3mWwYvDTxFg55uzrbNw3TMFCrUyS7"},
    {mud_is_session,
     "05be3431a0a60eb0554c54f10d45e3275a432dffd4ba0a661fc128b3b64a301071",
     "06be3431a0a60eb0554c54f10d45e3275a432dffd4ba0a661fc128b3b64a301071"},
    {mud_luhn, "6200000000007396294", "6200000000007396293"},
    {mud_luhn, "4000000000000002", "4000000000000020"},
    {mud_is_id_card, "110000190302180402", "110000190302180403"},
    {mud_is_id_card, "11000019030218004X", "110000190302180040"},
};

static void test_checksum__tells_right_from_one_character_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(kinds); i++) {
        struct mud_str right = mud_str_z(kinds[i].right);

        if (!kinds[i].check(right))
            print_error("refused: %s\n", kinds[i].right);
        assert_true(kinds[i].check(right));
        assert_false(kinds[i].check(mud_str_z(kinds[i].wrong)));
        /* these two hold for other lengths too */
        if (kinds[i].check != mud_luhn && kinds[i].check != mud_is_sol)
            assert_false(kinds[i].check(mud_str_sub(right, 0, right.n - 1)));
        assert_false(kinds[i].check(mud_str_sub(right, 0, 0)));
    }
}

/* Published with their standards: EIP-55, BIP-173 and BIP-350. */
static void test_checksum__agrees_with_the_standards(void **state)
{
    static const char *const eips[] = {
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"};
    static const char *const bad[] = {
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh"};
    bool proved;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(eips); i++) {
        assert_true(mud_is_eth(mud_str_z(eips[i]), &proved));
        assert_true(proved);
    }
    assert_true(mud_is_eth(
        MUD_STR("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"), &proved));
    assert_false(proved);
    assert_true(
        mud_is_btc(MUD_STR("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4")));
    assert_true(mud_is_btc(MUD_STR(
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5"
        "nd6y")));
    for (size_t i = 0; i < MUDTEST_ROWS(bad); i++)
        assert_false(mud_is_btc(mud_str_z(bad[i])));
}

static void test_checksum__keccak_of_nothing_and_of_a_block(void **state)
{
    uint8_t out[32];
    char hex[MUD_HEX256], block[136];

    (void)state;
    mud_keccak256(out, MUD_STR(""), 0x01);
    assert_string_equal(
        mud_hex(hex, out, sizeof out),
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    mud_keccak256(out, MUD_STR(""), 0x06);
    assert_string_equal(
        mud_hex(hex, out, sizeof out),
        "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
    memset(block, 'a', sizeof block);
    mud_keccak256(out, mud_str_of(block, sizeof block), 0x06);
    assert_string_equal(
        mud_hex(hex, out, sizeof out),
        "3fc5559f14db8e453a0a3091edbd2bc25e11528d81c66fa570a4efdcc2695ee1");
}

static void all_of(const json_t *set, const char *kind,
                   bool (*check)(struct mud_str), bool want)
{
    const json_t *list = json_object_get(set, kind);

    for (size_t i = 0; i < json_array_size(list); i++) {
        struct mud_str s =
            mud_str_z(json_string_value(json_array_get(list, i)));

        assert_int_equal(check(s), want);
    }
}

/* Where shared material is at hand: 20 right and 20 wrong ones of each. */
static void test_checksum__agrees_with_shared_vectors(void **state)
{
    static const struct {
        const char *kind;
        bool (*check)(struct mud_str);
    } sets[] = {{"btc_p2pkh", mud_is_btc},
                {"btc_p2sh", mud_is_btc},
                {"btc_bech32", mud_is_btc},
                {"btc_taproot", mud_is_btc},
                {"ltc_bech32", mud_is_ltc},
                {"eth", eth},
                {"tron", mud_is_tron},
                {"xmr", mud_is_xmr},
                {"onion_v3", onion},
                {"tox", mud_is_tox}};

    const char *shared = mudtest_shared();
    const json_t *list;
    json_t *all;

    (void)state;
    if (!shared)
        skip();
    all = json_load_file(
        mudtest_text("%s/data/values/crypto-vectors/vectors.json", shared),
        0,
        NULL);
    assert_non_null(all);
    for (size_t i = 0; i < MUDTEST_ROWS(sets); i++) {
        all_of(json_object_get(all, "synthetic_valid"),
               sets[i].kind,
               sets[i].check,
               true);
        all_of(json_object_get(all, "synthetic_one_char_mutated_invalid"),
               sets[i].kind,
               sets[i].check,
               false);
    }
    list = json_object_get(all, "segwit_valid");
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct mud_str a =
            mud_str_z(json_string_value(json_array_get(list, i)));

        /* "tb" is the test net's */
        assert_int_equal(mud_is_btc(a), mud_str_istarts(a, MUD_STR("bc")));
    }
    list = json_object_get(all, "segwit_invalid");
    for (size_t i = 0; i < json_array_size(list); i++)
        assert_false(
            mud_is_btc(mud_str_z(json_string_value(json_array_get(list, i)))));
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checksum__tells_right_from_one_character_wrong),
        cmocka_unit_test(test_checksum__agrees_with_the_standards),
        cmocka_unit_test(test_checksum__keccak_of_nothing_and_of_a_block),
        cmocka_unit_test(test_checksum__agrees_with_shared_vectors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
