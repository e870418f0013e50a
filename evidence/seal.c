#include "evidence/vault.h"

#include "base/log.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const cuts[] = {
    [MUD_CUT_NONE] = "",
    [MUD_CUT_BYTES] = "length",
    [MUD_CUT_TIME] = "time",
    [MUD_CUT_DISCONNECT] = "disconnect",
};

/* The bytes first: nothing has read the body before its digest is taken. */
static void facts_of(struct mud_facts *f, const struct mud_vault *vault,
                     const struct mud_seal_item *item, struct mud_arena *arena)
{
    const struct mud_exchange *x = item->exchange;
    char at[32], hex[MUD_HEX256];
    struct mud_str parts[3];

    memset(f, 0, sizeof(*f));
    mud_sha256_of(x->body, f->c.sha256);
    mud_sm3_of(x->body, f->sm3);
    f->has_sm3 = true;
    f->c.kind = MUD_CAPTURE_PAGE;
    f->c.source = item->source;
    f->c.url = mud_utf8_clean(x->url, arena, NULL);
    f->c.content_type =
        mud_utf8_clean(mud_exchange_header(x, "Content-Type"), arena, NULL);
    f->c.status = x->status;
    f->c.at = x->ended ? x->ended : mud_now();
    f->c.size = (int64_t)x->body.n;
    snprintf(at, sizeof(at), "%lld", (long long)f->c.at);
    parts[0] = f->c.url;
    parts[1] = mud_str_z(at);
    parts[2] = mud_str_z(mud_hex(hex, f->c.sha256, MUD_SHA256));
    f->c.id = mud_id_of_parts("capture", parts, 3);
    f->started = x->started ? x->started : f->c.at;
    f->location = mud_utf8_clean(x->location, arena, NULL);
    f->referrer = mud_utf8_clean(x->referrer, arena, NULL);
    f->http_version = mud_utf8_clean(
        mud_str_of(x->http_version, strnlen(x->http_version, 8)), arena, NULL);
    f->cut = mud_str_z(cuts[x->cut]);
    f->peer_ip = mud_utf8_clean(x->peer_ip, arena, NULL);
    f->local_ip = mud_utf8_clean(x->local_ip, arena, NULL);
    f->proxy = mud_utf8_clean(x->proxy, arena, NULL);
    f->dns = mud_facts_json(x->dns);
    f->tls = mud_facts_json(x->tls);
    f->account = mud_utf8_clean(item->account, arena, NULL);
    if (f->account.n)
        f->access_mode = MUD_STR("member_account");
    mud_vault_stamp(f, vault, arena);
}

/* Add one record behind what buf holds. */
static bool record(struct mud_vault *vault, struct mud_facts *f,
                   struct mud_warc_head *head, struct mud_str first,
                   struct mud_str second, struct mud_error *err)
{
    char id[MUD_ID_TEXT];
    struct mud_str parts[2];

    parts[0] = mud_str_z(mud_id_text(id, f->c.id));
    parts[1] = mud_str_z(head->type == MUD_WARC_REQUEST    ? "request"
                         : head->type == MUD_WARC_METADATA ? "metadata"
                                                           : "response");
    head->id = mud_id_of_parts("warc-record", parts, 2);
    head->at = f->started;
    head->uri = f->c.url;
    head->ip =
        head->type == MUD_WARC_METADATA ? (struct mud_str){0} : f->peer_ip;
    head->warcinfo = vault->warcinfo;
    mud_buf_clear(&vault->member);
    if (!mud_warc_member(
            &vault->member, vault->deflater, head, first, second, err))
        return false;
    mud_span_add(vault, &vault->buf, mud_buf_view(&vault->member), true);
    return !vault->buf.over ||
           mud_fail(err, MUD_ELIMIT, "a WARC record is too long");
}

bool mud_seal_metadata(struct mud_vault *vault, struct mud_facts *f,
                       struct mud_id of, struct mud_error *err)
{
    struct mud_warc_head head = {.type = MUD_WARC_METADATA,
                                 .concurrent_to = of,
                                 .content_type = "application/json"};
    struct mud_buf block = {0};
    bool ok;

    mud_facts_metadata(&block, f);
    ok = !block.over || mud_fail(err, MUD_ELIMIT, "metadata above 256 MiB");
    ok =
        ok &&
        record(vault, f, &head, mud_buf_view(&block), (struct mud_str){0}, err);
    mud_buf_free(&block);
    return ok;
}

struct mud_id mud_seal_record_id(const struct mud_facts *f)
{
    char id[MUD_ID_TEXT];
    struct mud_str parts[2] = {mud_str_z(mud_id_text(id, f->c.id)),
                               MUD_STR("response")};

    return mud_id_of_parts("warc-record", parts, 2);
}

