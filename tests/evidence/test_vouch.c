#include "place.h"

#include "../support/tsa.h"

#include "base/time.h"
#include "evidence/ledger.h"
#include "evidence/signer.h"
#include "evidence/vouch.h"

#include <sys/stat.h>
#include <unistd.h>

/* A place with a second folder, and settings behind "[ledger]". */
static const char *set_up(struct place *p, const char *settings)
{
    const char *far = mudtest_text("%s/far", p->home);

    (void)mkdir(far, 0755);
    mudtest_write(
        mudtest_text("%s/mudlark.conf", p->home),
        mud_str_z(mudtest_text("[ledger]\ncopy = %s\n%s", far, settings)));
    return far;
}

static void with_authority(struct place *p, const struct mud_tsa *tsa)
{
    set_up(p,
           mudtest_text(
               "stamp = %s\nstamp_ca = %s/ca.pem\n", tsa->url, tsa->folder));
}

static void with_key(struct place *p, bool replace)
{
    struct mud_error err = {0};

    assert_ok(mud_signer_make(p->home, MUD_STR("测试 CERT"), replace, &err),
              &err);
}

/* One anchor of today as it is. */
static void anchor(struct place *p)
{
    static int number;
    struct mud_anchored made;
    struct mud_error err = {0};

    seal(p, ++number);
    assert_ok(
        mud_anchor_make(&made, p->pg, p->home, MUD_STR("bob"), true, &err),
        &err);
    assert_true(made.part);
}

static struct mud_vouched vouch(struct place *p, bool now)
{
    struct mud_vouched v;
    struct mud_error err = {0};

    assert_ok(mud_anchor_vouch(&v, p->pg, p->home, MUD_STR("bob"), now, &err),
              &err);
    return v;
}

static struct mud_vouch_state state_of(struct place *p)
{
    struct mud_vouch_state s;
    struct mud_error err = {0};

    assert_ok(mud_vouch_state(&s, p->pg, p->home, &err), &err);
    return s;
}

static int64_t check(struct place *p, struct found *found)
{
    struct mud_verify v = {.finding = found_add, .payload = found};
    struct mud_error err = {0};

    mud_buf_clear(&found->text);
    assert_ok(mud_verify_anchors(&v, p->home, p->pg, &err), &err);
    assert_ok(mud_verify_vouchers(&v, p->home, p->pg, &err), &err);
    return v.bad;
}

static bool holds(struct found *found, const char *text)
{
    return mud_str_find(mud_buf_view(&found->text), mud_str_z(text)) !=
           MUD_NPOS;
}

static void test_vouch__neither_key_nor_authority_is_said(void **state)
{
    struct place p = place_new();
    struct found found = {0};
    struct mud_vouched v;
    struct mud_vouch_state s;

    (void)state;
    anchor(&p);
    v = vouch(&p, true);
    assert_int_equal(v.signatures + v.stamps, 0);
    assert_int_equal(v.late.code, 0);
    s = state_of(&p);
    assert_int_equal(s.anchors, 1);
    assert_false(s.has_key || s.has_authority);
    assert_int_equal(strlen(s.unsigned_since), 10);
    assert_int_equal(check(&p, &found), 0);
    assert_true(holds(&found, "1 of 1 anchors are unsigned, since "));
    assert_true(holds(&found, "there is no key"));
    assert_true(holds(&found, "there is no authority"));
    place_free(&p);
    mud_buf_free(&found.text);
}

static void test_vouch__signs_and_stamps_and_copies(void **state)
{
    struct place p = place_new();
    struct found found = {0};
    struct mud_tsa tsa;
    struct mud_vouched v;
    struct mud_vouch_state s;
    struct mudtest_run run;

    (void)state;
    mud_tsa_start(&tsa, 0);
    with_authority(&p, &tsa);
    with_key(&p, false);
    anchor(&p);
    anchor(&p);
    v = vouch(&p, false);
    assert_int_equal(v.signatures, 2);
    assert_int_equal(v.stamps, 2);
    s = state_of(&p);
    assert_int_equal(s.signatures, 2);
    assert_int_equal(s.stamps, 2);
    assert_string_equal(s.unsigned_since, "");
    assert_string_equal(s.unstamped_since, "");
    assert_int_equal(check(&p, &found), 0);
    assert_true(holds(&found, "by the time stamp"));
    assert_false(holds(&found, "unsigned"));
    assert_int_equal(
        mud_test_pg_int(p.pg,
                        "SELECT count(*) FROM mud.ledger WHERE op IN "
                        "('sign', 'stamp') AND actor = 'bob'"),
        4);
    /* Again there is nothing to do, and nobody is asked. */
    assert_int_equal(mud_httpd_requests(tsa.httpd), 2);
    v = vouch(&p, true);
    assert_int_equal(v.signatures + v.stamps, 0);
    assert_int_equal(mud_httpd_requests(tsa.httpd), 2);
    /* openssl by itself, from the second folder alone. */
    run = mudtest_sh(
        "cd '%s/far' && set -e; for j in *.json; do openssl cms -verify "
        "-binary -cades -inform DER -in $j.p7s -content $j -CAfile "
        "signer-*.pem -out /dev/null; openssl ts -verify -in $j.p7s.tsr -data "
        "$j.p7s -CAfile stamp-ca-*.pem; done; ls | wc -l",
        p.home);
    assert_int_equal(run.code, 0);
    assert_text(run.out, "Verification: OK\nVerification: OK\n8\n");
    assert_false(mudtest_exists(mudtest_text("%s/far/ledger.key", p.home)));
    all_good(&p);
    mud_tsa_stop(&tsa);
    place_free(&p);
    mud_buf_free(&found.text);
}

