#include "run/witness.h"

#include "evidence/ledger.h"
#include "evidence/show.h"
#include "fetch/http.h"
#include "run/proxy.h"

static bool source_of(struct mud_source *out, struct mud_worker *worker,
                      int32_t id, struct mud_arena *arena,
                      struct mud_error *err)
{
    struct mud_source *all;
    size_t n;

    if (!mud_source_list(&all, &n, worker->pg, arena, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (all[i].id == id) {
            *out = all[i];
            return true;
        }
    }
    return mud_fail(err, MUD_EMISSING, "the capture's source is gone");
}

static bool may_fetch(const struct mud_source *source, struct mud_error *err)
{
    int64_t now = mud_now();

    if (!mud_source_allowed(source, now, err))
        return false;
    return mud_source_opens(source, now) <= now ||
           mud_fail(err,
                    MUD_EDENIED,
                    "source %.*s is not fetched at this hour",
                    MUD_FMT(source->name));
}

/* The exchanges of one visit, under the source's limits. */
static bool fetch(const struct mud_exchange **hops, size_t *n,
                  struct mud_worker *worker, const struct mud_source *source,
                  struct mud_str url, struct mud_str proxy,
                  struct mud_arena *arena, struct mud_error *err)
{
    struct mud_secret *secret = NULL;
    struct mud_policy policy;
    int64_t spent;
    bool good = may_fetch(source, err) &&
                mud_source_spent(&spent, worker->pg, source, err);

    if (!good)
        return false;
    policy = mud_source_policy(source, spent);
    if (proxy.n)
        policy.proxy = proxy;
    else
        good = mud_proxy_login(&policy, &secret, worker->home, source, err);
    good = good && mud_fetch_one(hops, n, &policy, url, arena, err);
    mud_secret_free(secret);
    return good;
}

static bool note(struct mud_worker *worker, struct mud_id first,
                 struct mud_id second, struct mud_error *err)
{
    char a[MUD_ID_TEXT], b[MUD_ID_TEXT], at[MUD_TIME_TEXT];
    struct mud_buf detail = {0};
    struct mud_json json = {.buf = &detail};
    struct mud_ledger_entry entry = {.op = "witness",
                                     .object = mud_str_z(mud_id_text(a, first)),
                                     .actor = mud_str_z(worker->who)};
    const struct mud_str args[] = {
        entry.object,
        mud_str_z(mud_id_text(b, second)),
        mud_str_z(mud_time_text(at, mud_now(), true)),
        entry.actor};
    struct mud_rows *rows;
    bool good, added;

    if (!mud_pg_begin(worker->pg, err))
        return false;
    good =
        mud_pg_query(&rows, worker->pg, mud_sql("witness_add"), args, 4, err);
    added = good && mud_rows_changed(rows) > 0;
    if (good)
        mud_rows_free(rows);
    mud_json_object(&json);
    mud_json_kz(&json, "witness", b);
    mud_json_object_end(&json);
    entry.detail = mud_buf_view(&detail);
    good = good && (!added || mud_ledger_append(worker->pg, &entry, 1, err)) &&
           mud_pg_commit(worker->pg, err);
    mud_buf_free(&detail);
    if (!good) {
        mud_pg_rollback(worker->pg);
        return false;
    }
    return mud_ledger_mirror(worker->pg, worker->home, err);
}

bool mud_witness_take(struct mud_id *second, struct mud_worker *worker,
                      struct mud_id first, struct mud_str proxy,
                      struct mud_arena *arena, struct mud_error *err)
{
    const struct mud_exchange *hops = NULL;
    struct mud_seal_item *items;
    struct mud_capture *sealed;
    struct mud_source source = {.id = 0};
    struct mud_facts f;
    size_t n = 0, which;

    if (!mud_facts_load(&f, worker->pg, first, arena, err))
        return false;
    if (f.c.kind != MUD_CAPTURE_PAGE)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%.*s was handed over: only a page that was fetched "
                        "can be captured again",
                        MUD_FMT(f.c.url));
    if (!source_of(&source, worker, f.c.source, arena, err) ||
        !fetch(&hops, &n, worker, &source, f.c.url, proxy, arena, err))
        return false;
    items = mud_arena_array(arena, n, sizeof(*items));
    sealed = mud_arena_array(arena, n, sizeof(*sealed));
    which = n - 1;
    for (size_t i = 0; i < n; i++) {
        items[i] =
            (struct mud_seal_item){.source = source.id, .exchange = &hops[i]};
        if (mud_str_eq(hops[i].url, f.c.url))
            which = i; /* the first one may itself be a redirect */
    }
    if (!mud_seal_items(
            sealed, worker->vault, worker->pg, items, n, arena, err))
        return false;
    *second = sealed[which].id;
    return note(worker, first, *second, err);
}

bool mud_witness_note(struct mud_worker *worker, struct mud_id first,
                      struct mud_id second, struct mud_arena *arena,
                      struct mud_error *err)
{
    struct mud_facts a, b;

    if (!mud_facts_load(&a, worker->pg, first, arena, err) ||
        !mud_facts_load(&b, worker->pg, second, arena, err))
        return false;
    if (mud_id_eq(first, second))
        return mud_fail(err, MUD_EUSAGE, "a capture is no witness of itself");
    if (!mud_str_eq(a.c.url, b.c.url))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "they are of two addresses: %.*s and %.*s",
                        MUD_FMT(mud_str_sub(a.c.url, 0, 200)),
                        MUD_FMT(mud_str_sub(b.c.url, 0, 200)));
    return note(worker, first, second, err);
}
