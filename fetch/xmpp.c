#include "fetch/xmpp_inside.h"

#include <stdlib.h>

enum {
    AWAIT_MS = 30000
};

#define NEVER_ENDING ((uint64_t)4 << 20)

/* ---- the stream ---- */

static bool on_stanza(struct mud_str text, struct mud_str before,
                      uint64_t start, uint64_t end, void *payload,
                      struct mud_error *err)
{
    struct mud_xmpp *x = payload;

    (void)before;
    (void)start;
    (void)end;
    (void)err;
    mud_buf_clear(&x->raw);
    mud_buf_str(&x->raw, text);
    x->too_large = !text.n;
    x->ready = true;
    x->since = 0;
    return true;
}

bool mud_xmpp_stream(struct mud_xmpp *x, struct mud_error *err)
{
    const struct mud_stanzas to = {on_stanza, NULL, x, true};
    struct mud_buf head = {0};

    mud_stanza_scan_free(x->scan);
    x->scan = mud_stanza_scan_new(&to);
    x->from = x->n = 0;
    mud_buf_z(&head, "<?xml version='1.0'?><stream:stream to='");
    mud_xml_escape(&head, x->host);
    mud_buf_z(&head,
              "' version='1.0' xml:lang='en' xmlns='jabber:client' "
              "xmlns:stream='http://etherx.jabber.org/streams'>");
    bool good = mud_wire_write(x->wire, mud_buf_view(&head), err);
    mud_buf_free(&head);
    return good;
}

/* Up to the next ">": then there is at most one stanza. */
static bool look_on(struct mud_xmpp *x, struct mud_error *err)
{
    const char *from = x->bytes + x->from;
    const char *end = memchr(from, '>', x->n - x->from);
    size_t n = end ? (size_t)(end - from) + 1 : x->n - x->from;

    x->from += n;
    x->since += n;
    if (!mud_stanza_scan_feed(x->scan, mud_str_of(from, n), err))
        return false;
    return x->since < NEVER_ENDING ||
           mud_fail(err,
                    MUD_ENET,
                    "the server sent %llu MiB without the end of a stanza",
                    (unsigned long long)(NEVER_ENDING >> 20));
}

/* "conflict: ..." when that is what the server has just said. */
static bool stream_fault(const struct mud_xmpp *x, struct mud_error *err)
{
    const struct mud_xml *top = x->stanza.nodes;
    struct mud_str why = MUD_STR("it gives no reason"), text;

    if (!x->stanza.n || !mud_str_eqz(top->name, "error"))
        return true;
    if (top->end > 1)
        why = top[1].name;
    text = mud_stanza_child(&x->stanza, top, "text", NULL)
               ? mud_stanza_child(&x->stanza, top, "text", NULL)->text
               : (struct mud_str){0};
    return mud_fail(err,
                    MUD_ENET,
                    "the server ends the stream: %.*s%s%.*s",
                    MUD_FMT(why),
                    text.n ? ", " : "",
                    MUD_FMT(mud_str_sub(text, 0, 200)));
}

/* A ping of our own server wants an answer; nobody else gets one. */
static bool answer_ping(struct mud_xmpp *x, bool *answered,
                        struct mud_error *err)
{
    const struct mud_xml *top = x->stanza.nodes;
    struct mud_str from = mud_xml_attr(top, "from"),
                   id = mud_xml_attr(top, "id");
    struct mud_buf out = {0};

    *answered =
        mud_str_eqz(top->name, "iq") &&
        mud_str_eqz(mud_xml_attr(top, "type"), "get") &&
        mud_stanza_child(&x->stanza, top, "ping", "urn:xmpp:ping") &&
        (!from.n || mud_str_eq(from, x->host) || mud_str_eq(from, x->jid));
    if (!*answered)
        return true;
    mud_buf_z(&out, "<iq type='result' id='");
    mud_xml_escape(&out, mud_str_sub(id, 0, 256));
    mud_buf_z(&out, "'/>");
    bool good = mud_wire_write(x->wire, mud_buf_view(&out), err);
    mud_buf_free(&out);
    return good;
}

/* The stanza that is ready; *got is false when it was for us alone. */
static bool hand_over(struct mud_xmpp_in *out, struct mud_xmpp *x, bool *got,
                      struct mud_error *err)
{
    struct mud_error bad = {0};
    bool answered = false;

    x->ready = false;
    mud_arena_reset(x->arena);
    x->stanza = (struct mud_stanza){0};
    *out = (struct mud_xmpp_in){.raw = mud_buf_view(&x->raw),
                                .at = x->heard,
                                .too_large = x->too_large};
    *got = true;
    if (x->too_large ||
        !mud_stanza_read(&x->stanza, out->raw, x->arena, &bad)) {
        mud_error_clear(&bad);
        return true;
    }
    out->stanza = &x->stanza;
    out->top = x->stanza.nodes;
    if (!stream_fault(x, err) || !answer_ping(x, &answered, err))
        return false;
    *got = !answered;
    return true;
}

