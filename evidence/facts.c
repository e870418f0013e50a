#include "evidence/facts.h"

#include "base/time.h"
#include "base/utf8.h"

#include <stdlib.h>

static const char *const kinds[] = {
    [MUD_CAPTURE_PAGE] = "page",
    [MUD_CAPTURE_FILE] = "file",
    [MUD_CAPTURE_RECORD] = "record",
};

const char *mud_capture_kind_name(enum mud_capture_kind kind)
{
    return kinds[kind];
}

struct mud_str mud_facts_json(struct mud_str json)
{
    json_t *value;

    /* jsonb cannot hold U+0000. */
    if (!json.n || mud_str_find(json, MUD_STR("\\u0000")) != MUD_NPOS)
        return (struct mud_str){0};
    value = mud_json_read(json, NULL);
    if (!value)
        return (struct mud_str){0};
    json_decref(value);
    return json;
}

static void text(struct mud_json *json, const char *key, struct mud_str value)
{
    if (value.n)
        mud_json_kstr(json, key, value);
}

static void raw(struct mud_json *json, const char *key, struct mud_str value)
{
    if (!value.n)
        return;
    mud_json_key(json, key);
    mud_json_raw(json, value);
}

static void hex(struct mud_json *json, const char *key, bool has,
                const uint8_t *digest)
{
    if (has)
        mud_json_khex(json, key, digest, MUD_SHA256);
}

/* Exact to the microsecond, which mud_json_ktime may not be. */
static void when(struct mud_json *json, const char *key, int64_t us)
{
    char out[MUD_TIME_TEXT];

    if (us)
        mud_json_kz(json, key, mud_time_text(out, us, true));
}

/* What row and metadata have in common. */
static void common(struct mud_json *json, const struct mud_facts *f)
{
    mud_json_kstr(json, "url", f->c.url);
    text(json, "location", f->location);
    text(json, "referrer", f->referrer);
    mud_json_kstr(json, "access_mode", f->access_mode);
    text(json, "account", f->account);
    text(json, "supplier", f->c.supplier);
    when(json, "started", f->started);
    when(json, "at", f->c.at);
    when(json, "sealed_at", f->sealed);
    mud_json_kint(json, "status", f->c.status);
    text(json, "http_version", f->http_version);
    text(json, "content_type", f->c.content_type);
    text(json, "cut", f->cut);
    hex(json, "sha256", true, f->c.sha256);
    hex(json, "sm3", f->has_sm3, f->sm3);
    text(json, "peer_ip", f->peer_ip);
    text(json, "proxy", f->proxy);
    raw(json, "dns", f->dns);
    raw(json, "tls", f->tls);
    raw(json, "clock", f->clock);
    raw(json, "circumstances", f->circumstances);
    mud_json_kstr(json, "tool", f->tool);
    hex(json, "binary_sha256", f->has_binary, f->binary);
    hex(json, "config_sha256", f->has_config, f->config);
    mud_json_kstr(json, "actor", f->actor);
    mud_json_kbool(json, "whole_file", f->c.whole);
}

void mud_facts_row(struct mud_json *json, const struct mud_facts *f)
{
    mud_json_object(json);
    mud_json_kid(json, "capture_id", f->c.id);
    mud_json_kint(json, "kind", f->c.kind);
    mud_json_kint(json, "source_id", f->c.source);
    if (!mud_id_zero(f->c.parent))
        mud_json_kid(json, "parent_id", f->c.parent);
    common(json, f);
    mud_json_kint(json, "size_bytes", f->c.size);
    mud_json_kstr(json, "warc_file", f->c.warc);
    mud_json_kint(json, "warc_offset", f->c.offset);
    mud_json_kint(json, "warc_length", f->c.length);
    mud_json_kint(json, "warc_inner", f->c.inner);
    if (f->c.request_length) {
        mud_json_kint(json, "request_offset", f->c.request_offset);
        mud_json_kint(json, "request_length", f->c.request_length);
    }
    if (f->has_span) {
        mud_json_kstr(json, "span_file", f->span_file);
        mud_json_kint(json, "span_offset", f->span_offset);
        mud_json_kint(json, "span_length", f->span_length);
        hex(json, "span_sha256", true, f->span_sha256);
    }
    text(json, "record_id", f->record_id);
    mud_json_kint(json, "ledger_seq", f->c.ledger_seq);
    mud_json_object_end(json);
}

