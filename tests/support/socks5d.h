/*
 * A SOCKS5 proxy (RFC 1928, log-in RFC 1929) on loopback for tests. It leads
 * all that is asked for to one port of loopback, and records what it was asked
 * and by whom.
 */
#ifndef MUD_TESTS_SUPPORT_SOCKS5D_H
#define MUD_TESTS_SUPPORT_SOCKS5D_H

#include "base/str.h"

struct mud_socks5d;

struct mud_socks5d_ask {
    char host[256]; /* the name, or the address in text */
    bool name;      /* resolved by nobody before it came here */
    unsigned port;
    char user[256], password[256]; /* empty: no log-in was offered */
};

/* Aborts the test program when there is no port to be had. */
struct mud_socks5d *mud_socks5d_start(unsigned target);
void mud_socks5d_stop(struct mud_socks5d *socks); /* NULL is fine */
unsigned mud_socks5d_port(const struct mud_socks5d *socks);

/* How many connections were asked for, and one of them, from 0. */
size_t mud_socks5d_asked(struct mud_socks5d *socks);
struct mud_socks5d_ask mud_socks5d_ask(struct mud_socks5d *socks, size_t i);
void mud_socks5d_forget(struct mud_socks5d *socks);

/* Only who gives these may pass; "": anybody again. */
void mud_socks5d_login(struct mud_socks5d *socks, const char *user,
                       const char *password);
/* Answer with this reply (1 to 8, RFC 1928 6) instead of leading on; 0: lead. */
void mud_socks5d_refuse(struct mud_socks5d *socks, unsigned reply);
/* Break each connection once so many bytes came back by it; 0: never. */
void mud_socks5d_break_after(struct mud_socks5d *socks, size_t bytes);

#endif
