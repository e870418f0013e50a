#include "fetch/sasl.h"
#include "fetch/xmpp_inside.h"

#include <stdio.h>

#define SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define TLS  "urn:ietf:params:xml:ns:xmpp-tls"
#define BIND "urn:ietf:params:xml:ns:xmpp-bind"

enum {
    MECHANISMS = 16
};

static bool is(const struct mud_xmpp_in *in, const char *name,
               const char *xmlns)
{
    return mud_str_eqz(in->top->name, name) &&
           (!xmlns || mud_str_eqz(mud_xml_attr(in->top, "xmlns"), xmlns));
}

/* A new stream, and what the server can do in it. */
static bool features(struct mud_xmpp_in *in, struct mud_xmpp *x,
                     struct mud_error *err)
{
    if (!mud_xmpp_stream(x, err) || !mud_xmpp_await(in, x, err))
        return false;
    return is(in, "features", NULL) ||
           mud_fail(err,
                    MUD_ENET,
                    "the server begins with <%.*s>",
                    MUD_FMT(mud_str_sub(in->top->name, 0, 40)));
}

static bool start_tls(struct mud_xmpp_in *in, struct mud_xmpp *x,
                      struct mud_error *err)
{
    if (!features(in, x, err))
        return false;
    if (!mud_stanza_child(in->stanza, in->top, "starttls", TLS))
        return mud_fail(err,
                        MUD_ENET,
                        "the server offers no TLS (with TLS from the first "
                        "byte: --url xmpps://HOST)");
    if (!mud_wire_write(x->wire, MUD_STR("<starttls xmlns='" TLS "'/>"), err) ||
        !mud_xmpp_await(in, x, err))
        return false;
    if (!is(in, "proceed", TLS))
        return mud_fail(err, MUD_ENET, "the server refuses TLS");
    /* Nothing may be left from before: it could have been put there by others
     * (RFC 6120, 5.3.1). */
    if (x->from < x->n)
        return mud_fail(err, MUD_ENET, "bytes in clear where TLS begins");
    return mud_wire_secure(x->wire, x->host, err);
}

static bool secure(struct mud_xmpp_in *in, struct mud_xmpp *x,
                   enum mud_xmpp_tls tls, struct mud_error *err)
{
    if (tls == MUD_XMPP_STARTTLS)
        return start_tls(in, x, err);
    if (tls == MUD_XMPP_DIRECT)
        return mud_wire_secure(x->wire, x->host, err);
    return mud_wire_is_local(x->wire) ||
           mud_fail(err,
                    MUD_EDENIED,
                    "without TLS only a server on this machine is spoken to");
}

static size_t mechanisms_of(struct mud_str out[MECHANISMS],
                            const struct mud_xmpp_in *in)
{
    const struct mud_xml *list =
        mud_stanza_child(in->stanza, in->top, "mechanisms", SASL);
    size_t n = 0;

    for (const struct mud_xml *at = list ? list + 1 : NULL;
         at && at < in->stanza->nodes + list->end && n < MECHANISMS;
         at++)
        if (mud_str_eqz(at->name, "mechanism"))
            out[n++] = mud_str_trim(at->text);
    return n;
}

static bool say(struct mud_xmpp *x, const char *head,
                const struct mud_buf *text, const char *tail,
                struct mud_error *err)
{
    char out[8192];
    int n = snprintf(
        out, sizeof out, "%s%.*s%s", head, MUD_FMT(mud_buf_view(text)), tail);
    bool good = mud_wire_write(x->wire, mud_str_of(out, (size_t)n), err);

    explicit_bzero(out, sizeof out);
    return good;
}

static bool refused(const struct mud_xmpp_in *in, struct mud_xmpp *x,
                    struct mud_error *err)
{
    const struct mud_xml *why = in->top->end > 1 ? in->top + 1 : NULL;
    bool theirs = why && (mud_str_eqz(why->name, "temporary-auth-failure") ||
                          mud_str_eqz(why->name, "mechanism-too-weak"));

