#include "evidence/vouch.h"

#include "base/conf.h"
#include "base/json.h"
#include "base/time.h"
#include "evidence/anchor_copy.h"
#include "evidence/ledger.h"
#include "evidence/signer.h"
#include "evidence/stamp.h"
#include "fetch/stamp.h"

#include <stdio.h>

enum {
    STAMPS_MAX = 50,      /* a call */
    LEASE_SECONDS = 120,  /* that one process has the authority for itself */
    BACKOFF_SECONDS = 60, /* after the first failure; then doubled */
    BACKOFF_MAX = 6 * 3600
};

struct vouching {
    struct mud_pg *pg;
    const char *home;
    struct mud_str actor;
    bool now;
    struct mud_vouch_conf conf;
    char own[MUD_ANCHOR_PATH], second[MUD_ANCHOR_PATH];
    struct mud_vouched *out;
    struct mud_arena *arena;
};

/* One to be kept. */
struct voucher {
    const char *kind; /* "p7s", "p7s.tsr", "tsr" */
    int64_t at;
    struct mud_str body;
    struct mud_str authority; /* of a stamp */
};

static const char *name_of(char out[MUD_VOUCHER_NAME],
                           const struct mud_anchor *anchor, const char *kind)
{
    char name[MUD_ANCHOR_NAME];

    (void)snprintf(
        out, MUD_VOUCHER_NAME, "%s.%s", mud_anchor_name(name, anchor), kind);
    return out;
}

static bool insert(bool *added, struct vouching *v,
                   const struct mud_anchor *anchor, const char *name,
                   const struct voucher *voucher, struct mud_error *err)
{
    char lines[32], at[MUD_TIME_TEXT];
    char *hex = mud_arena_alloc(v->arena, 2 * voucher->body.n + 1);
    struct mud_rows *rows;

    (void)snprintf(lines, sizeof(lines), "%lld", (long long)anchor->lines);
    const struct mud_str args[] = {
        mud_str_z(name),
        mud_str_z(voucher->kind),
        mud_str_z(anchor->day),
        mud_str_z(lines),
        mud_str_z(anchor->whole ? "true" : "false"),
        mud_str_z(mud_time_text(at, voucher->at, true)),
        mud_str_z(
            mud_hex(hex, (const uint8_t *)voucher->body.s, voucher->body.n)),
    };
    if (!mud_pg_query(&rows, v->pg, mud_sql("voucher_insert"), args, 7, err))
        return false;
    *added = mud_rows_changed(rows) > 0;
    mud_rows_free(rows);
    return true;
}

/* Its line in the ledger, unless that is there: after a restore. */
static bool put_line(struct vouching *v, const char *name,
                     const struct voucher *voucher, struct mud_error *err)
{
    struct mud_buf detail = {0};
    struct mud_json json = {.buf = &detail};
    struct mud_ledger_entry entry = {
        .op = strcmp(voucher->kind, "p7s") == 0 ? "sign" : "stamp",
        .object = mud_str_z(name),
        .actor = v->actor};
    uint8_t digest[MUD_SHA256];
    char hex[MUD_HEX256];
    struct mud_rows *rows;
    bool there, good;

    mud_sha256_of(voucher->body, digest);
    const struct mud_str args[] = {mud_str_z(name),
                                   mud_str_z(mud_hex(hex, digest, MUD_SHA256))};
    if (!mud_pg_query(&rows, v->pg, mud_sql("voucher_lined"), args, 2, err))
        return false;
    there = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    if (there)
        return true;
    mud_json_object(&json); /* keys in order */
    if (voucher->authority.n)
        mud_json_kstr(&json, "authority", voucher->authority);
    mud_json_khex(&json, "sha256", digest, MUD_SHA256);
    mud_json_ktime(&json, "time", voucher->at);
    mud_json_object_end(&json);
    entry.detail = mud_buf_view(&detail);
    good = mud_ledger_append(v->pg, &entry, 1, err);
    mud_buf_free(&detail);
    return good;
}

/* In a transaction of its own; *added: nobody else was first. */
static bool keep(bool *added, struct vouching *v,
                 const struct mud_anchor *anchor, const struct voucher *voucher,
                 struct mud_error *err)
{
    char name[MUD_VOUCHER_NAME];

    (void)name_of(name, anchor, voucher->kind);
    if (!mud_pg_begin(v->pg, err))
        return false;
    if (!insert(added, v, anchor, name, voucher, err) ||
        (*added && !put_line(v, name, voucher, err)) ||
        !mud_pg_commit(v->pg, err)) {
        mud_pg_rollback(v->pg);
        return mud_fail_in(err, "%s", name);
    }
    return !*added || mud_ledger_mirror(v->pg, v->home, err);
}

/*
 * Is there one already in a folder, that holds? The database was restored from a
 * backup that is older, or somebody signed by hand. data: what it is of.
 */
