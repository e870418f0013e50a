/* Contacts by their form: links, mail addresses, wallets and long keys. */
#include "nlp/checksum.h"
#include "nlp/contact.h"

struct place { /* a host whose links name a contact */
    const char *host;
    unsigned type, invite; /* of a name, of an invitation */
};

static const struct place places[] = {
    {"t.me/", MUD_C_TELEGRAM, MUD_C_TELEGRAM_INVITE},
    {"telegram.me/", MUD_C_TELEGRAM, MUD_C_TELEGRAM_INVITE},
    {"telegram.dog/", MUD_C_TELEGRAM, MUD_C_TELEGRAM_INVITE},
    {"wa.me/", MUD_C_WHATSAPP, 0},
    {"api.whatsapp.com/send?phone=", MUD_C_WHATSAPP, 0},
    {"chat.whatsapp.com/", 0, MUD_C_WHATSAPP_INVITE},
    {"discord.gg/", 0, MUD_C_DISCORD_INVITE},
    {"discord.com/invite/", 0, MUD_C_DISCORD_INVITE},
    {"discordapp.com/invite/", 0, MUD_C_DISCORD_INVITE},
    {"line.me/ti/p/~", MUD_C_LINE, 0},
    {"line.me/ti/p/@", MUD_C_LINE, 0},
    {"line.me/r/ti/p/~", MUD_C_LINE, 0},
    {"line.me/r/ti/p/@", MUD_C_LINE, 0},
    {"line.me/r/ti/p/%40", MUD_C_LINE, 0},
    {"page.line.me/", MUD_C_LINE, 0},
    {"threema.id/", MUD_C_THREEMA, 0},
    {"whatsapp.com/send?phone=", MUD_C_WHATSAPP, 0},
    {"whatsapp.com/send/?phone=", MUD_C_WHATSAPP, 0},
    {"api.whatsapp.com/send/?phone=", MUD_C_WHATSAPP, 0},
    {"web.whatsapp.com/send?phone=", MUD_C_WHATSAPP, 0},
    {"send?phone=", MUD_C_WHATSAPP, 0},
    {"send/?phone=", MUD_C_WHATSAPP, 0},
    {"whatsapp.com/invite/", 0, MUD_C_WHATSAPP_INVITE},
    {"telesco.pe/", MUD_C_TELEGRAM, 0},
    {"signal.me/#p/", MUD_C_SIGNAL, 0},
    {"join.skype.com/invite/", 0, 0},
    {"qm.qq.com/", 0, MUD_C_QQ_GROUP_LINK},
    {"jq.qq.com/", 0, MUD_C_QQ_GROUP_LINK},
    {"u.wechat.com/", 0, MUD_C_WECHAT_LINK},
    {"weixin.qq.com/g/", 0, MUD_C_WECHAT_LINK},
    {"matrix.to/#/", MUD_C_MATRIX, 0},
    {"simplex.chat/", 0, MUD_C_SIMPLEX},
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static bool link_char(char c)
{
    return mud_alnum(c) || (c && strchr("-._~:/?#@!$&*+=%[]()", c));
}

static bool name_char(char c)
{
    return mud_alnum(c) || c == '_' || c == '-';
}

/* The link without "[.]", "(.)" and "[dot]", trailing signs cut. *end moves. */
static struct mud_str refang(struct mud_scan *s, uint32_t start, uint32_t *end)
{
    struct mud_str cased;
    char *out;
    size_t n = 0;

    while (*end > start && strchr(".,:;!?)]*~#/-", s->text.s[*end - 1]) &&
           !(s->text.s[*end - 1] == '/' && *end - start > 3 &&
             s->text.s[*end - 2] != '/'))
        (*end)--;
    cased = mud_scan_cased(s, start, *end);
    out = mud_arena_alloc(s->arena, cased.n + 8);
    for (size_t i = 0; i < cased.n; i++) {
        if (i + 2 < cased.n && (cased.s[i] == '[' || cased.s[i] == '(') &&
            cased.s[i + 1] == '.' &&
            (cased.s[i + 2] == ']' || cased.s[i + 2] == ')')) {
            out[n++] = '.';
            i += 2;
        } else if (i + 4 < cased.n && memcmp(cased.s + i, "[dot]", 5) == 0) {
            out[n++] = '.';
            i += 4;
        } else {
            out[n++] = cased.s[i];
        }
    }
    return mud_str_of(out, n);
}

static size_t name_end(struct mud_str s, size_t at)
{
    while (at < s.n && name_char(s.s[at]))
        at++;
    return at;
}

static bool upper(struct mud_value *out, struct mud_scan *s)
{
    char *text = mud_arena_dup(s->arena, out->value.s, out->value.n);

    for (size_t i = 0; i < out->value.n; i++) {
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 32);
    }
    out->value = mud_str_of(text, out->value.n);
    return true;
}

