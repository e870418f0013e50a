/*
 * Contacts written so that machines pass them over: "name [at] mail [dot]
 * tld", "name#mail.tld (# is @)", "t(.)me/name", "te le gram: name", and
 * account numbers that only the word for their owner gives away.
 */
#include "nlp/contact.h"

enum {
    LOCAL_MAX = 64,
    HOST_MAX = 80,
    WORD_MAX = 12,
    NEAR = 60
};

static bool local_char(char c)
{
    return mud_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+';
}

/* Length of one of these words at byte i, 0 when there is none. */
static uint32_t word_at(struct mud_str s, uint32_t i, const char *const *words,
                        size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t len = strlen(words[k]);

        if (i + len <= s.n && memcmp(s.s + i, words[k], len) == 0)
            return (uint32_t)len;
    }
    return 0;
}

static uint32_t at_word(struct mud_str s, uint32_t i)
{
    static const char *const words[] = {
        " [at] ", "[at]", " (at) ", "(at)", " {at} ", "{at}", " at "};

    return word_at(s, i, words, sizeof words / sizeof words[0]);
}

static uint32_t dot_word(struct mud_str s, uint32_t i)
{
    static const char *const words[] = {" [dot] ",
                                        "[dot]",
                                        " (dot) ",
                                        "(dot)",
                                        " {dot} ",
                                        "{dot}",
                                        "[.]",
                                        "(.)",
                                        " dot ",
                                        "."};

    return word_at(s, i, words, sizeof words / sizeof words[0]);
}

/* The host from byte i on, dots in words or not; returns where it ends, i when
 * it is none. *hidden: a dot was a word. */
static uint32_t read_host(struct mud_str s, uint32_t i, char out[HOST_MAX],
                          size_t *n, bool *hidden)
{
    uint32_t at = i;
    bool dot = false;

    *n = 0;
    while (at < s.n && *n + 1 < HOST_MAX) {
        uint32_t skip;

        if (mud_alnum(s.s[at]) || (s.s[at] == '-' && *n)) {
            out[(*n)++] = s.s[at++];
            continue;
        }
        skip = *n ? dot_word(s, at) : 0;
        if (!skip || at + skip >= s.n || !mud_alnum(s.s[at + skip]))
            break;
        *hidden |= skip > 1;
        dot = true;
        out[(*n)++] = '.';
        at += skip;
    }
    return dot ? at : i;
}

static void put(struct mud_scan *s, uint32_t start, uint32_t end, unsigned type,
                struct mud_str value, unsigned rule)
{
    struct mud_entity *e =
        mud_scan_add(s, MUD_ENT_CONTACT, start, end, rule, 930);

    e->kind = mud_str_z(mud_contact_name(type));
    e->value = mud_str_dup(value, s->arena);
    mud_scan_claim(s, start, end);
}

/* A mail address whose @ is `len` bytes at byte i; false when there is none. */
static bool mail_around(struct mud_scan *s, uint32_t i, uint32_t len,
                        bool proved)
{
    char mail[LOCAL_MAX + HOST_MAX + 1], host[HOST_MAX];
    uint32_t start = i, end;
    bool hidden = proved;
    size_t n, local;

    while (start > 0 && i - start < LOCAL_MAX &&
           local_char(s->text.s[start - 1]))
        start--;
    local = i - start;
    end = read_host(s->text, i + len, host, &n, &hidden);
    /* " at " is a word of English: only with " dot " is it a sign */
    if (local < 2 || end == i + len || n < 4 || !hidden ||
        mud_scan_mark(s, mud_scan_find(s, start))->claimed)
        return false;
    memcpy(mail, s->text.s + start, local);
    mail[local] = '@';
    memcpy(mail + local + 1, host, n);
    put(s,
        start,
        end,
        MUD_C_EMAIL,
        mud_str_of(mail, local + 1 + n),
        MUD_RULE_CONTACT_MAIL);
    return true;
}

static void find_at_words(struct mud_scan *s)
{
    static const char *const gates[] = {"[at]", "(at)", "{at}", " dot "};
    bool any = false;

    for (size_t k = 0; k < sizeof gates / sizeof gates[0]; k++)
        any |= mud_scan_says(s, gates[k]);
    for (uint32_t i = 1; any && i < s->text.n; i++) {
        char c = s->text.s[i];
        uint32_t len = c == ' ' || c == '[' || c == '(' || c == '{'
                           ? at_word(s->text, i)
                           : 0;

        if (len)
            (void)mail_around(s, i, len, s->text.s[i + (c == ' ')] != 'a');
    }
}

/* "(#换@)", "# replace with @": the sign that stands for @, 0 when none. */
static char stand_in(const struct mud_scan *scan)
{
    struct mud_str s = scan->text;
    static const char *const words[] = {"换成@",
                                        "换@",
                                        "换为@",
                                        "改成@",
                                        "改@",
                                        "改为@",
                                        "=@",
                                        "是@",
                                        "代表@",
                                        "代@",
                                        "for @",
                                        "with @",
                                        "вместо @"};

    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        size_t at = mud_scan_word(scan, 0, (uint32_t)s.n, words[k]);

        for (unsigned back = 0; at != MUD_NPOS && at > 0 && back < 12; back++) {
            char c = s.s[--at];

            if (c && strchr("#$%&*!^~", c))
                return c;
        }
    }
    return 0;
}

