#include "evidence/facts.h"

/* Columns of capture_load.sql, in its order. */
enum {
    ID,
    KIND,
    SOURCE,
    PARENT,
    URL,
    LOCATION,
    REFERRER,
    ACCESS,
    SUPPLIER,
    STARTED,
    AT,
    SEALED,
    STATUS,
    HTTP,
    TYPE,
    CUT,
    SHA,
    SIZE,
    PEER,
    PROXY,
    DNS,
    TLS,
    CLOCK,
    WARC,
    OFFSET,
    LENGTH,
    INNER,
    WHOLE,
    REQ_OFFSET,
    REQ_LENGTH,
    SPAN_FILE,
    SPAN_OFFSET,
    SPAN_LENGTH,
    SPAN_SHA,
    RECORD,
    TOOL,
    BINARY,
    CONFIG,
    ACTOR,
    ACCOUNT,
    LEDGER,
    LINE, /* its ledger line, for those who ask for that, too */
    SM3,
    CIRCUMSTANCES
};

void mud_facts_of_row(struct mud_facts *out, const struct mud_rows *rows,
                      size_t row, struct mud_arena *arena)
{
    const struct {
        struct mud_str *to;
        size_t column;
    } texts[] = {
        {&out->c.url, URL},
        {&out->location, LOCATION},
        {&out->referrer, REFERRER},
        {&out->access_mode, ACCESS},
        {&out->c.supplier, SUPPLIER},
        {&out->http_version, HTTP},
        {&out->c.content_type, TYPE},
        {&out->cut, CUT},
        {&out->peer_ip, PEER},
        {&out->proxy, PROXY},
        {&out->dns, DNS},
        {&out->tls, TLS},
        {&out->clock, CLOCK},
        {&out->c.warc, WARC},
        {&out->span_file, SPAN_FILE},
        {&out->record_id, RECORD},
        {&out->tool, TOOL},
        {&out->actor, ACTOR},
        {&out->account, ACCOUNT},
        {&out->circumstances, CIRCUMSTANCES},
    };

    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i].to =
            mud_str_dup(mud_rows_get(rows, row, texts[i].column), arena);
    out->c.id = mud_rows_id(rows, row, ID);
    out->c.kind = (enum mud_capture_kind)mud_rows_int(rows, row, KIND);
    out->c.source = (int32_t)mud_rows_int(rows, row, SOURCE);
    if (!mud_rows_null(rows, row, PARENT))
        out->c.parent = mud_rows_id(rows, row, PARENT);
    out->started = mud_rows_time(rows, row, STARTED);
    out->c.at = mud_rows_time(rows, row, AT);
    out->sealed = mud_rows_time(rows, row, SEALED);
    out->c.status = (int)mud_rows_int(rows, row, STATUS);
    out->c.size = mud_rows_int(rows, row, SIZE);
    out->c.offset = mud_rows_int(rows, row, OFFSET);
    out->c.length = mud_rows_int(rows, row, LENGTH);
    out->c.inner = mud_rows_int(rows, row, INNER);
    out->c.whole = mud_rows_bool(rows, row, WHOLE);
    out->c.request_offset = mud_rows_int(rows, row, REQ_OFFSET);
    out->c.request_length = mud_rows_int(rows, row, REQ_LENGTH);
    out->span_offset = mud_rows_int(rows, row, SPAN_OFFSET);
    out->span_length = mud_rows_int(rows, row, SPAN_LENGTH);
    out->c.ledger_seq = mud_rows_int(rows, row, LEDGER);
    if (!mud_rows_bytes(rows, row, SHA, out->c.sha256, MUD_SHA256))
        memset(out->c.sha256, 0, MUD_SHA256);
    out->has_sm3 = mud_rows_bytes(rows, row, SM3, out->sm3, MUD_SHA256);
    out->has_span =
        mud_rows_bytes(rows, row, SPAN_SHA, out->span_sha256, MUD_SHA256);
    out->has_binary =
        mud_rows_bytes(rows, row, BINARY, out->binary, MUD_SHA256);
    out->has_config =
        mud_rows_bytes(rows, row, CONFIG, out->config, MUD_SHA256);
}