/* A link to a person or group: path begins behind the host. */
static bool place_value(struct mud_value *out, struct mud_scan *s,
                        const struct place *p, struct mud_str link, size_t path)
{
    struct mud_str rest = mud_str_sub(link, path, link.n);
    size_t end;

    out->rule = MUD_RULE_CONTACT_LINK;
    out->sure = 980;
    if (p->invite == MUD_C_QQ_GROUP_LINK || p->invite == MUD_C_WECHAT_LINK ||
        p->invite == MUD_C_SIMPLEX) {
        out->type = p->invite;
        out->value = link;
        return true;
    }
    if (p->type == MUD_C_TELEGRAM) {
        if (mud_str_istarts(rest, MUD_STR("s/")))
            rest = mud_str_sub(rest, 2, rest.n);
        if (mud_str_starts(rest, MUD_STR("+")) ||
            mud_str_istarts(rest, MUD_STR("joinchat/"))) {
            rest =
                mud_str_sub(rest, rest.n && rest.s[0] == '+' ? 1 : 9, rest.n);
            out->type = p->invite;
            out->value = mud_str_sub(rest, 0, name_end(rest, 0));
            return out->value.n >= 8;
        }
    }
    if (p->type == MUD_C_WHATSAPP || p->type == MUD_C_SIGNAL) {
        if (mud_str_starts(rest, MUD_STR("+")))
            rest = mud_str_sub(rest, 1, rest.n);
        for (end = 0; rest.s && end < rest.n && mud_digit(rest.s[end]); end++)
            ;
        out->type = p->type;
        out->value = mud_str_printf(s->arena, "+%.*s", (int)end, rest.s);
        return end >= 7 && end <= 15;
    }
    if (p->type == MUD_C_MATRIX) {
        out->type = p->type;
        out->value = mud_str_lower(rest, s->arena);
        return rest.n > 3 && rest.s[0] == '@';
    }
    end = name_end(rest, 0);
    if (p->type == MUD_C_LINE) {
        while (end < rest.n && (name_char(rest.s[end]) || rest.s[end] == '.'))
            end++;
    }
    out->type = p->type ? p->type : p->invite;
    out->value = mud_str_sub(rest, 0, end);
    if (p->type == MUD_C_THREEMA) {
        return end == 8 && upper(out, s);
    }
    if (p->type)
        out->value = mud_str_lower(out->value, s->arena);
    return out->type != 0 && end >= (p->type ? 4U : 5U);
}

/* Scheme and host in lower case, hxxp as http. */
static struct mud_str plain_url(struct mud_scan *s, struct mud_str link)
{
    size_t scheme = link.n ? mud_str_find(link, MUD_STR("://")) : MUD_NPOS;
    size_t host = scheme == MUD_NPOS ? 0 : scheme + 3, end = host;
    char *out = mud_arena_dup(s->arena, link.s, link.n);

    while (end < link.n && out[end] != '/' && out[end] != '?')
        end++;
    for (size_t i = 0; i < end; i++) {
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] + 32);
    }
    if (link.n > 4 && memcmp(out, "hxxp", 4) == 0)
        memcpy(out, "http", 4);
    return mud_str_of(out, link.n);
}

