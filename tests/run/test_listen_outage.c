/* A listener outlasts its database: who is in the room sees nothing of it. */
#include "run/collect_irc.h"
#include "tests/run/listening.h"
#include "tests/support/ircd.h"

#define ROOM "#market"
#define SAID "SELECT count(*) FROM mud.post WHERE extra->>'service' IS NULL"

static void becomes(const char *dsn, int64_t n, const char *sql)
{
    struct mud_pg *pg = mud_test_pg_open(dsn);
    int64_t until = mud_monotonic() + 15 * MUD_SECOND;

    while (mud_test_pg_int(pg, sql) != n && mud_monotonic() < until)
        poll(NULL, 0, 50);
    assert_int_equal(mud_test_pg_int(pg, sql), n);
    mud_pg_close(pg);
}

static void test_irc__stays_while_postgres_is_away(void **state)
{
    static const struct mud_str rooms[] = {{ROOM, sizeof ROOM - 1}};
    struct mud_ircd *ircd;
    struct mud_ircc *seller;
    struct kit kit;
    pid_t listener;

    (void)state;
    if (!mud_ircd_there()) {
        fprintf(stderr, "ngircd is not installed: scripts/deps test\n");
        fail();
    }
    ircd = mud_ircd_start(NULL);
    kit_open(&kit);
    kit_irc(&kit, mud_ircd_port(ircd), rooms, 1, false);
    seller = mud_ircc_new(mud_ircd_port(ircd), "seller", NULL);
    mud_ircc_say(seller, "JOIN " ROOM);
    mud_ircc_wait(seller, " 366 ");
    listener = listen_start(&kit);
    mud_ircc_wait(seller, ":reader!~reader@127.0.0.1 JOIN :" ROOM);
    mud_ircc_say(seller, "PRIVMSG " ROOM " :one");
    becomes(kit.dsn, 1, SAID);

    mud_test_pg_kill(SIGINT);
    mud_ircc_say(seller, "PRIVMSG " ROOM " :two");
    listen_until(&kit, ":two");
    poll(NULL, 0, 3000); /* it is to be sealed, and cannot be */
    mud_ircc_say(seller, "PRIVMSG " ROOM " :three");
    listen_until(&kit, ":three");
    mud_test_pg_restart();
    becomes(kit.dsn, 3, SAID);
    mud_ircc_say(seller, "PRIVMSG " ROOM " :four");
    becomes(kit.dsn, 4, SAID);
    assert_int_equal(mud_str_find(mud_ircc_heard(seller), MUD_STR(" QUIT")),
                     MUD_NPOS);
    assert_int_equal(listen_stop(listener), 0);
    mud_ircc_free(seller);
    mud_ircd_stop(ircd);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_irc__stays_while_postgres_is_away)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