static bool take(bool *taken, struct vouching *v,
                 const struct mud_anchor *anchor, const char *kind,
                 struct mud_str data, struct mud_error *err)
{
    const char *const folders[] = {v->own, v->second};
    char name[MUD_VOUCHER_NAME];

    *taken = false;
    for (size_t i = 0; !*taken && i < 2 && *folders[i]; i++) {
        struct voucher voucher = {.kind = kind};
        struct mud_error ignored = {0};
        struct mud_stamp stamp;
        bool holds;
        const char *path =
            mud_str_printf(
                v->arena, "%s/%s", folders[i], name_of(name, anchor, kind))
                .s;

        if (!mud_file_read(
                &voucher.body, path, MUD_STAMP_ANSWER, v->arena, &ignored))
            continue;
        if (strcmp(kind, "p7s") == 0) {
            holds = mud_signature_check(
                voucher.body, data, &v->conf, &voucher.at, NULL, &ignored);
        } else {
            holds = *v->conf.stamp_ca && mud_stamp_check(&stamp,
                                                         voucher.body,
                                                         data,
                                                         NULL,
                                                         v->conf.stamp_ca,
                                                         &ignored);
            voucher.at = holds ? stamp.at : 0;
        }
        if (holds && !keep(taken, v, anchor, &voucher, err))
            return false;
    }
    v->out->taken += *taken;
    return true;
}

static bool sign_one(struct vouching *v, struct mud_signer **signer,
                     struct mud_str statement, struct mud_error *err)
{
    struct voucher voucher = {.kind = "p7s"};
    struct mud_buf out = {0};
    struct mud_anchor anchor;
    bool added = false, good, taken;

    if (!mud_anchor_read(&anchor, statement, err) ||
        !take(&taken, v, &anchor, "p7s", statement, err))
        return false;
    if (taken || !*signer)
        return true;
    good = mud_signer_sign(&out, *signer, statement, err);
    voucher.body = mud_buf_view(&out);
    /* Never keep what would not be believed: another key, or one out of date. */
    good =
        good && mud_signature_check(
                    voucher.body, statement, &v->conf, &voucher.at, NULL, err);
    good = good && keep(&added, v, &anchor, &voucher, err);
    v->out->signatures += added;
    mud_buf_free(&out);
    return good;
}

static bool sign_all(struct vouching *v, struct mud_error *err)
{
    struct mud_signer *signer = NULL;
    struct mud_rows *rows;
    bool good;

    if (!mud_pg_query(&rows, v->pg, mud_sql("voucher_unsigned"), NULL, 0, err))
        return false;
    good = mud_rows_count(rows) == 0 || mud_signer_open(&signer, &v->conf, err);
    for (size_t i = 0; good && i < mud_rows_count(rows); i++)
        good = sign_one(v, &signer, mud_rows_get(rows, i, 0), err);
    mud_rows_free(rows);
    mud_signer_free(signer);
    return good;
}

static bool ask(struct voucher *voucher, struct mud_buf *answer,
                struct vouching *v, struct mud_str data, struct mud_error *err)
{
    const struct mud_stamp_way way = {.url = mud_str_z(v->conf.stamp),
                                      .proxy = mud_str_z(v->conf.stamp_proxy)};
    struct mud_stamp_ask *one = mud_stamp_ask_new(data);
    struct mud_buf query = {0};
    struct mud_stamp stamp;
    bool good;

    mud_stamp_ask_write(&query, one);
    good = mud_stamp_post(answer, &way, mud_buf_view(&query), err) &&
           mud_stamp_check(
               &stamp, mud_buf_view(answer), data, one, v->conf.stamp_ca, err);
    if (good) {
        voucher->at = stamp.at;
        voucher->body = mud_buf_view(answer);
        voucher->authority = way.url;
    }
    mud_buf_free(&query);
    mud_stamp_ask_free(one);
    return good;
}

/* How it went: failures in a row, when to ask again, why. */
static bool note(struct vouching *v, int64_t tries, int64_t next,
                 const char *reason, struct mud_error *err)
{
    char n[32], at[MUD_TIME_TEXT];

    (void)snprintf(n, sizeof(n), "%lld", (long long)tries);
    const struct mud_str args[] = {mud_str_z(n),
                                   mud_str_z(mud_time_text(at, next, true)),
                                   mud_str_z(reason)};
    return mud_pg_query(NULL, v->pg, mud_sql("voucher_asked"), args, 3, err);
}

static int64_t backoff(int64_t tries)
{
    int64_t seconds = BACKOFF_SECONDS;

    for (int64_t i = 0; i < tries && seconds < BACKOFF_MAX; i++)
        seconds *= 2;
    return (seconds < BACKOFF_MAX ? seconds : BACKOFF_MAX) * MUD_SECOND;
}