static bool tg_scheme(struct mud_value *out, struct mud_scan *s,
                      struct mud_str link)
{
    size_t at = mud_str_ifind(link, MUD_STR("domain="));
    bool invite = at == MUD_NPOS;

    if (invite)
        at = mud_str_ifind(link, MUD_STR("invite="));
    if (at == MUD_NPOS)
        return false;
    out->type = invite ? MUD_C_TELEGRAM_INVITE : MUD_C_TELEGRAM;
    out->value = mud_str_sub(link, at + 7, name_end(link, at + 7));
    if (!invite)
        out->value = mud_str_lower(out->value, s->arena);
    out->rule = MUD_RULE_CONTACT_LINK;
    out->sure = 980;
    return out->value.n >= 4;
}

/* host.tld of 2 labels and more; the top one of letters. */
static bool host_form(struct mud_str host)
{
    size_t dot = mud_str_rchr(host, '.');

    if (dot == MUD_NPOS || dot == 0 || host.n - dot < 3)
        return false;
    for (size_t i = dot + 1; i < host.n; i++) {
        if ((host.s[i] | 0x20) < 'a' || (host.s[i] | 0x20) > 'z')
            return false;
    }
    for (size_t i = 0; i < host.n; i++) {
        if (!mud_alnum(host.s[i]) && host.s[i] != '.' && host.s[i] != '-')
            return false;
        if (i > 0 && host.s[i] == '.' && host.s[i - 1] == '.')
            return false;
    }
    return true;
}

static bool hidden_host(struct mud_value *out, struct mud_scan *s,
                        struct mud_str host)
{
    size_t dot = mud_str_rchr(host, '.');
    struct mud_str name, low = mud_str_lower(host, s->arena);

    if (mud_str_ends(low, MUD_STR(".onion"))) {
        size_t sub = mud_str_rchr(mud_str_sub(low, 0, dot), '.');

        name = mud_str_sub(low, sub == MUD_NPOS ? 0 : sub + 1, dot);
        out->type = MUD_C_ONION;
        out->candidate = !mud_is_onion(name);
    } else if (mud_str_ends(low, MUD_STR(".i2p"))) {
        out->type = MUD_C_I2P;
    } else {
        return false;
    }
    out->value = mud_str_printf(s->arena, "http://%.*s", MUD_FMT(low));
    out->rule =
        out->candidate ? MUD_RULE_CANDIDATE_CHECKSUM : MUD_RULE_CONTACT_LINK;
    out->sure = 970;
    return true;
}

static bool ip_form(struct mud_str host)
{
    unsigned dots = 0, value = 0, digits = 0;

    for (size_t i = 0; i < host.n; i++) {
        if (mud_digit(host.s[i])) {
            value = value * 10 + (unsigned)(host.s[i] - '0');
            if (++digits > 3 || value > 255)
                return false;
        } else if (host.s[i] == '.' && digits > 0) {
            dots++;
            value = digits = 0;
        } else {
            return false;
        }
    }
    return dots == 3 && digits > 0;
}

/* "main.py", "a.css": the name of a file looks like a host. */
static bool is_file(struct mud_str name)
{
    static const char *const ends[] = {
        "css",  "js",   "ts",  "jsx", "tsx", "json", "html", "htm",  "php",
        "py",   "java", "cpp", "hpp", "md",  "txt",  "log",  "png",  "jpg",
        "jpeg", "gif",  "svg", "pdf", "doc", "docx", "xls",  "xlsx", "ppt",
        "rar",  "exe",  "dll", "apk", "sql", "xml",  "yml",  "yaml", "csv",
        "conf", "ini",  "sh",  "bat", "mp3", "mp4",  "avi",  "iso",  "jar",
        "asp",  "aspx", "jsp", "vue", "cfg", "dat",  "tar",  "gz",   "rb",
        "go",   "core", "lock"};
    struct mud_str end = mud_str_sub(name, mud_str_rchr(name, '.') + 1, name.n);

    return mud_str_among(end, ends, COUNT(ends));
}