/* What the authority may do wrong; what is shown. */
static const struct {
    enum mud_tsa_mood mood;
    const char *reason;
} moods[] = {
    {MUD_TSA_BUSY, "it answered with status 503"},
    {MUD_TSA_PAGE, "no time stamp but text/html"},
    {MUD_TSA_OTHER, "the time stamp does not hold: message imprint mismatch"},
    {MUD_TSA_BENT, "the time stamp does not hold"},
    {MUD_TSA_NO, "the authority refused, with status 2"},
};

static void test_vouch__a_bad_answer_is_no_stamp_and_is_tried_again(
    void **state)
{
    struct place p = place_new();
    struct found found = {0};
    struct mud_tsa tsa;
    struct mud_vouched v;
    struct mud_vouch_state s;

    (void)state;
    mud_tsa_start(&tsa, 0);
    with_authority(&p, &tsa);
    with_key(&p, false);
    anchor(&p);
    for (size_t i = 0; i < MUDTEST_ROWS(moods); i++) {
        tsa.mood = moods[i].mood;
        v = vouch(&p, true);
        assert_int_equal(v.stamps, 0);
        assert_true(v.late.code == MUD_ENET || v.late.code == MUD_ECORRUPT);
        assert_has(mud_str_z(v.late.text), moods[i].reason);
        s = state_of(&p);
        assert_int_equal(s.tries, i + 1);
        assert_string_equal(s.reason, v.late.text);
        assert_true(s.next > mud_now() + 50 * MUD_SECOND * (1 << i));
        assert_true(s.next < mud_now() + 70 * MUD_SECOND * (1 << i));
        assert_int_equal(strlen(s.unstamped_since), 10);
    }
    assert_int_equal(check(&p, &found), 0);
    assert_true(holds(&found, "1 of 1 anchors are unstamped, since "));
    assert_true(holds(&found, "the authority refused"));
    /* By itself it waits for its time; then it is stamped after all. */
    tsa.mood = MUD_TSA_GOOD;
    v = vouch(&p, false);
    assert_int_equal(v.stamps, 0);
    assert_int_equal(mud_httpd_requests(tsa.httpd), MUDTEST_ROWS(moods));
    mud_test_pg_exec(p.pg, "UPDATE mud.anchor_stamping SET next_at = 'epoch'");
    v = vouch(&p, false);
    assert_int_equal(v.stamps, 1);
    s = state_of(&p);
    assert_int_equal(s.tries, 0);
    assert_string_equal(s.reason, "");
    assert_int_equal(check(&p, &found), 0);
    mud_tsa_stop(&tsa);
    place_free(&p);
    mud_buf_free(&found.text);
}

static void test_vouch__an_authority_that_is_down(void **state)
{
    struct place p = place_new();
    struct found found = {0};
    struct mud_tsa tsa;
    struct mud_vouched v;

    (void)state;
    mud_tsa_start(&tsa, 0);
    with_authority(&p, &tsa);
    mud_tsa_stop(&tsa);
    anchor(&p);
    v = vouch(&p, false);
    assert_int_equal(v.late.code, MUD_ENET);
    assert_int_equal(state_of(&p).tries, 1);
    assert_int_equal(check(&p, &found), 0);
    assert_true(holds(&found, "unstamped"));
    place_free(&p);
    mud_buf_free(&found.text);
}