/* What was spoken, as the registry of the IIPC names it. */
static void protocols(struct mud_str out[2], const struct mud_exchange *x,
                      struct mud_arena *arena)
{
    struct mud_str key = MUD_STR("\"version\":\"TLSv");
    size_t at = mud_str_find(x->tls, key);

    if (strcmp(x->http_version, "2") == 0)
        out[0] = MUD_STR("h2");
    else if (x->http_version[0])
        out[0] = mud_str_printf(arena, "http/%.7s", x->http_version);
    if (at == MUD_NPOS)
        return;
    struct mud_str number = mud_str_sub(x->tls, at + key.n, x->tls.n);
    number = mud_str_sub(number, 0, mud_str_chr(number, '"'));
    out[1] = mud_str_printf(arena, "tls/%.*s", MUD_FMT(number));
}

/* All records of an exchange into buf, offsets as in the file at `at`. */
static bool records(struct mud_vault *vault, struct mud_facts *f,
                    const struct mud_exchange *x, int64_t at,
                    struct mud_arena *arena, struct mud_error *err)
{
    struct mud_id response = mud_seal_record_id(f);
    char id[MUD_WARC_ID_TEXT];
    struct mud_warc_head request = {
        .type = MUD_WARC_REQUEST,
        .concurrent_to = response,
        .content_type = "application/http; msgtype=request",
    };
    struct mud_warc_head head = {
        .type = MUD_WARC_RESPONSE,
        .content_type = "application/http; msgtype=response",
        .truncated = f->cut.n ? cuts[x->cut] : NULL,
        .payload_sha256 = f->c.sha256,
    };

    protocols(head.protocols, x, arena);
    request.protocols[0] = head.protocols[0];
    request.protocols[1] = head.protocols[1];
    mud_buf_clear(&vault->buf);
    f->c.request_offset = at;
    if (x->request_head.n &&
        !record(vault, f, &request, x->request_head, x->request_body, err))
        return false;
    f->c.request_length = (int64_t)vault->buf.n;
    f->c.offset = at + f->c.request_length;
    if (!record(vault, f, &head, x->response_head, x->body, err))
        return false;
    f->c.length = at + (int64_t)vault->buf.n - f->c.offset;
    f->record_id =
        mud_str_dup(mud_str_z(mud_warc_id_text(id, response)), arena);
    if (!mud_seal_metadata(vault, f, response, err))
        return false;
    f->c.warc = f->span_file = mud_str_dup(mud_str_z(vault->name), arena);
    f->span_offset = at;
    f->span_length = (int64_t)vault->buf.n;
    f->has_span = true;
    mud_sha256_of(mud_buf_view(&vault->buf), f->span_sha256);
    mud_span_end(vault, f);
    return true;
}

bool mud_seal_finish(struct mud_facts *facts, size_t n, struct mud_vault *vault,
                     struct mud_commit *commit, struct mud_pg *pg,
                     struct mud_error *err)
{
    struct mud_error late = {0};
    bool unsure = false;

    commit->op = "capture";
    commit->name = vault->name;
    commit->from = vault->end;
    if (!mud_vault_sync(vault, err)) {
        mud_vault_undo(vault);
        return false;
    }
    if (!mud_commit(facts, n, &unsure, commit, pg, err)) {
        if (unsure)
            vault->unsure = commit->to;
        else
            mud_vault_undo(vault);
        return false;
    }
    vault->end = commit->to;
    /* Sealed it is; the copy of the ledger is brought up at the next chance. */
    if (!mud_ledger_mirror(pg, vault->home, &late))
        mud_log(MUD_LOG_ERROR, "ledger", "%s", late.text);
    return true;
}

/* Write what is new, seal it. */
static bool seal_fresh(struct mud_facts *facts,
                       const struct mud_exchange *const *exchanges, size_t n,
                       const struct mud_seal *seal, struct mud_error *err)
{
    struct mud_vault *vault = seal->vault;
    struct mud_commit commit = {.to = vault->end};

    for (size_t i = 0; i < n; i++) {
        if (!mud_span_begin(vault, seal->pg, facts[i].c.source, err) ||
            !records(
                vault, &facts[i], exchanges[i], commit.to, seal->arena, err) ||
            !mud_vault_write(
                vault, commit.to, vault->buf.s, vault->buf.n, err)) {
            mud_vault_undo(vault);
            return mud_fail_in(err, "seal %.*s", MUD_FMT(exchanges[i]->url));
        }
        commit.to += (int64_t)vault->buf.n;
    }
    return mud_seal_finish(facts, n, vault, &commit, seal->pg, err);
}