/* Schemes of the web; "git://" and "file://" reach nobody. */
static bool web_scheme(struct mud_str link, size_t colon)
{
    static const char *const schemes[] = {"http",
                                          "https",
                                          "hxxp",
                                          "hxxps",
                                          "ftp",
                                          "hxtp",
                                          "htxp",
                                          "meow",
                                          "ttp",
                                          "ttps",
                                          "http s"};
    struct mud_str scheme = mud_str_sub(link, 0, colon);

    for (size_t i = 0; i < COUNT(schemes); i++) {
        struct mud_str s = mud_str_z(schemes[i]);

        if (scheme.n == s.n && mud_str_istarts(scheme, s))
            return true;
    }
    return false;
}

/* "203.0.113.0/24": a net. */
static bool is_net(struct mud_str rest)
{
    return (rest.n == 2 || rest.n == 3) && rest.s[0] == '/' &&
           mud_digit(rest.s[1]) && (rest.n == 2 || mud_digit(rest.s[2]));
}

static bool web_link(struct mud_value *out, struct mud_scan *s,
                     struct mud_str link, bool scheme)
{
    size_t from = scheme ? mud_str_find(link, MUD_STR("://")) + 3 : 0;
    size_t end = from;
    struct mud_str host, name;

    if (scheme && !web_scheme(link, from - 3))
        return false;

    while (end < link.n && !strchr("/?#", link.s[end]))
        end++;
    host = mud_str_sub(link, from, end);
    name = mud_str_sub(host, 0, mud_str_chr(host, ':'));
    if (hidden_host(out, s, name))
        return true;
    if (ip_form(name)) {
        bool net = is_net(mud_str_sub(link, end, link.n));
        bool alone = !scheme && (net || end == link.n);

        out->indicator = alone ? "ip" : "url";
        out->value = net ? link : alone ? name : plain_url(s, link);
        out->rule = MUD_RULE_INDICATOR_IP;
        out->sure = 900;
        return true;
    }
    if (!host_form(name) || (!scheme && is_file(name)) ||
        (!scheme && mud_digit(name.s[0]) && name.s[1] == '.'))
        return false;
    out->type = MUD_C_URL;
    out->value = plain_url(s, link);
    out->rule = MUD_RULE_CONTACT_LINK;
    out->sure = scheme ? 900 : 500;
    out->candidate = !scheme;
    return true;
}

bool mud_contact_link(struct mud_value *out, struct mud_scan *s, uint32_t start,
                      uint32_t end)
{
    struct mud_str chunk = mud_scan_text(s, start, end), link;
    size_t scheme = mud_str_find(chunk, MUD_STR("://")), host = 0;
    uint32_t stop = end;

    if (scheme != MUD_NPOS) {
        size_t from = scheme;

        while (from > 0 && mud_alnum(chunk.s[from - 1]))
            from--;
        start += (uint32_t)from;
        host = scheme + 3 - from;
    }
    for (stop = start; stop < end && link_char(s->text.s[stop]); stop++)
        ;
    *out = (struct mud_value){.start = start};
    link = refang(s, start, &stop);
    out->end = stop;
    if (mud_str_istarts(link, MUD_STR("tg://")))
        return tg_scheme(out, s, link);
    if (mud_str_istarts(link, MUD_STR("simplex:/"))) {
        out->type = MUD_C_SIMPLEX;
        out->value = mud_str_printf(s->arena,
                                    "https://simplex.chat/%.*s",
                                    (int)(link.n - 9),
                                    link.s + 9);
        out->rule = MUD_RULE_CONTACT_LINK;
        out->sure = 980;
        return true;
    }
    for (size_t i = 0; i < COUNT(places); i++) {
        struct mud_str want = mud_str_z(places[i].host);
        struct mud_str rest = mud_str_sub(link, host, link.n);

        if (mud_str_istarts(rest, MUD_STR("www.")))
            rest = mud_str_sub(rest, 4, rest.n);
        if (mud_str_istarts(rest, want) &&
            place_value(
                out, s, &places[i], link, (size_t)(rest.s - link.s) + want.n))
            return true;
    }
    return web_link(out, s, link, scheme != MUD_NPOS);
}

