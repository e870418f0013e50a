#include "cli/original.h"

#include "base/json.h"
#include "desk/approval.h"
#include "evidence/ledger.h"
#include "evidence/show.h"

#include <stdio.h>

static bool put(void *payload, const void *bytes, size_t n,
                struct mud_error *err)
{
    (void)payload;
    return fwrite(bytes, 1, n, stdout) == n ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

static const char *what(const struct mud_original *o)
{
    return o->records ? "records" : "payload";
}

/* What the second person is shown; and what the ledger keeps, when it is known
 * who that was. */
static struct mud_str detail(const struct mud_original *o,
                             const struct mud_approval *approval)
{
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};

    mud_json_object(&json);
    if (approval) {
        mud_json_kstr(&json, "approved_by", approval->decided_by);
        mud_json_kint(&json, "request", approval->id);
    }
    mud_json_kz(&json, "part", what(o));
    mud_json_kstr(&json, "reason", o->reason);
    mud_json_khex(&json, "sha256", o->facts->c.sha256, MUD_SHA256);
    mud_json_kstr(&json, "url", o->facts->c.url);
    mud_json_object_end(&json);
    struct mud_str kept = mud_str_dup(mud_buf_view(&text), o->session->arena);
    mud_buf_free(&text);
    return kept;
}

/* An approval is for this capture's bytes, for that part of them, and for the
 * reason that the second person was told. */
static bool approved(int64_t *request, const struct mud_original *o,
                     struct mud_error *err)
{
    char id[MUD_ID_TEXT], hex[MUD_HEX256];
    uint8_t digest[MUD_SHA256];
    struct mud_str reason = mud_str_trim(o->reason);
    struct mud_str bound =
        mud_str_printf(o->session->arena,
                       "original %s %s %s %.*s",
                       mud_id_text(id, o->facts->c.id),
                       mud_hex(hex, o->facts->c.sha256, MUD_SHA256),
                       what(o),
                       MUD_FMT(reason));

    if (!reason.n)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "the original of a capture takes a reason and a second "
                        "person: ask with mudlark show %s --raw%s --reason "
                        "'WHY'",
                        id,
                        o->records ? " --records" : "");
    mud_sha256_of(bound, digest);
    const struct mud_approval_ask ask = {.action = "original",
                                         .kind = "capture",
                                         .object = mud_str_z(id),
                                         .digest = digest,
                                         .detail = detail(o, NULL),
                                         .reason = reason,
                                         .who = mud_str_z(o->session->who)};
    return mud_approval_require(request, o->session->pg, &ask, err);
}

/* The ledger's line, which the pipeline's role writes. */
static bool note(const struct mud_original *o, int64_t request,
                 struct mud_error *err)
{
    const struct mud_approval_query query = {.id = request, .max = 1};
    char id[MUD_ID_TEXT];
    struct mud_approval approval;
    struct mud_rows *rows;
    struct mud_pg *pg;
    struct mud_ledger_entry entry = {
        .op = "view",
        .object = mud_str_z(mud_id_text(id, o->facts->c.id)),
        .actor = mud_str_z(o->session->who)};

    if (!mud_approval_list(&rows, o->session->pg, &query, err))
        return false;
    approval = mud_approval_row(rows, 0);
    entry.detail = detail(o, &approval);
    mud_rows_free(rows);
    if (!mud_session_pipeline(&pg, o->session, err))
        return false;
    bool good = mud_ledger_note(pg, o->session->home, &entry, err);
    mud_pg_close(pg);
    return good;
}

/* Asked for, approved, and in the ledger before the first byte is out. */
static bool may(const struct mud_original *o, struct mud_error *err)
{
    int64_t request = 0;

    return approved(&request, o, err) && note(o, request, err);
}

static bool put_payload(const struct mud_original *o, struct mud_error *err)
{
    struct mud_capture_stream *stream;
    char piece[65536];
    size_t n = 0;

    if (!mud_capture_stream_open(&stream, o->vault, &o->facts->c, err))
        return false;
    bool good = mud_capture_stream_read(stream, piece, sizeof piece, &n, err) &&
                may(o, err);
    while (good && n)
        good = put(NULL, piece, n, err) &&
               mud_capture_stream_read(stream, piece, sizeof piece, &n, err);
    mud_capture_stream_close(stream);
    return good;
}

bool mud_original_put(const struct mud_original *o, struct mud_error *err)
{
    bool good =
        o->records ? may(o, err) &&
                         mud_capture_records(o->vault, o->facts, put, NULL, err)
                   : put_payload(o, err);

    return good &&
           (fflush(stdout) == 0 ||
            mud_fail(err, MUD_EIO, "standard output could not be written"));
}