/* Those of the ids that are sealed already get their number of columns. */
static bool known(struct mud_capture *out, bool *is_known,
                  const struct mud_facts *facts, size_t n,
                  const struct mud_seal *seal, struct mud_error *err)
{
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};
    struct mud_rows *rows;
    struct mud_str arg;
    bool ok;

    mud_json_array(&json);
    for (size_t i = 0; i < n; i++) {
        char id[MUD_ID_TEXT];

        mud_json_str(&json, mud_str_z(mud_id_text(id, facts[i].c.id)));
    }
    mud_json_array_end(&json);
    arg = mud_buf_view(&text);
    ok = mud_pg_query(&rows, seal->pg, mud_sql("capture_known"), &arg, 1, err);
    mud_buf_free(&text);
    if (!ok)
        return false;
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++) {
        struct mud_id id = mud_rows_id(rows, r, 0);

        for (size_t i = 0; ok && i < n; i++) {
            if (is_known[i] || !mud_id_eq(facts[i].c.id, id))
                continue;
            is_known[i] = true;
            ok = mud_capture_load(&out[i], seal->pg, id, seal->arena, err);
        }
    }
    mud_rows_free(rows);
    return ok;
}

bool mud_seal_check(const struct mud_exchange *x, struct mud_error *err)
{
    if (!x->status || !x->response_head.n)
        return mud_fail(err,
                        MUD_EINPUT,
                        "seal %.*s: there was no response",
                        MUD_FMT(x->url));
    if (x->response_head.n > MUD_HTTP_HEAD ||
        x->request_head.n + x->request_body.n > MUD_HTTP_HEAD)
        return mud_fail(err,
                        MUD_ELIMIT,
                        "seal %.*s: a head or request above 512 KiB",
                        MUD_FMT(x->url));
    /* What a reader takes for the head must be it. */
    if (x->body.n &&
        mud_http_head_end(x->response_head, 0) != x->response_head.n)
        return mud_fail(err,
                        MUD_EINPUT,
                        "seal %.*s: its head does not end in an empty line",
                        MUD_FMT(x->url));
    return true;
}

/* The same exchange twice in one call is one capture. */
static bool twice(const struct mud_facts *facts, size_t i, size_t *first)
{
    for (*first = 0; *first < i; ++*first)
        if (mud_id_eq(facts[*first].c.id, facts[i].c.id))
            return true;
    return false;
}

bool mud_seal_items(struct mud_capture *out, struct mud_vault *vault,
                    struct mud_pg *pg, const struct mud_seal_item *items,
                    size_t n, struct mud_arena *arena, struct mud_error *err)
{
    struct mud_facts *facts = mud_arena_array(arena, n, sizeof(*facts));
    const struct mud_exchange **fresh =
        mud_arena_array(arena, n, sizeof(void *));
    struct mud_facts *todo = mud_arena_array(arena, n, sizeof(*todo));
    bool *is_known = mud_arena_array(arena, n, sizeof(*is_known));
    struct mud_seal seal = {vault, pg, arena};
    size_t m = 0, first;

    for (size_t i = 0; i < n; i++)
        if (!mud_seal_check(items[i].exchange, err))
            return false;
    if (n == 0)
        return true;
    if (!mud_vault_ready(vault, pg, err))
        return false;
    for (size_t i = 0; i < n; i++)
        facts_of(&facts[i], vault, &items[i], arena);
    if (!known(out, is_known, facts, n, &seal, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (is_known[i] || twice(facts, i, &first))
            continue;
        todo[m] = facts[i];
        fresh[m++] = items[i].exchange;
    }
    if (m && !seal_fresh(todo, fresh, m, &seal, err))
        return false;
    for (size_t i = 0, k = 0; i < n; i++) {
        if (is_known[i])
            continue;
        if (twice(facts, i, &first))
            out[i] = out[first];
        else
            out[i] = todo[k++].c;
    }
    return true;
}

/* NOLINTNEXTLINE(readability-function-size): the contract of the header */
bool mud_seal_exchanges(struct mud_capture *out, struct mud_vault *vault,
                        struct mud_pg *pg, int32_t source,
                        const struct mud_exchange *const *exchanges, size_t n,
                        struct mud_arena *arena, struct mud_error *err)
{
    struct mud_seal_item *items = mud_arena_array(arena, n, sizeof *items);

    for (size_t i = 0; i < n; i++)
        items[i] =
            (struct mud_seal_item){.source = source, .exchange = exchanges[i]};
    return mud_seal_items(out, vault, pg, items, n, arena, err);
}

/* NOLINTNEXTLINE(readability-function-size): the contract of the header */
bool mud_seal_exchange(struct mud_capture *out, struct mud_vault *vault,
                       struct mud_pg *pg, int32_t source,
                       const struct mud_exchange *exchange,
                       struct mud_arena *arena, struct mud_error *err)
{
    return mud_seal_exchanges(out, vault, pg, source, &exchange, 1, arena, err);
}
