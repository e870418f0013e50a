#include "evidence/warc.h"

#include <stdio.h>

static const char *const type_names[] = {
    [MUD_WARC_OTHER] = "",
    [MUD_WARC_WARCINFO] = "warcinfo",
    [MUD_WARC_REQUEST] = "request",
    [MUD_WARC_RESPONSE] = "response",
    [MUD_WARC_METADATA] = "metadata",
    [MUD_WARC_RESOURCE] = "resource",
    [MUD_WARC_REVISIT] = "revisit",
    [MUD_WARC_CONVERSION] = "conversion",
};

/* Lines that begin with a blank go on with the line before (WARC 1.0). */
static void unfold(char *s, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        if (s[i] != '\n' || (s[i + 1] != ' ' && s[i + 1] != '\t'))
            continue;
        s[i] = ' ';
        if (i > 0 && s[i - 1] == '\r')
            s[i - 1] = ' ';
    }
}

static struct mud_str bare_uri(struct mud_str uri)
{
    /* WARC 1.0 tools put <> around the URI. */
    if (uri.n >= 2 && uri.s[0] == '<' && uri.s[uri.n - 1] == '>')
        return mud_str_sub(uri, 1, uri.n - 1);
    return uri;
}

struct mud_str mud_warc_field(const struct mud_warc_record *record,
                              const char *name)
{
    struct mud_str rest = record->head, line;
    struct mud_str want = mud_str_z(name);

    while (mud_str_line(&rest, &line)) {
        size_t colon = mud_str_chr(line, ':');

        if (colon != MUD_NPOS &&
            mud_str_ieq(mud_str_trim(mud_str_sub(line, 0, colon)), want))
            return mud_str_trim(mud_str_sub(line, colon + 1, line.n));
    }
    return (struct mud_str){0};
}

bool mud_warc_is_http(const struct mud_warc_record *record)
{
    return mud_str_istarts(record->content_type, MUD_STR("application/http"));
}

static void fields(struct mud_warc_record *r)
{
    const struct {
        const char *name;
        struct mud_str *to;
    } table[] = {
        {"WARC-Type", &r->type_name},
        {"WARC-Record-ID", &r->id},
        {"WARC-Date", &r->date},
        {"WARC-Target-URI", &r->uri},
        {"Content-Type", &r->content_type},
        {"WARC-Block-Digest", &r->block_digest},
        {"WARC-Payload-Digest", &r->payload_digest},
        {"WARC-Concurrent-To", &r->concurrent_to},
        {"WARC-Refers-To", &r->refers_to},
        {"WARC-Warcinfo-ID", &r->warcinfo_id},
        {"WARC-Truncated", &r->truncated},
        {"WARC-IP-Address", &r->ip},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        *table[i].to = mud_warc_field(r, table[i].name);
}

bool mud_warc_head_parse(struct mud_warc_record *out, char *head, size_t n)
{
    struct mud_str rest;
    uint64_t size;

    unfold(head, n);
    out->head = rest = mud_str_of(head, n);
    if (mud_str_line(&rest, &out->version))
        out->version = mud_str_trim(out->version);
    if (n < 4 || memcmp(head + n - 4, "\r\n\r\n", 4) != 0)
        out->odd |= MUD_WARC_BARE_LF;
    fields(out);
    out->uri = bare_uri(out->uri);
    for (size_t i = 1; i < sizeof(type_names) / sizeof(type_names[0]); i++)
        if (mud_str_eqz(out->type_name, type_names[i]))
            out->type = (enum mud_warc_type)i;
    if (!mud_time_parse(out->date, &out->at))
        out->at = 0;
    if (!mud_str_u64(mud_warc_field(out, "Content-Length"), &size) ||
        size > INT64_MAX / 4)
        return false;
    out->size = (int64_t)size;
    return true;
}

const char *mud_warc_id_text(char out[MUD_WARC_ID_TEXT], struct mud_id id)
{
    char text[MUD_ID_TEXT];

    snprintf(out, MUD_WARC_ID_TEXT, "<urn:uuid:%s>", mud_id_text(text, id));
    return out;
}

/* A header line must stay one line, and a URI must hold no blank. */
static void put_value(struct mud_buf *out, struct mud_str value, bool uri)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.s[i];

        if (c > 0x20 && c != 0x7f)
            mud_buf_c(out, (char)c);
        else if (uri)
            mud_buf_printf(out, "%%%02X", c);
        else
            mud_buf_c(out, ' ');
    }
}

static void put_line(struct mud_buf *out, const char *name,
                     struct mud_str value)
{
    if (!value.n)
        return;
    mud_buf_printf(out, "%s: ", name);
    put_value(out, value, strcmp(name, "WARC-Target-URI") == 0);
    mud_buf_z(out, "\r\n");
}

static void put_id(struct mud_buf *out, const char *name, struct mud_id id)
{
    char text[MUD_WARC_ID_TEXT];

    if (!mud_id_zero(id))
        put_line(out, name, mud_str_z(mud_warc_id_text(text, id)));
}

static void put_digest(struct mud_buf *out, const char *name,
                       const uint8_t *digest)
{
    char hex[MUD_HEX256];

    if (digest)
        mud_buf_printf(
            out, "%s: sha256:%s\r\n", name, mud_hex(hex, digest, MUD_SHA256));
}

void mud_warc_head_write(struct mud_buf *out, const struct mud_warc_head *head)
{
    char date[MUD_TIME_TEXT];

    mud_buf_z(out, "WARC/1.1\r\n");
    put_line(out, "WARC-Type", mud_str_z(type_names[head->type]));
    put_id(out, "WARC-Record-ID", head->id);
    mud_time_text(date, head->at, true);
    put_line(out, "WARC-Date", mud_str_z(date));
    put_line(out, "WARC-Target-URI", head->uri);
    put_line(out, "WARC-IP-Address", head->ip);
    put_line(out, "WARC-Protocol", head->protocols[0]);
    put_line(out, "WARC-Protocol", head->protocols[1]);
    put_id(out, "WARC-Concurrent-To", head->concurrent_to);
    put_id(out, "WARC-Warcinfo-ID", head->warcinfo);
    put_line(out, "WARC-Filename", head->filename);
    put_line(out, "WARC-Truncated", mud_str_z(head->truncated));
    put_digest(out, "WARC-Block-Digest", head->block_sha256);
    put_digest(out, "WARC-Payload-Digest", head->payload_sha256);
    put_line(out, "Content-Type", mud_str_z(head->content_type));
    mud_buf_printf(out, "Content-Length: %lld\r\n\r\n", (long long)head->size);
}