/* May this process ask? *tries: how often it failed before. */
static bool lease(bool *mine, int64_t *tries, struct vouching *v,
                  struct mud_error *err)
{
    char now[MUD_TIME_TEXT], till[MUD_TIME_TEXT];
    int64_t at = mud_now();
    struct mud_rows *rows;

    const struct mud_str args[] = {
        mud_str_z(mud_time_text(now, at, true)),
        mud_str_z(mud_time_text(till, at + LEASE_SECONDS * MUD_SECOND, true)),
        mud_str_z(v->now ? "true" : "false")};
    if (!mud_pg_query(&rows, v->pg, mud_sql("voucher_lease"), args, 3, err))
        return false;
    *mine = mud_rows_count(rows) > 0;
    *tries = *mine ? mud_rows_int(rows, 0, 0) : 0;
    mud_rows_free(rows);
    return true;
}

/* An anchor that waits for its stamp. */
struct waiting {
    struct mud_anchor anchor;
    const char *kind;
    struct mud_str data; /* what is to be stamped */
};

/* Those that wait and are in no folder; in the arena. */
static bool wait_list(struct waiting **out, size_t *n, struct vouching *v,
                      struct mud_error *err)
{
    struct mud_rows *rows;
    bool good = true, taken;

    *n = 0;
    if (!mud_pg_query(&rows, v->pg, mud_sql("voucher_unstamped"), NULL, 0, err))
        return false;
    *out = mud_arena_array(v->arena, mud_rows_count(rows) + 1, sizeof(**out));
    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        struct waiting *w = *out + *n;
        struct mud_str hex = mud_rows_get(rows, i, 1);
        uint8_t *bytes = mud_arena_alloc(v->arena, hex.n / 2 + 1);

        w->data = mud_str_dup(mud_rows_get(rows, i, 0), v->arena);
        w->kind = hex.n ? "p7s.tsr" : "tsr";
        good = mud_anchor_read(&w->anchor, w->data, err);
        if (good && hex.n) {
            good = mud_unhex(hex, bytes, hex.n / 2);
            w->data = mud_str_of((const char *)bytes, hex.n / 2);
        }
        good = good && take(&taken, v, &w->anchor, w->kind, w->data, err);
        *n += good && !taken;
    }
    mud_rows_free(rows);
    return good;
}

static bool stamp_some(struct vouching *v, const struct waiting *all, size_t n,
                       int64_t tries, struct mud_error *err)
{
    bool good = true, added = false;

    for (size_t i = 0; good && i < n && i < STAMPS_MAX; i++) {
        struct voucher voucher = {.kind = all[i].kind};
        struct mud_buf answer = {0};
        int64_t now;

        if (!ask(&voucher, &answer, v, all[i].data, &v->out->late)) {
            mud_buf_free(&answer);
            return note(v,
                        tries + 1,
                        mud_now() + backoff(tries),
                        v->out->late.text,
                        err);
        }
        tries = 0;
        now = mud_now() + (i + 1 < n ? LEASE_SECONDS * MUD_SECOND : 0);
        good = keep(&added, v, &all[i].anchor, &voucher, err) &&
               note(v, 0, now, "", err);
        v->out->stamps += good && added;
        mud_buf_free(&answer);
    }
    /* More than a call may ask for: they are next. */
    return good && (n <= STAMPS_MAX || note(v, 0, mud_now(), "", err));
}

static bool stamp_all(struct vouching *v, struct mud_error *err)
{
    struct waiting *all;
    int64_t tries;
    size_t n;
    bool mine;

    if (!wait_list(&all, &n, v, err))
        return false;
    if (!n || !*v->conf.stamp)
        return true;
    return lease(&mine, &tries, v, err) &&
           (!mine || stamp_some(v, all, n, tries, err));
}

bool mud_anchor_vouch(struct mud_vouched *out, struct mud_pg *pg,
                      const char *home, struct mud_str actor, bool now,
                      struct mud_error *err)
{
    struct vouching v = {.pg = pg,
                         .home = home,
                         .actor = actor,
                         .now = now,
                         .out = out,
                         .arena = mud_arena_new()};
    struct mud_error sign = {0}, stamp = {0};
    bool good;

    *out = (struct mud_vouched){.signatures = 0};
    good = mud_vouch_conf(&v.conf, home, v.arena, err) &&
           mud_anchor_folder(v.own, home, err) &&
           mud_anchor_copy_folder(v.second, home, err);
    if (good) {
        /* A key that cannot be read must not keep anchors from being stamped. */
        bool signed_all = sign_all(&v, &sign);
        bool stamped = stamp_all(&v, &stamp);
        bool copied = mud_vouch_copy(pg, home, &v.conf, err);

        if (copied && !signed_all)
            good = mud_fail(err, sign.code, "%s", sign.text);
        else if (copied && !stamped)
            good = mud_fail(err, stamp.code, "%s", stamp.text);
        else
            good = copied;
    }
    mud_arena_free(v.arena);
    return good;
}