static void test_vouch__another_ca_is_not_believed(void **state)
{
    struct place p = place_new();
    struct found found = {0};
    struct mud_tsa tsa, other;
    struct mud_vouched v;

    (void)state;
    mud_tsa_start(&tsa, 0);
    mud_tsa_start(&other, 0);
    set_up(&p,
           mudtest_text(
               "stamp = %s\nstamp_ca = %s/ca.pem\n", tsa.url, other.folder));
    anchor(&p);
    v = vouch(&p, true);
    assert_int_equal(v.stamps, 0);
    assert_has(mud_str_z(v.late.text), "the time stamp does not hold");
    /* Nor later, when it was stamped and the settings name another. */
    with_authority(&p, &tsa);
    assert_int_equal(vouch(&p, true).stamps, 1);
    assert_int_equal(check(&p, &found), 0);
    set_up(&p,
           mudtest_text(
               "stamp = %s\nstamp_ca = %s/ca.pem\n", tsa.url, other.folder));
    assert_int_equal(check(&p, &found), 1);
    set_up(&p, "");
    assert_int_equal(check(&p, &found), 1);
    assert_true(holds(&found, "it cannot be checked"));
    mud_tsa_stop(&tsa);
    mud_tsa_stop(&other);
    place_free(&p);
    mud_buf_free(&found.text);
}

/* A token outlives the certificate of its authority. */
static void test_vouch__a_stamp_whose_certificate_ran_out(void **state)
{
    struct place p = place_new();
    struct found found = {0};
    struct mud_tsa tsa;
    struct mudtest_run run;

    (void)state;
    set_up(&p, "");
    anchor(&p);
    mud_tsa_start(&tsa, 6); /* all else is done: a machine may be busy */
    with_authority(&p, &tsa);
    assert_int_equal(vouch(&p, true).stamps, 1);
    sleep(7);
    assert_int_equal(check(&p, &found), 0);
    assert_true(holds(&found, "good"));
    anchor(&p);
    assert_has(mud_str_z(vouch(&p, true).late.text), "expired");
    run = mudtest_sh("cd '%s/far' && for i in *.tsr; do openssl ts -verify "
                     "-in $i -data ${i%%.tsr} -CAfile stamp-ca-*.pem && "
                     "exit 9; openssl ts -verify -in $i -data ${i%%.tsr} "
                     "-CAfile stamp-ca-*.pem -attime $(date -u +%%s -d \"$("
                     "openssl ts -reply -in $i -text 2>/dev/null | sed -n "
                     "'s/^Time stamp: //p')\") || exit 8; done",
                     p.home);
    assert_int_equal(run.code, 0);
    mud_tsa_stop(&tsa);
    place_free(&p);
    mud_buf_free(&found.text);
}

static void test_vouch__shows_what_was_changed(void **state)
{
    struct place p = place_new();
    struct found found = {0};
    struct mud_tsa tsa;
    const char *flip;

    (void)state;
    mud_tsa_start(&tsa, 0);
    with_authority(&p, &tsa);
    with_key(&p, false);
    anchor(&p);
    vouch(&p, true);
    assert_int_equal(check(&p, &found), 0);
    /* A byte in a file; then in the database, files and all. */
    flip = "printf '\\377' | dd of=$f bs=1 seek=200 conv=notrunc status=none";
    mudtest_sh("for f in '%s'/far/*.p7s; do %s; done", p.home, flip);
    assert_int_equal(check(&p, &found), 1);
    assert_true(holds(&found, "it is not what the database has"));
    for (const char *kind = "p7s"; kind;
         kind = strcmp(kind, "p7s") == 0 ? "p7s.tsr" : NULL) {
        mud_test_pg_exec(
            p.pg,
            mudtest_text("UPDATE mud.anchor_voucher SET body = set_byte(body, "
                         "octet_length(body) - 5, 77) WHERE kind = '%s'",
                         kind));
        assert_true(check(&p, &found) > 1);
        assert_true(holds(&found, "does not hold"));
    }
    /* Taken out of the database: the ledger knows. */
    mud_test_pg_exec(p.pg, "DELETE FROM mud.anchor_voucher");
    assert_int_equal(check(&p, &found), 2);
    assert_true(holds(&found, "the ledger says that it was made"));
    /* And from the folder that was not touched it comes back, not from another
     * signature. */
    mudtest_sh("rm '%s'/far/*.p7s*", p.home);
    assert_int_equal(vouch(&p, true).taken, 2);
    assert_int_equal(check(&p, &found), 0);
    assert_int_equal(mud_test_pg_int(p.pg,
                                     "SELECT count(*) FROM mud.ledger WHERE "
                                     "op IN ('sign', 'stamp')"),
                     2);
    mud_tsa_stop(&tsa);
    place_free(&p);
    mud_buf_free(&found.text);
}