/* Words behind "@" that programs and chat rooms know, and nobody's name. */
static bool no_name(struct mud_str s)
{
    static const char *const words[] = {
        "override",     "media",       "param",
        "params",       "import",      "types",
        "return",       "returns",     "charset",
        "keyframes",    "font",        "supports",
        "interface",    "property",    "autowired",
        "bean",         "component",   "service",
        "controller",   "deprecated",  "throws",
        "author",       "since",       "version",
        "everyone",     "here",        "channel",
        "admins",       "staff",       "mods",
        "staticmethod", "classmethod", "dataclass",
        "angular",      "babel",       "react",
        "latest",       "next",        "include",
        "extend",       "mixin",       "suppresswarnings",
        "test",         "echo",        "gmail",
        "hotmail",      "outlook",     "localhost"};

    return mud_str_among(s, words, COUNT(words));
}

static bool local_char(char c)
{
    return mud_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+';
}

/* user@host.tld, or @user:server of Matrix, or @name. */
bool mud_contact_mail(struct mud_value *out, struct mud_scan *s, uint32_t start,
                      uint32_t end)
{
    uint32_t at = start, from, to;
    struct mud_str host;

    while (at < end && s->text.s[at] != '@')
        at++;
    if (at == end)
        return false;
    for (from = at; from > start && local_char(s->text.s[from - 1]); from--)
        ;
    for (to = at + 1;
         to < end && (mud_alnum(s->text.s[to]) || s->text.s[to] == '.' ||
                      s->text.s[to] == '-' || s->text.s[to] == '_');
         to++)
        ;
    while (to > at + 1 && strchr(".-", s->text.s[to - 1]))
        to--;
    host = mud_scan_text(s, at + 1, to);
    *out = (struct mud_value){.start = from, .end = to};
    if (from < at) {
        if (!host_form(host) ||
            mud_str_find(mud_scan_text(s, from, at), MUD_STR("..")) != MUD_NPOS)
            return false;
        out->type = mud_str_istarts(host, MUD_STR("jabber.")) ||
                            mud_str_istarts(host, MUD_STR("xmpp."))
                        ? MUD_C_XMPP
                        : MUD_C_EMAIL;
        out->value = mud_scan_text(s, from, to);
        out->rule = MUD_RULE_CONTACT_MAIL;
        out->sure = 960;
        return true;
    }
    if (to < end && s->text.s[to] == ':') {
        uint32_t stop = to + 1;

        while (stop < end &&
               (mud_alnum(s->text.s[stop]) || strchr(".-", s->text.s[stop])))
            stop++;
        while (stop > to && strchr(".-:", s->text.s[stop - 1]))
            stop--;
        if (stop > to + 3 && host_form(mud_scan_text(s, to + 1, stop))) {
            out->end = stop;
            out->type = MUD_C_MATRIX;
            out->value = mud_scan_text(s, at, stop);
            out->rule = MUD_RULE_CONTACT_AT;
            out->sure = 960;
            return true;
        }
    }
    for (to = at + 1;
         to < end && (mud_alnum(s->text.s[to]) || s->text.s[to] == '_');
         to++)
        ;
    out->end = to;
    out->type = MUD_C_TELEGRAM;
    out->value = mud_scan_text(s, at + 1, to);
    out->rule = MUD_RULE_CONTACT_AT;
    out->sure = 850;
    return to - at >= 5 && to - at <= 33 && s->text.s[at + 1] >= 'a' &&
           s->text.s[at + 1] <= 'z' && !no_name(out->value) &&
           !(to < s->text.n && s->text.s[to] == '@' &&
             (to + 1 >= s->text.n || !mud_alnum(s->text.s[to + 1])));
}