static void sealed_file(struct mud_json *json, const struct mud_facts *f)
{
    if (!f->seal.file)
        return;
    mud_json_key(json, "sealed_file");
    mud_json_object(json);
    mud_json_kid(json, "key", f->seal.file_key);
    mud_json_kid(json, "salt", f->seal.file_salt);
    hex(json, "sha256", true, f->seal.file_sha256);
    mud_json_kint(json, "size", f->seal.file_size);
    mud_json_object_end(json);
}

void mud_facts_seal_row(struct mud_json *json, const struct mud_facts *f)
{
    mud_json_object(json);
    mud_json_kid(json, "capture_id", f->c.id);
    mud_json_kid(json, "key_id", f->seal.key);
    mud_json_kid(json, "salt", f->seal.salt);
    hex(json, "plain_sha256", true, f->seal.plain);
    if (f->seal.file) {
        mud_json_kid(json, "file_key", f->seal.file_key);
        mud_json_kid(json, "file_salt", f->seal.file_salt);
        hex(json, "file_sha256", true, f->seal.file_sha256);
        mud_json_kint(json, "file_size", f->seal.file_size);
    }
    mud_json_object_end(json);
}

void mud_facts_metadata(struct mud_buf *out, const struct mud_facts *f)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kint(&json, "schema", 1);
    mud_json_kid(&json, "capture", f->c.id);
    mud_json_kz(&json, "kind", kinds[f->c.kind]);
    mud_json_kint(&json, "source", f->c.source);
    common(&json, f);
    mud_json_kint(&json, "size", f->c.size);
    if (f->c.whole)
        mud_json_kstr(&json, "warc_file", f->c.warc);
    sealed_file(&json, f);
    text(&json, "head", f->head);
    mud_json_object_end(&json);
    mud_buf_c(out, '\n');
}

void mud_facts_detail(struct mud_buf *out, const struct mud_facts *f)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    when(&json, "at", f->c.at);
    mud_json_kz(&json, "kind", kinds[f->c.kind]);
    if (!mud_id_zero(f->c.parent))
        mud_json_kid(&json, "parent", f->c.parent);
    sealed_file(&json, f);
    hex(&json, "sha256", true, f->c.sha256);
    mud_json_kint(&json, "size", f->c.size);
    mud_json_kint(&json, "source", f->c.source);
    if (f->has_span) {
        mud_json_key(&json, "span");
        mud_json_object(&json);
        mud_json_kstr(&json, "file", f->span_file);
        if (f->seal.sealed)
            mud_json_kid(&json, "key", f->seal.key);
        mud_json_kint(&json, "length", f->span_length);
        mud_json_kint(&json, "offset", f->span_offset);
        hex(&json, "plain_sha256", f->seal.sealed, f->seal.plain);
        if (f->seal.sealed)
            mud_json_kid(&json, "salt", f->seal.salt);
        hex(&json, "sha256", true, f->span_sha256);
        mud_json_object_end(&json);
    }
    mud_json_kint(&json, "status", f->c.status);
    text(&json, "supplier", f->c.supplier);
    mud_json_kstr(&json, "url", f->c.url);
    mud_json_key(&json, "warc");
    mud_json_object(&json);
    mud_json_kstr(&json, "file", f->c.warc);
    if (f->c.inner)
        mud_json_kint(&json, "inner", f->c.inner);
    mud_json_kint(&json, "length", f->c.length);
    mud_json_kint(&json, "offset", f->c.offset);
    mud_json_object_end(&json);
    mud_json_object_end(&json);
}

static struct mud_str copy(const json_t *json, const char *key,
                           struct mud_arena *arena)
{
    return mud_utf8_clean(
        mud_str_dup(mud_json_get_str(json, key), arena), arena, NULL);
}

static int64_t time_of(const json_t *json, const char *key)
{
    int64_t us = 0;

    return mud_time_parse(mud_json_get_str(json, key), &us) ? us : 0;
}