/* Whoever has the database but not the key can make no signature that holds. */
static void test_vouch__another_key_is_not_believed(void **state)
{
    struct place p = place_new();
    struct found found = {0};

    (void)state;
    set_up(&p, "");
    with_key(&p, false);
    anchor(&p);
    assert_int_equal(vouch(&p, true).signatures, 1);
    assert_int_equal(check(&p, &found), 0);
    assert_true(holds(&found, "by the signer's clock"));
    /* One that replaced it is believed for the old ones, too. */
    with_key(&p, true);
    anchor(&p);
    assert_int_equal(vouch(&p, true).signatures, 1);
    assert_int_equal(check(&p, &found), 0);
    /* But not one that came from elsewhere. */
    mudtest_sh("rm '%s/keys/ledger-was.pem'", p.home);
    assert_int_equal(check(&p, &found), 1);
    assert_true(holds(&found, "the signature does not hold"));
    place_free(&p);
    mud_buf_free(&found.text);
}

static void fails_with(struct place *p, enum mud_code code, const char *text)
{
    struct mud_vouched v;
    struct mud_error err = {0};

    assert_fails(
        mud_anchor_vouch(&v, p->pg, p->home, MUD_STR("bob"), true, &err),
        &err,
        code,
        text);
}

static void test_vouch__keys_and_settings_that_are_wrong(void **state)
{
    struct place p = place_new();
    struct mud_error err = {0};
    const char *key = mudtest_text("%s/keys/ledger.key", p.home);
    struct mud_tsa tsa;

    (void)state;
    mud_tsa_start(&tsa, 0);
    with_authority(&p, &tsa);
    anchor(&p);
    with_key(&p, false);
    assert_fails(mud_signer_make(p.home, MUD_STR("again"), false, &err),
                 &err,
                 MUD_EUSAGE,
                 "--replace makes another");
    assert_fails(mud_signer_make(p.home, MUD_STR(""), false, &err),
                 &err,
                 MUD_EUSAGE,
                 "takes 1 to 64 bytes");
    /* It is stamped all the same: the statement, and later the signature. */
    assert_int_equal(chmod(key, 0644), 0);
    fails_with(&p, MUD_EDENIED, "chmod 600");
    assert_int_equal(state_of(&p).stamps, 1);
    assert_int_equal(
        mudtest_sh("ls '%s/far' | grep -c 'json.tsr'", p.home).code, 0);
    mudtest_write(key, MUD_STR("-----BEGIN NONSENSE-----\n"));
    assert_int_equal(chmod(key, 0600), 0);
    fails_with(&p, MUD_EINPUT, "not a private key");
    mudtest_sh("openssl genpkey -algorithm ed25519 -out '%s'", key);
    fails_with(&p, MUD_EINPUT, "is not that of the key");
    mudtest_sh("mv '%s/keys/ledger.pem' '%s/keys/away'", p.home, p.home);
    fails_with(&p, MUD_EMISSING, "certificate of the key");
    with_key(&p, true);
    assert_int_equal(vouch(&p, true).stamps, 1);
    assert_int_equal(
        mud_test_pg_int(p.pg, "SELECT count(*) FROM mud.anchor_voucher"), 3);
    set_up(&p, "stamp = ftp://tsa.example/\nstamp_ca = /x.pem\n");
    fails_with(&p, MUD_EDENIED, "stamp of [ledger]");
    set_up(&p, "stamp = http://tsa.example/\n");
    fails_with(&p, MUD_EINPUT, "no stamp_ca");
    set_up(&p, "key = ledger.key\n");
    fails_with(&p, MUD_EINPUT, "key of [ledger] is no absolute path");
    set_up(&p, "stamp = http://u:p@tsa.example/\nstamp_ca = /x.pem\n");
    fails_with(&p, MUD_EINPUT, "stamp of [ledger]");
    mud_tsa_stop(&tsa);
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vouch__neither_key_nor_authority_is_said),
        cmocka_unit_test(test_vouch__signs_and_stamps_and_copies),
        cmocka_unit_test(
            test_vouch__a_bad_answer_is_no_stamp_and_is_tried_again),
        cmocka_unit_test(test_vouch__an_authority_that_is_down),
        cmocka_unit_test(test_vouch__another_ca_is_not_believed),
        cmocka_unit_test(test_vouch__a_stamp_whose_certificate_ran_out),
        cmocka_unit_test(test_vouch__shows_what_was_changed),
        cmocka_unit_test(test_vouch__another_key_is_not_believed),
        cmocka_unit_test(test_vouch__keys_and_settings_that_are_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