static bool read_more(struct mud_xmpp *x, int64_t end, struct mud_error *err)
{
    int64_t left = (end - mud_monotonic()) / 1000;
    size_t n;

    if (mud_stanza_scan_ended(x->scan))
        return mud_fail(err, MUD_ENET, "the server has ended the stream");
    if (!mud_wire_read(x->wire,
                       x->bytes,
                       sizeof x->bytes,
                       &n,
                       left > 0 ? (int)left : 0,
                       err))
        return false;
    x->from = 0;
    x->n = n;
    x->counted += (int64_t)n;
    if (n)
        x->heard = mud_now();
    return true;
}

bool mud_xmpp_next(struct mud_xmpp_in *out, struct mud_xmpp *x, int wait_ms,
                   struct mud_error *err)
{
    int64_t end = mud_monotonic() + (int64_t)wait_ms * 1000;
    bool got = false;

    *out = (struct mud_xmpp_in){0};
    for (;;) {
        while (!x->ready && x->from < x->n)
            if (!look_on(x, err))
                return false;
        if (x->ready) {
            if (!hand_over(out, x, &got, err))
                return false;
            if (got)
                return true;
            continue;
        }
        if (!read_more(x, end, err))
            return false;
        if (!x->n) { /* nothing came in time, or told to stop */
            *out = (struct mud_xmpp_in){0};
            return true;
        }
    }
}

bool mud_xmpp_await(struct mud_xmpp_in *in, struct mud_xmpp *x,
                    struct mud_error *err)
{
    if (!mud_xmpp_next(in, x, AWAIT_MS, err))
        return false;
    if (in->stanza)
        return true;
    return mud_fail(err,
                    MUD_ENET,
                    in->raw.n || in->too_large ? "the server speaks no XMPP"
                                               : "the server does not answer");
}

/* ---- open and close ---- */

bool mud_xmpp_open(struct mud_xmpp **out, const struct mud_xmpp_to *to,
                   bool *refused, struct mud_error *err)
{
    struct mud_xmpp *x = mud_calloc(1, sizeof *x);

    *refused = false;

    x->life = mud_arena_new();
    x->arena = mud_arena_new();
    x->raw.max = MUD_STANZA_MAX;
    x->jid = mud_str_dup(mud_jid_bare(to->jid), x->life);
    x->host = mud_jid_host(x->jid);
    if (!mud_jid_local(x->jid).n || !x->host.n)
        mud_fail(err,
                 MUD_EUSAGE,
                 "%.*s is no address of an account (NAME@HOST)",
                 MUD_FMT(to->jid));
    else if (mud_wire_open(&x->wire, &to->wire, err) &&
             mud_xmpp_log_in(x, to, err)) {
        *out = x;
        return true;
    }
    *refused = x->refused;
    mud_xmpp_close(x);
    return false;
}

void mud_xmpp_close(struct mud_xmpp *x)
{
    struct mud_error late = {0};

    if (!x)
        return;
    if (x->wire && x->self.n &&
        !mud_wire_write(x->wire, MUD_STR("</stream:stream>"), &late))
        mud_error_clear(&late);
    mud_wire_close(x->wire);
    mud_stanza_scan_free(x->scan);
    mud_buf_free(&x->raw);
    mud_arena_free(x->arena);
    mud_arena_free(x->life);
    free(x);
}

int64_t mud_xmpp_heard(const struct mud_xmpp *x)
{
    return x->heard;
}

int64_t mud_xmpp_bytes(struct mud_xmpp *x)
{
    int64_t n = x->counted;

    x->counted = 0;
    return n;
}

struct mud_str mud_xmpp_self(const struct mud_xmpp *x)
{
    return x->self;
}

void mud_xmpp_describe(struct mud_buf *out, const struct mud_xmpp *x)
{
    mud_wire_describe(out, x->wire);
}

/* ---- addresses ---- */

struct mud_str mud_jid_bare(struct mud_str jid)
{
    size_t slash = mud_str_chr(jid, '/');

    return mud_str_sub(jid, 0, slash == MUD_NPOS ? jid.n : slash);
}

struct mud_str mud_jid_local(struct mud_str jid)
{
    struct mud_str bare = mud_jid_bare(jid);
    size_t at = mud_str_chr(bare, '@');

    return mud_str_sub(bare, 0, at == MUD_NPOS ? 0 : at);
}

struct mud_str mud_jid_host(struct mud_str jid)
{
    struct mud_str bare = mud_jid_bare(jid);
    size_t at = mud_str_chr(bare, '@');

    return at == MUD_NPOS ? bare : mud_str_sub(bare, at + 1, bare.n);
}

struct mud_str mud_jid_resource(struct mud_str jid)
{
    size_t slash = mud_str_chr(jid, '/');

    return slash == MUD_NPOS ? (struct mud_str){0}
                             : mud_str_sub(jid, slash + 1, jid.n);
}