static struct mud_str dump(const json_t *json, const char *key,
                           struct mud_arena *arena)
{
    char *text_of =
        json_dumps(json_object_get(json, key), JSON_COMPACT | JSON_SORT_KEYS);
    struct mud_str out = {0};

    if (text_of)
        out = mud_facts_json(mud_str_dup(mud_str_z(text_of), arena));
    free(text_of);
    return out;
}

bool mud_facts_sealed_file(struct mud_facts *f, const json_t *json)
{
    const json_t *sealed = json_object_get(json, "sealed_file");

    f->seal.file = sealed != NULL;
    f->seal.file_size = mud_json_get_int(sealed, "size", -1);
    return !sealed ||
           (f->seal.file_size > 0 &&
            mud_id_parse(mud_json_get_str(sealed, "key"), &f->seal.file_key) &&
            mud_id_parse(mud_json_get_str(sealed, "salt"),
                         &f->seal.file_salt) &&
            mud_unhex(mud_json_get_str(sealed, "sha256"),
                      f->seal.file_sha256,
                      MUD_SHA256));
}

static bool fill(struct mud_facts *f, const json_t *json,
                 struct mud_arena *arena)
{
    struct mud_str kind = mud_json_get_str(json, "kind");

    f->c.kind = mud_str_eqz(kind, "page")   ? MUD_CAPTURE_PAGE
                : mud_str_eqz(kind, "file") ? MUD_CAPTURE_FILE
                                            : MUD_CAPTURE_RECORD;
    f->c.source = (int32_t)mud_json_get_int(json, "source", 0);
    f->c.url = copy(json, "url", arena);
    f->location = copy(json, "location", arena);
    f->referrer = copy(json, "referrer", arena);
    f->access_mode = copy(json, "access_mode", arena);
    f->account = copy(json, "account", arena);
    f->c.supplier = copy(json, "supplier", arena);
    f->started = time_of(json, "started");
    f->c.at = time_of(json, "at");
    f->sealed = time_of(json, "sealed_at");
    f->c.status = (int)mud_json_get_int(json, "status", 0);
    f->http_version = copy(json, "http_version", arena);
    f->c.content_type = copy(json, "content_type", arena);
    f->cut = copy(json, "cut", arena);
    f->c.size = mud_json_get_int(json, "size", -1);
    f->peer_ip = copy(json, "peer_ip", arena);
    f->proxy = copy(json, "proxy", arena);
    f->dns = dump(json, "dns", arena);
    f->tls = dump(json, "tls", arena);
    f->clock = dump(json, "clock", arena);
    f->circumstances = dump(json, "circumstances", arena);
    f->has_sm3 = mud_unhex(mud_json_get_str(json, "sm3"), f->sm3, MUD_SHA256);
    f->head = copy(json, "head", arena);
    f->tool = copy(json, "tool", arena);
    f->actor = copy(json, "actor", arena);
    f->c.whole = mud_json_get_bool(json, "whole_file");
    f->c.warc = copy(json, "warc_file", arena);
    f->has_binary = mud_unhex(
        mud_json_get_str(json, "binary_sha256"), f->binary, MUD_SHA256);
    f->has_config = mud_unhex(
        mud_json_get_str(json, "config_sha256"), f->config, MUD_SHA256);
    return mud_facts_sealed_file(f, json) && f->c.kind != MUD_CAPTURE_RECORD &&
           f->c.url.n && f->c.at && f->c.size >= 0 &&
           mud_id_parse(mud_json_get_str(json, "capture"), &f->c.id) &&
           mud_unhex(mud_json_get_str(json, "sha256"), f->c.sha256, MUD_SHA256);
}

bool mud_facts_of_metadata(struct mud_facts *out, struct mud_str json,
                           struct mud_arena *arena, struct mud_error *err)
{
    json_t *value = mud_json_read(json, err);
    bool ok;

    memset(out, 0, sizeof(*out));
    if (!value)
        return mud_fail_in(err, "metadata of a capture");
    ok = json_is_object(value) && fill(out, value, arena);
    json_decref(value);
    return ok || mud_fail(err, MUD_ECORRUPT, "not the metadata of a capture");
}
