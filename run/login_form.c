#include "run/login_form.h"

#include "base/charset.h"
#include "base/hash.h"
#include "base/utf8.h"

#include <stdio.h>
#include <sys/mman.h>

enum {
    BODY = 32768,  /* bytes of the form */
    VALUE = 16384, /* of one field, twice: as said, and for its digest */
    ROOM = BODY + 2 * VALUE
};

struct text { /* in the room; never moves, so nothing stays behind */
    char *s;
    size_t n, max;
    bool over;
};

struct filler {
    const struct mud_login_rules *rules;
    const struct mud_login_page *page;
    const struct mud_secret *secret;
    struct mud_arena *arena;
    struct text body, value, other;
    struct mud_error *err;
};

static void put(struct text *out, struct mud_str s)
{
    if (s.n > out->max - out->n) {
        out->over = true;
        return;
    }
    if (s.n)
        memcpy(out->s + out->n, s.s, s.n);
    out->n += s.n;
}

static struct mud_str view(const struct text *text)
{
    return mud_str_of(text->s, text->n);
}

/* As a script of vBulletin does before it hashes: UTF-16 units above 255 as
 * numeric references, the others as a byte. */
static void put_entities(struct text *out, struct mud_str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t c = mud_utf8_next(s, &at), units[2] = {c, 0};
        if (c > 0xffff) {
            units[0] = 0xd800 + ((c - 0x10000) >> 10);
            units[1] = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        for (size_t i = 0; i < 2 && (!i || units[i]); i++) {
            char text[16];
            size_t n = 1;
            text[0] = (char)units[i];
            if (units[i] > 255)
                n = (size_t)snprintf(
                    text, sizeof text, "&#%u;", (unsigned)units[i]);
            put(out, mud_str_of(text, n));
        }
    }
}

static bool put_digest(struct filler *f, bool entities)
{
    struct mud_str password;
    char hex[MUD_MD5_HEX];

    if (!mud_secret_need(&password, f->secret, "password", f->err))
        return false;
    f->other.n = 0;
    if (entities)
        put_entities(&f->other, password);
    else
        put(&f->other, password);
    mud_md5_hex(hex, view(&f->other));
    put(&f->value, mud_str_z(hex));
    explicit_bzero(hex, sizeof hex);
    return true;
}

/* What stands in braces. */
static bool put_named(struct filler *f, struct mud_str name)
{
    struct mud_str key = name, other = {0}, value;
    size_t bar = mud_str_chr(name, '|');

    if (mud_str_eqz(name, "md5") || mud_str_eqz(name, "md5-entities"))
        return put_digest(f, name.n > 3);
    if (mud_str_eqz(name, "token")) {
        put(&f->value, f->page->account->token);
        return true;
    }
    if (bar != MUD_NPOS) {
        key = mud_str_sub(name, 0, bar);
        other = mud_str_sub(name, bar + 1, name.n);
    }
    const char *z = mud_str_cstr(key, f->arena);
    if (bar != MUD_NPOS)
        value = mud_secret_get(f->secret, z);
    else if (!mud_secret_need(&value, f->secret, z, f->err))
        return false;
    put(&f->value, value.n ? value : other);
    return true;
}

/* The value of a rule, in f->value. */
static bool expand(struct filler *f, struct mud_str rule)
{
    f->value.n = 0;
    while (rule.n) {
        size_t open = mud_str_chr(rule, '{'), end = mud_str_chr(rule, '}');
        if (open == MUD_NPOS || end == MUD_NPOS || end < open) {
            put(&f->value, rule);
            break;
        }
        put(&f->value, mud_str_sub(rule, 0, open));
        if (!put_named(f, mud_str_sub(rule, open + 1, end)))
            return false;
        rule = mud_str_sub(rule, end + 1, rule.n);
    }
    return true;
}

/* application/x-www-form-urlencoded, of bytes in the page's charset. */
static void put_escaped(struct text *out, struct mud_str s)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.s[i];
        char hex[] = {'%', digits[c >> 4], digits[c & 15]};
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                     (c >= 'a' && c <= 'z') || (c && strchr("*-._", c));
        if (c == ' ')
            put(out, MUD_STR("+"));
        else
            put(out, plain ? mud_str_of(s.s + i, 1) : mud_str_of(hex, 3));
    }
}

