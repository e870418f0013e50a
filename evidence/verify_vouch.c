#include "evidence/vouch.h"

#include "base/conf.h"
#include "base/time.h"
#include "evidence/anchor_copy.h"
#include "evidence/signer.h"
#include "evidence/stamp.h"
#include "evidence/verify.h"

#include <stdio.h>

struct checking {
    struct mud_verify *verify;
    const struct mud_rows *rows; /* voucher_all: in the order of anchors */
    struct mud_vouch_conf conf;
    struct mud_arena *arena;
};

enum {
    NAME,
    KIND,
    BODY,
    STATEMENT
};

static struct mud_str body_of(const struct checking *c, size_t row)
{
    struct mud_str hex = mud_rows_get(c->rows, row, BODY);
    uint8_t *bytes = mud_arena_alloc(c->arena, hex.n / 2 + 1);

    return mud_unhex(hex, bytes, hex.n / 2)
               ? mud_str_of((const char *)bytes, hex.n / 2)
               : (struct mud_str){0};
}

static bool is_kind(const struct checking *c, size_t row, const char *kind)
{
    return mud_str_eqz(mud_rows_get(c->rows, row, KIND), kind);
}

/* The row of that kind of the same anchor: next to it. MUD_NPOS: none. */
static size_t beside(const struct checking *c, size_t row, const char *kind)
{
    size_t from = row < 2 ? 0 : row - 2;

    for (size_t i = from; i < mud_rows_count(c->rows) && i <= row + 2; i++)
        if (is_kind(c, i, kind) &&
            mud_str_eq(mud_rows_get(c->rows, i, STATEMENT),
                       mud_rows_get(c->rows, row, STATEMENT)))
            return i;
    return MUD_NPOS;
}

static bool stamp_holds(struct mud_stamp *stamp, const struct checking *c,
                        size_t row, struct mud_error *err)
{
    struct mud_str data = mud_rows_get(c->rows, row, STATEMENT);

    if (!*c->conf.stamp_ca)
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "it cannot be checked: mudlark.conf does not say by "
                        "which certificates ([ledger] stamp_ca; a copy is "
                        "beside the anchors)");
    if (is_kind(c, row, "p7s.tsr")) {
        size_t of = beside(c, row, "p7s");
        if (of == MUD_NPOS)
            return mud_fail(
                err, MUD_ECORRUPT, "the signature that it is of is missing");
        data = body_of(c, of);
    }
    return mud_stamp_check(
        stamp, body_of(c, row), data, NULL, c->conf.stamp_ca, err);
}

static void check_stamp(struct checking *c, size_t row, const char *name)
{
    struct mud_error e = {0};
    struct mud_anchor anchor;
    struct mud_stamp stamp = {.at = 0};
    char at[MUD_TIME_TEXT];

    if (!mud_anchor_read(&anchor, mud_rows_get(c->rows, row, STATEMENT), &e) ||
        !stamp_holds(&stamp, c, row, &e)) {
        mud_found(c->verify, MUD_BAD, "time stamp", name, "%s", e.text);
        return;
    }
    (void)mud_time_text(at, stamp.at, false);
    /* What was not yet cannot have been stamped. */
    if (strncmp(at, anchor.day, MUD_DAY_TEXT - 1) < 0)
        mud_found(c->verify,
                  MUD_BAD,
                  "time stamp",
                  name,
                  "made at %s, before the day of the anchor: one of the two "
                  "clocks is wrong",
                  at);
    else
        mud_found(c->verify,
                  MUD_GOOD,
                  "time stamp",
                  name,
                  "made at %s, number %s",
                  at,
                  stamp.serial);
}

static void check_signature(struct checking *c, size_t row, const char *name)
{
    struct mud_buf who = {0};
    struct mud_error e = {0}, ignored = {0};
    struct mud_stamp stamp = {.at = 0};
    size_t stamped = beside(c, row, "p7s.tsr");
    char text[MUD_TIME_TEXT];
    int64_t at;

    /* A stamp that holds says when it was there at the latest. */
    if (stamped != MUD_NPOS && !stamp_holds(&stamp, c, stamped, &ignored))
        stamp.at = 0;
    at = stamp.at;
    if (mud_signature_check(body_of(c, row),
                            mud_rows_get(c->rows, row, STATEMENT),
                            &c->conf,
                            &at,
                            &who,
                            &e))
        mud_found(c->verify,
                  MUD_GOOD,
                  "signature",
                  name,
                  "of %s, at %s by %s",
                  mud_buf_cstr(&who),
                  mud_time_text(text, at, false),
                  stamp.at ? "the time stamp" : "the signer's clock");
    else
        mud_found(c->verify, MUD_BAD, "signature", name, "%s", e.text);
    mud_buf_free(&who);
}

