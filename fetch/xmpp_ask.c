#include "fetch/xmpp_inside.h"

#define DISCO "http://jabber.org/protocol/disco"
#define MAM   "urn:xmpp:mam:2"
#define MUC   "http://jabber.org/protocol/muc"
#define RSM   "http://jabber.org/protocol/rsm"

/* value, escaped, between two texts of ours. */
static void put(struct mud_buf *out, const char *before, struct mud_str value,
                const char *after)
{
    mud_buf_z(out, before);
    mud_xml_escape(out, value);
    mud_buf_z(out, after);
}

static bool send_off(struct mud_xmpp *x, struct mud_buf *out,
                     struct mud_error *err)
{
    bool good = mud_wire_write(x->wire, mud_buf_view(out), err);

    mud_buf_free(out);
    return good;
}

static void begin_iq(struct mud_buf *out, const char *type, const char *id,
                     struct mud_str to)
{
    mud_buf_printf(out, "<iq type='%s' id='%s'", type, id);
    put(out, " to='", to, "'>");
}

bool mud_xmpp_ask_archive(struct mud_xmpp *x, const char *id,
                          struct mud_str room, const struct mud_xmpp_page *page,
                          struct mud_error *err)
{
    struct mud_buf out = {0};

    begin_iq(&out, "set", id, room);
    put(&out,
        "<query xmlns='" MAM "' queryid='",
        mud_str_z(id),
        "'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' "
        "type='hidden'><value>" MAM "</value></field>");
    if (page->start.n)
        put(&out,
            "<field var='start'><value>",
            page->start,
            "</value></field>");
    mud_buf_printf(&out, "</x><set xmlns='" RSM "'><max>%u</max>", page->max);
    if (page->after.n)
        put(&out, "<after>", page->after, "</after>");
    if (page->last)
        put(&out, "<before>", page->before, "</before>");
    mud_buf_z(&out, "</set></query></iq>");
    return send_off(x, &out, err);
}

static void place(struct mud_buf *out, const char *before, struct mud_str room,
                  struct mud_str nick)
{
    put(out, before, room, "/");
    mud_xml_escape(out, nick);
    mud_buf_c(out, '\'');
}

bool mud_xmpp_enter(struct mud_xmpp *x, struct mud_str room,
                    struct mud_str nick, unsigned history, struct mud_str since,
                    struct mud_error *err)
{
    struct mud_buf out = {0};

    place(&out, "<presence to='", room, nick);
    mud_buf_printf(
        &out, "><x xmlns='" MUC "'><history maxstanzas='%u'", history);
    if (since.n)
        put(&out, " since='", since, "'");
    mud_buf_z(&out, "/></x></presence>");
    return send_off(x, &out, err);
}

bool mud_xmpp_leave(struct mud_xmpp *x, struct mud_str room,
                    struct mud_str nick, struct mud_error *err)
{
    struct mud_buf out = {0};

    place(&out, "<presence type='unavailable' to='", room, nick);
    mud_buf_z(&out, "/>");
    return send_off(x, &out, err);
}

bool mud_xmpp_ask_items(struct mud_xmpp *x, const char *id, struct mud_str of,
                        struct mud_str after, struct mud_error *err)
{
    struct mud_buf out = {0};

    begin_iq(&out, "get", id, of);
    mud_buf_z(&out, "<query xmlns='" DISCO "#items'>");
    if (after.n)
        put(&out,
            "<set xmlns='" RSM "'><max>200</max><after>",
            after,
            "</after></set>");
    mud_buf_z(&out, "</query></iq>");
    return send_off(x, &out, err);
}

bool mud_xmpp_ask_info(struct mud_xmpp *x, const char *id, struct mud_str of,
                       struct mud_error *err)
{
    struct mud_buf out = {0};

    begin_iq(&out, "get", id, of);
    mud_buf_z(&out, "<query xmlns='" DISCO "#info'/></iq>");
    return send_off(x, &out, err);
}

bool mud_xmpp_ping(struct mud_xmpp *x, const char *id, struct mud_error *err)
{
    struct mud_buf out = {0};

    begin_iq(&out, "get", id, x->host);
    mud_buf_z(&out, "<ping xmlns='urn:xmpp:ping'/></iq>");
    return send_off(x, &out, err);
}
