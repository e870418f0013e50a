/* A vault and its database for tests of evidence/. */
#ifndef MUD_TESTS_EVIDENCE_PLACE_H
#define MUD_TESTS_EVIDENCE_PLACE_H

#include "make.h"

#include "../support/pg.h"

#include "evidence/vault.h"

/* A home, a database with one source, and a vault. */
struct place {
    const char *home, *dsn;
    struct mud_pg *pg;
    struct mud_vault *vault;
    struct mud_arena *arena;
};

static inline struct place place_new(void)
{
    struct place p = {.home = mudtest_dir(), .dsn = mud_test_pg()};
    struct mud_error err = {0};

    p.pg = mud_test_pg_open(p.dsn);
    mud_test_pg_exec(p.pg,
                     "INSERT INTO mud.source (source_id, name, kind, "
                     "legal_basis, scope, expires_at, created_by) VALUES "
                     "(1, 'a', 'forum', 'test', '{}', '2099-01-01', 't'),"
                     "(2, 'b', 'forum', 'test', '{}', '2099-01-01', 't')");
    p.arena = mud_arena_new();
    assert_ok(mud_vault_open(&p.vault, p.home, &err), &err);
    return p;
}

/* The same where the bytes in the vault are looked at as they are. */
static inline struct place place_plain(void)
{
    struct place p = place_new();

    p.vault->plain = true;
    return p;
}

static inline void place_free(struct place *p)
{
    mud_vault_close(p->vault);
    mud_pg_close(p->pg);
    mud_arena_free(p->arena);
}

/* Vault and ledger hold; returns the number of captures. */
static inline int64_t all_good(struct place *p)
{
    struct found found = {0};
    struct mud_verify v = {.finding = found_add, .payload = &found};
    struct mud_error err = {0};
    int64_t captures;

    assert_ok(mud_verify_vault(&v, p->vault, p->pg, &err), &err);
    captures = v.items;
    assert_ok(mud_verify_ledger(&v, p->home, p->pg, &err), &err);
    if (v.bad)
        fail_msg("%s", mud_buf_cstr(&found.text));
    mud_buf_free(&found.text);
    return captures;
}

static inline void close_vault(struct place *p)
{
    mud_vault_close(p->vault);
    p->vault = NULL;
}

static inline void open_vault(struct place *p)
{
    struct mud_error err = {0};

    assert_ok(mud_vault_open(&p->vault, p->home, &err), &err);
}

static inline struct mud_recovered recover(struct place *p)
{
    struct mud_recovered r;
    struct mud_error err = {0};

    open_vault(p);
    assert_ok(mud_vault_recover(&r, p->vault, p->pg, &err), &err);
    return r;
}

static inline struct mud_capture seal(struct place *p, int number)
{
    struct mud_exchange x = make_exchange(p->arena, number, 400);
    struct mud_error err = {0};
    struct mud_capture c;

    assert_ok(mud_seal_exchange(&c, p->vault, p->pg, 1, &x, p->arena, &err),
              &err);
    return c;
}

static inline const char *file_of(const struct place *p,
                                  const struct mud_capture *c)
{
    return mudtest_text("%s/vault/%.*s", p->home, MUD_FMT(c->warc));
}

#endif