/* The copies of one in a folder; *lacks counts those that are not there. */
static void check_copy(struct checking *c, size_t row, const char *folder,
                       const char *name, size_t *lacks)
{
    struct mud_error e = {0};
    struct mud_str text;
    const char *path = mud_str_printf(c->arena, "%s/%s", folder, name).s;

    if (!mud_file_read(&text, path, (size_t)1 << 20, c->arena, &e)) {
        *lacks += 1;
        if (e.code != MUD_EMISSING)
            mud_found(
                c->verify, MUD_BAD, "copy of an anchor", path, "%s", e.text);
    } else if (!mud_str_eq(text, body_of(c, row))) {
        mud_found(c->verify,
                  MUD_BAD,
                  "copy of an anchor",
                  path,
                  "it is not what the database has");
    }
}

static void check_rows(struct checking *c, const char *own, const char *second)
{
    const char *const folders[] = {own, second};

    for (size_t i = 0; i < mud_rows_count(c->rows); i++) {
        const char *name =
            mud_str_cstr(mud_rows_get(c->rows, i, NAME), c->arena);

        c->verify->items++;
        if (mud_rows_null(c->rows, i, STATEMENT))
            mud_found(c->verify,
                      MUD_BAD,
                      "anchor",
                      name,
                      "the anchor that it is of is missing");
        else if (is_kind(c, i, "p7s"))
            check_signature(c, i, name);
        else
            check_stamp(c, i, name);
    }
    for (size_t f = 0; f < 2 && *folders[f]; f++) {
        size_t lacks = 0;

        for (size_t i = 0; i < mud_rows_count(c->rows); i++)
            check_copy(c,
                       i,
                       folders[f],
                       mud_str_cstr(mud_rows_get(c->rows, i, NAME), c->arena),
                       &lacks);
        if (lacks)
            mud_found(c->verify,
                      MUD_BAD,
                      "copies of anchors",
                      folders[f],
                      "%zu signatures and time stamps of %zu are missing: "
                      "mudlark ledger anchor writes them",
                      lacks,
                      mud_rows_count(c->rows));
    }
}

static bool check_lines(struct checking *c, struct mud_pg *pg,
                        struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("voucher_unmatched"), NULL, 0, err))
        return false;
    for (size_t i = 0; i < mud_rows_count(rows); i++)
        mud_found(c->verify,
                  MUD_BAD,
                  "anchor",
                  mud_str_cstr(mud_rows_get(rows, i, 0), c->arena),
                  "%s",
                  mud_rows_bool(rows, i, 1)
                      ? "the ledger says that it was made, and the database "
                        "does not have it (after a restore: mudlark ledger "
                        "anchor)"
                      : "the ledger has no line of it");
    mud_rows_free(rows);
    return true;
}

/* What is missing is said each time, not only when somebody asks. */
static bool check_missing(struct checking *c, struct mud_pg *pg,
                          const char *home, struct mud_error *err)
{
    struct mud_vouch_state s;

    if (!mud_vouch_state(&s, pg, home, err))
        return false;
    if (*s.unsigned_since)
        mud_found(c->verify,
                  MUD_NOTE,
                  "signatures",
                  "mud.anchor",
                  "%lld of %lld anchors are unsigned, since %s%s",
                  (long long)(s.anchors - s.signatures),
                  (long long)s.anchors,
                  s.unsigned_since,
                  s.has_key ? ""
                            : ": there is no key (mudlark ledger key new)");
    if (*s.unstamped_since)
        mud_found(c->verify,
                  MUD_NOTE,
                  "time stamps",
                  "mud.anchor",
                  "%lld of %lld anchors are unstamped, since %s%s%s",
                  (long long)(s.anchors - s.stamps),
                  (long long)s.anchors,
                  s.unstamped_since,
                  s.has_authority && !*s.reason ? "" : ": ",
                  !s.has_authority ? "there is no authority ([ledger] stamp)"
                                   : s.reason);
    return true;
}

bool mud_verify_vouchers(struct mud_verify *verify, const char *home,
                         struct mud_pg *pg, struct mud_error *err)
{
    struct checking c = {.verify = verify, .arena = mud_arena_new()};
    char own[MUD_ANCHOR_PATH], second[MUD_ANCHOR_PATH];
    struct mud_rows *rows = NULL;
    bool good = mud_vouch_conf(&c.conf, home, c.arena, err) &&
                mud_anchor_folder(own, home, err) &&
                mud_anchor_copy_folder(second, home, err) &&
                mud_pg_query(&rows, pg, mud_sql("voucher_all"), NULL, 0, err);

    if (good) {
        c.rows = rows;
        check_rows(&c, own, second);
        good = check_lines(&c, pg, err) && check_missing(&c, pg, home, err);
    }
    mud_rows_free(rows);
    mud_arena_free(c.arena);
    return good;
}