static void find_stand_ins(struct mud_scan *s)
{
    char c = memchr(s->text.s, '@', s->text.n) ? stand_in(s) : 0;

    for (uint32_t i = 1; c && i < s->text.n; i++) {
        if (s->text.s[i] == c)
            (void)mail_around(s, i, 1, true);
    }
}

/* "t(.)me/name", "t点me/name", "t dot me/name" */
static void find_places(struct mud_scan *s)
{
    static const char *const forms[] = {"t(.)me/",
                                        "t点me/",
                                        "t[dot]me/",
                                        "t(dot)me/",
                                        "t dot me/",
                                        "t . me/",
                                        "t。me/"};
    struct mud_str text = s->text;

    if (!mud_scan_says(s, "me/"))
        return;
    for (size_t k = 0; k < sizeof forms / sizeof forms[0]; k++) {
        struct mud_str form = mud_str_z(forms[k]);
        uint32_t from = 0;

        while (from < text.n) {
            size_t at = mud_str_find(mud_str_sub(text, from, text.n), form);
            uint32_t name;
            struct mud_value v;

            if (at == MUD_NPOS)
                break;
            name = from + (uint32_t)(at + form.n);
            from = name;
            if (mud_contact_value(&v, s, name, MUD_C_TELEGRAM) &&
                !mud_scan_mark(s, mud_scan_find(s, name))->claimed)
                put(s,
                    name - (uint32_t)form.n,
                    v.end,
                    MUD_C_TELEGRAM,
                    v.value,
                    MUD_RULE_CONTACT_LINK);
        }
    }
}

static unsigned network(struct mud_str name)
{
    static const struct {
        const char *name;
        unsigned type;
    } names[] = {{"telegram", MUD_C_TELEGRAM},
                 {"telegrm", MUD_C_TELEGRAM},
                 {"wechat", MUD_C_WECHAT},
                 {"weixin", MUD_C_WECHAT},
                 {"whatsapp", MUD_C_WHATSAPP},
                 {"discord", MUD_C_DISCORD},
                 {"jabber", MUD_C_XMPP},
                 {"skype", MUD_C_SKYPE},
                 {"signal", MUD_C_SIGNAL},
                 {"wickr", MUD_C_WICKR},
                 {"viber", MUD_C_VIBER},
                 {"potato", MUD_C_POTATO}};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (mud_str_eqz(name, names[i].name))
            return names[i].type;
    }
    return MUD_C_NONE;
}

/* The network that the words from mark i on spell in pieces; *last is the
 * last of them. */
static unsigned spelled(const struct mud_scan *s, uint32_t i, uint32_t *last)
{
    char name[WORD_MAX];
    size_t n = 0;

    for (uint32_t j = i; j <= s->n_marks && j < i + WORD_MAX; j++) {
        const struct mud_mark *m = &s->marks[j];
        uint32_t len = m->end - m->start;
        unsigned type;

        if ((m->type != MUD_MARK_WORD && m->type != MUD_MARK_TERM) ||
            m->claimed || len > 4 || n + len > sizeof name ||
            (j > i && m->start - s->marks[j - 1].end > 1))
            break;
        memcpy(name + n, s->text.s + m->start, len);
        n += len;
        if (n < 5 || j == i)
            continue;
        type = network(mud_str_of(name, n));
        if (type) {
            *last = j;
            return type;
        }
    }
    return MUD_C_NONE;
}

static void find_spelled(struct mud_scan *s)
{
    for (uint32_t i = 1; i + 2 <= s->n_marks; i++) {
        const struct mud_mark *m = &s->marks[i], *next = m + 1;
        uint32_t last = 0, at;
        struct mud_value v;
        unsigned type;

        if (m->end - m->start > 4 || !next->space ||
            next->end - next->start > 4 ||
            !strchr("twdjsvp", mud_scan_byte(s, m->start)))
            continue;
        type = spelled(s, i, &last);
        if (!type)
            continue;
        at = last + 1;
        while (at <= s->n_marks && s->marks[at].type == MUD_MARK_SIGN &&
               at < last + 4 && !s->marks[at].claimed &&
               s->marks[at].sign != ',')
            at++;
        if (at > s->n_marks || s->marks[at].claimed ||
            !mud_contact_value(&v, s, s->marks[at].start, type))
            continue;
        put(s, v.start, v.end, type, v.value, MUD_RULE_CONTACT_CUE);
    }
}

/* "户名 ... 账号 6200...": the owner's name makes it the payee's. */
static void find_accounts(struct mud_scan *s)
{
    if (!mud_scan_says(s, "户名"))
        return;
    for (uint32_t i = 2; i <= s->n_marks; i++) {
        const struct mud_mark *m = &s->marks[i];
        uint32_t from = m->start > NEAR ? m->start - NEAR : 0;
        struct mud_value v;

        if (m->claimed || m->type != MUD_MARK_NUMBER || m->glued ||
            !mud_contact_value(&v, s, m->start, MUD_C_BANK) ||
            mud_str_find(mud_scan_text(s,
                                       from,
                                       v.end + NEAR < s->text.n
                                           ? v.end + NEAR
                                           : (uint32_t)s->text.n),
                         MUD_STR("户名")) == MUD_NPOS)
            continue;
        put(s, v.start, v.end, MUD_C_BANK, v.value, v.rule);
    }
}

void mud_contacts_hidden(struct mud_scan *s)
{
    find_at_words(s);
    find_stand_ins(s);
    find_places(s);
    find_spelled(s);
    find_accounts(s);
}