static bool is_ascii(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.s[i] > 0x7f)
            return false;
    return true;
}

static bool put_text(struct filler *f, struct mud_str s)
{
    struct mud_arena *scratch;
    struct mud_str bytes = {0};
    bool good;

    if (is_ascii(s)) {
        put_escaped(&f->body, s);
        return true;
    }
    scratch = mud_arena_new();
    good = mud_charset_encode(&bytes, s, f->page->charset, scratch, f->err);
    if (good)
        put_escaped(&f->body, bytes);
    mud_arena_wipe(scratch);
    return good;
}

static bool put_field(struct filler *f, struct mud_str name,
                      struct mud_str value)
{
    if (f->body.n)
        put(&f->body, MUD_STR("&"));
    if (!put_text(f, name))
        return false;
    put(&f->body, MUD_STR("="));
    return put_text(f, value);
}

static const struct mud_login_send *send_of(const struct filler *f,
                                            struct mud_str name)
{
    for (size_t i = 0; i < f->rules->n_sends; i++)
        if (mud_str_eq(f->rules->sends[i].name, name))
            return &f->rules->sends[i];
    return NULL;
}

static bool fill_body(struct filler *f)
{
    const struct mud_page_account *account = f->page->account;

    for (size_t i = 0; i < account->n_fields; i++)
        if (!send_of(f, account->fields[i].name) &&
            !put_field(f, account->fields[i].name, account->fields[i].value))
            return false;
    for (size_t i = 0; i < f->rules->n_sends; i++)
        if (!expand(f, f->rules->sends[i].value) ||
            !put_field(f, f->rules->sends[i].name, view(&f->value)))
            return false;
    if (f->body.over || f->value.over || f->other.over)
        return mud_fail(f->err, MUD_ELIMIT, "the log-in form is too long");
    return true;
}

/* Headers get no secret but the board's own token. */
static bool fill_headers(struct mud_login_form *out, struct filler *f)
{
    out->form.headers = out->headers;
    for (size_t i = 0; i < f->rules->n_headers && i < MUD_LOGIN_HEADERS; i++) {
        const struct mud_login_send *header = &f->rules->headers[i];
        if (!expand(f, header->value))
            return false;
        for (size_t k = 0; k < f->value.n; k++)
            if ((unsigned char)f->value.s[k] < ' ')
                return mud_fail(f->err,
                                MUD_EINPUT,
                                "the token holds a line end or the like");
        out->headers[out->form.n_headers++] =
            mud_str_printf(f->arena,
                           "%.*s: %.*s",
                           MUD_FMT(header->name),
                           MUD_FMT(view(&f->value)));
    }
    return true;
}

bool mud_login_fill(struct mud_login_form *out,
                    const struct mud_login_rules *rules,
                    const struct mud_login_page *page,
                    const struct mud_secret *secret, struct mud_arena *arena,
                    struct mud_error *err)
{
    struct mud_str to =
        page->account->action.n ? page->account->action : page->target;
    struct filler f = {.rules = rules,
                       .page = page,
                       .secret = secret,
                       .arena = arena,
                       .err = err};

    *out = (struct mud_login_form){0};
    out->room = mmap(
        NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (out->room == MAP_FAILED)
        mud_out_of_memory();
    (void)madvise(out->room, ROOM, MADV_DONTDUMP);
    (void)mlock(out->room, ROOM);
    f.body = (struct text){.s = out->room, .max = BODY};
    f.value = (struct text){.s = out->room + BODY, .max = VALUE};
    f.other = (struct text){.s = out->room + BODY + VALUE, .max = VALUE};
    if (!fill_body(&f) || !fill_headers(out, &f)) {
        mud_login_form_free(out);
        return false;
    }
    out->form.url =
        rules->with.n && mud_str_chr(to, '?') != MUD_NPOS
            ? mud_str_printf(
                  arena, "%.*s%.*s", MUD_FMT(to), MUD_FMT(rules->with))
            : to;
    out->form.referrer = page->url;
    out->form.body = view(&f.body);
    return true;
}

void mud_login_form_free(struct mud_login_form *form)
{
    if (form->room) {
        explicit_bzero(form->room, ROOM);
        munmap(form->room, ROOM);
    }
    *form = (struct mud_login_form){0};
}
