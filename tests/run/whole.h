/* The sample forum after whatever happened: every post, none twice, nothing left
 * to do, and evidence that verifies. */
#ifndef MUD_TESTS_RUN_WHOLE_H
#define MUD_TESTS_RUN_WHOLE_H

#include "evidence/verify.h"
#include "tests/run/runtest.h"

#define POSTS 56 /* of samples/forum */

static inline void finding(const struct mud_finding *found, void *payload)
{
    (void)payload;
    if (found->verdict == MUD_BAD)
        print_message("%s: %s: %s\n", found->where, found->what, found->text);
}

static inline void assert_verifies(struct kit *kit)
{
    struct mud_verify verify = {.finding = finding};

    assert_ok(
        mud_verify_vault(&verify, kit->worker.vault, kit->pg, &kit->err) &&
            mud_verify_ledger(&verify, kit->home, kit->pg, &kit->err),
        &kit->err);
    assert_int_equal(verify.bad, 0);
}

static inline void assert_all_there(struct kit *kit)
{
    assert_int_equal(kit_count(kit, "mud.post"), POSTS);
    assert_int_equal(
        kit_count(kit, "(SELECT DISTINCT post_id FROM mud.post) p"), POSTS);
    assert_int_equal(kit_count(kit, "mud.gone"), 0);
    assert_int_equal(kit_count(kit, "mud.job"), 0);
    assert_verifies(kit);
}

#endif