    x->refused = !theirs;
    return mud_fail(err,
                    theirs ? MUD_ENET : MUD_EDENIED,
                    "the server refuses the log-in of %.*s: %.*s",
                    MUD_FMT(x->jid),
                    MUD_FMT(why ? mud_str_sub(why->name, 0, 60)
                                : MUD_STR("no reason given")));
}

/* Challenge and answer until the server is content. */
static bool prove(struct mud_xmpp_in *in, struct mud_xmpp *x,
                  struct mud_sasl *sasl, struct mud_buf *text,
                  struct mud_error *err)
{
    char head[128];

    snprintf(head,
             sizeof head,
             "<auth xmlns='" SASL "' mechanism='%s'>",
             mud_sasl_name(sasl));
    mud_sasl_first(text, sasl);
    if (!say(x, head, text, "</auth>", err))
        return false;
    for (int i = 0; i < 4; i++) {
        if (!mud_xmpp_await(in, x, err))
            return false;
        if (is(in, "success", SASL))
            return mud_sasl_end(sasl, mud_str_trim(in->top->text), err);
        if (is(in, "failure", SASL))
            return refused(in, x, err);
        if (!is(in, "challenge", SASL))
            break;
        struct mud_str challenge = mud_str_trim(in->top->text);
        mud_buf_clear(text);
        if (challenge.n && !mud_sasl_answer(text, sasl, challenge, err))
            return false;
        if (!say(x, "<response xmlns='" SASL "'>", text, "</response>", err))
            return false;
    }
    return mud_fail(err, MUD_ENET, "log-in: the server comes to no end");
}

static bool authenticate(struct mud_xmpp_in *in, struct mud_xmpp *x,
                         struct mud_str password, struct mud_error *err)
{
    struct mud_str offered[MECHANISMS];
    struct mud_sasl *sasl;
    struct mud_buf text = {0};
    size_t n = mechanisms_of(offered, in);

    /* Here the connection is under TLS, or to this machine. */
    if (!mud_sasl_new(
            &sasl, offered, n, true, mud_jid_local(x->jid), password, err))
        return false;
    (void)mud_buf_room(&text, 4096); /* it never moves: it can be wiped */
    bool good = prove(in, x, sasl, &text, err);
    if (text.s)
        explicit_bzero(text.s, text.cap);
    mud_buf_free(&text);
    mud_sasl_free(sasl);
    return good;
}

/* The server chooses the resource: it tells nothing of us. */
static bool bind_resource(struct mud_xmpp_in *in, struct mud_xmpp *x,
                          struct mud_error *err)
{
    if (!mud_wire_write(x->wire,
                        MUD_STR("<iq type='set' id='bind'><bind xmlns='" BIND
                                "'/></iq>"),
                        err))
        return false;
    for (int i = 0; i < 16; i++) {
        if (!mud_xmpp_await(in, x, err))
            return false;
        if (!is(in, "iq", NULL) ||
            !mud_str_eqz(mud_xml_attr(in->top, "id"), "bind"))
            continue;
        const struct mud_xml *jid = mud_stanza_child(
            in->stanza,
            mud_stanza_child(in->stanza, in->top, "bind", BIND),
            "jid",
            NULL);
        if (!jid || !mud_str_eqz(mud_xml_attr(in->top, "type"), "result"))
            break;
        x->self = mud_str_dup(mud_str_trim(jid->text), x->life);
        return true;
    }
    return mud_fail(err, MUD_ENET, "the server binds no resource");
}

bool mud_xmpp_log_in(struct mud_xmpp *x, const struct mud_xmpp_to *to,
                     struct mud_error *err)
{
    struct mud_xmpp_in in;

    return secure(&in, x, to->tls, err) && features(&in, x, err) &&
           authenticate(&in, x, to->password, err) && features(&in, x, err) &&
           bind_resource(&in, x, err);
}
