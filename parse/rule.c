#include "parse/rule.h"

#define DIGITS_MAX 18
#define SLUG_MAX   512 /* percent-encoded */

static const char *const kinds[MUD_RULES] =
    {"board", "thread", "post", "profile", "index", "feed"};
static const char *const vars[MUD_VARS] = {
    "board",
    "thread",
    "post",
    "user",
    "page",
    "start",
    "any",
    "slug",
};

int mud_rule_kind_of(struct mud_str name)
{
    for (int i = 0; i < MUD_RULES; i++)
        if (mud_str_eqz(name, kinds[i]))
            return i;
    return -1;
}

int mud_rule_var_of(struct mud_str name)
{
    for (int i = 0; i < MUD_VARS; i++)
        if (mud_str_eqz(name, vars[i]))
            return i;
    return -1;
}

/* Takes "{name}" off the front of *rest; -1 when there is none. */
static int take_var(struct mud_str *rest)
{
    if (!rest->n || rest->s[0] != '{')
        return -1;
    size_t end = mud_str_chr(*rest, '}');
    if (end == MUD_NPOS)
        return -1;
    int var = mud_rule_var_of(mud_str_sub(*rest, 1, end));
    *rest = mud_str_sub(*rest, end + 1, rest->n);
    return var;
}

bool mud_rule_read(struct mud_rule *out, enum mud_rule_kind kind,
                   struct mud_str text, struct mud_arena *arena,
                   struct mud_error *err)
{
    text = mud_str_dup(text, arena);
    *out = (struct mud_rule){.kind = kind, .path = text};
    for (struct mud_str rest = text; rest.n;) {
        size_t open = mud_str_chr(rest, '{');
        if (open == MUD_NPOS)
            break;
        rest = mud_str_sub(rest, open, rest.n);
        if (take_var(&rest) < 0)
            return mud_fail(err,
                            MUD_EINPUT,
                            "url rule \"%.*s\": unknown {}",
                            MUD_FMT(text));
    }
    size_t mark = mud_str_chr(text, '?');
    if (mark != MUD_NPOS) {
        out->path = mud_str_sub(text, 0, mark);
        out->query = mud_str_sub(text, mark + 1, text.n);
    }
    out->in_path = mud_str_chr(out->path, '{') != MUD_NPOS;
    return true;
}

/* The longest run at the front of s that var stands for. */
static size_t run_of(int var, struct mud_str s)
{
    size_t n = 0;
    if (var == MUD_VAR_ANY) {
        while (n < s.n && n < 64 && !strchr("-/.", s.s[n]))
            n++;
        return n;
    }
    while (n < s.n && n <= DIGITS_MAX && s.s[n] >= '0' && s.s[n] <= '9')
        n++;
    return n <= DIGITS_MAX ? n : 0;
}

static void set(struct mud_rule_hit *hit, int var, struct mud_str value)
{
    while (value.n > 1 && value.s[0] == '0' && var < MUD_VAR_ANY)
        value = mud_str_sub(value, 1, value.n);
    hit->var[var] = value;
}

/* A title in an address: what is short of "/", up to the last place where
 * rest, which goes on behind it, may begin. */
static size_t slug_of(struct mud_str rest, struct mud_str s)
{
    size_t n = mud_str_chr(s, '/');
    n = n == MUD_NPOS ? s.n : n;
    if (rest.n && rest.s[0] != '/') {
        size_t at = mud_str_rchr(mud_str_sub(s, 0, n), rest.s[0]);
        n = at == MUD_NPOS ? 0 : at;
    }
    return n <= SLUG_MAX ? n : 0;
}

/* All of text has the form of pattern. */
static bool form_match(struct mud_str pattern, struct mud_str text,
                       struct mud_rule_hit *hit)
{
    while (pattern.n) {
        int var = take_var(&pattern);
        if (var >= 0) {
            size_t n = var == MUD_VAR_SLUG ? slug_of(pattern, text)
                                           : run_of(var, text);
            if (n == 0 && var != MUD_VAR_ANY)
                return false;
            struct mud_str before = hit->var[var];
            set(hit, var, mud_str_sub(text, 0, n));
            if (var == MUD_VAR_SLUG && before.n) /* "c/parent/child/7" */
                hit->var[var] =
                    mud_str_of(before.s, (size_t)(text.s - before.s) + n);
            text = mud_str_sub(text, n, text.n);
            continue;
        }
        if (!text.n || text.s[0] != pattern.s[0])
            return false;
        pattern = mud_str_sub(pattern, 1, pattern.n);
        text = mud_str_sub(text, 1, text.n);
    }
    return text.n == 0;
}

static bool query_match(struct mud_str pattern, struct mud_str query,
                        struct mud_rule_hit *hit)
{
    struct mud_str name, form;
    while (mud_url_param_next(&pattern, &name, &form)) {
        char key[32];
        if (mud_str_chr(name, '{') != MUD_NPOS) {
            /* "?thread-7-2.htm": the first parameter is the address. */
            struct mud_str rest = query, first, none;
            if (!mud_url_param_next(&rest, &first, &none) || none.n ||
                !form_match(name, first, hit))
                return false;
            continue;
        }
        if (name.n >= sizeof(key))
            return false;
        memcpy(key, name.s, name.n);
        key[name.n] = 0;
        struct mud_str value;
        if (!mud_url_param(query, key, &value)) {
            if (!mud_str_eqz(form, "{page}") && !mud_str_eqz(form, "{start}"))
                return false;
        } else if (!form_match(form, value, hit)) {
            return false;
        }
    }
    return true;
}

bool mud_rule_match(const struct mud_rule *rule, const struct mud_url *url,
                    struct mud_rule_hit *hit)
{
    *hit = (struct mud_rule_hit){.rule = rule};
    size_t slash = mud_str_rchr(url->path, '/');
    struct mud_str rest = rule->path, part;
    while (slash != MUD_NPOS && mud_str_chr(rest, '/') != MUD_NPOS) {
        (void)mud_str_cut(&rest, '/', &part); /* as deep as the rule */
        slash = mud_str_rchr(mud_str_sub(url->path, 0, slash), '/');
    }
    if (slash == MUD_NPOS)
        return false;
    hit->folder = mud_str_sub(url->path, 0, slash + 1);
    struct mud_str file = mud_str_sub(url->path, slash + 1, url->path.n);
    return form_match(rule->path, file, hit) &&
           query_match(rule->query, url->query, hit);
}

static struct mud_str value_of(const struct mud_rule_hit *hit, int var)
{
    if (var == MUD_VAR_ANY || (var == MUD_VAR_PAGE && !hit->var[var].n))
        return MUD_STR("1");
    if (var == MUD_VAR_START && !hit->var[var].n)
        return MUD_STR("0");
    return hit->var[var];
}

/* pattern with its variables filled in; false when one is missing. */
static bool fill(struct mud_buf *out, struct mud_str pattern,
                 const struct mud_rule_hit *hit)
{
    struct mud_str slug = hit->var[MUD_VAR_SLUG];
    while (pattern.n) {
        int var = take_var(&pattern);
        if (var < 0) {
            mud_buf_c(out, pattern.s[0]);
            pattern = mud_str_sub(pattern, 1, pattern.n);
            continue;
        }
        struct mud_str value = value_of(hit, var);
        if (var == MUD_VAR_SLUG) { /* a part each, the last one the rest */
            value = slug;
            if (mud_str_find(pattern, MUD_STR("{slug}")) != MUD_NPOS)
                (void)mud_str_cut(&slug, '/', &value);
        }
        if (!value.n || (var < MUD_VAR_ANY && run_of(var, value) != value.n))
            return false;
        mud_buf_str(out, value);
    }
    return true;
}

static bool is_default(struct mud_str form, const struct mud_rule_hit *hit)
{
    if (mud_str_eqz(form, "{page}"))
        return mud_str_eqz(value_of(hit, MUD_VAR_PAGE), "1");
    return mud_str_eqz(form, "{start}") &&
           mud_str_eqz(value_of(hit, MUD_VAR_START), "0");
}

struct mud_str mud_rule_write(const struct mud_rule *rule,
                              const struct mud_rule_hit *hit,
                              struct mud_str origin, struct mud_arena *arena)
{
    struct mud_buf out = {.max = MUD_URL_MAX};
    mud_buf_str(&out, origin);
    mud_buf_str(&out, hit->folder);
    bool ok = fill(&out, rule->path, hit);
    struct mud_str rest = rule->query, name, form;
    char join = '?';
    while (ok && mud_url_param_next(&rest, &name, &form)) {
        if (is_default(form, hit))
            continue;
        mud_buf_c(&out, join);
        ok = fill(&out, name, hit);
        if (form.n)
            mud_buf_c(&out, '=');
        ok = ok && fill(&out, form, hit);
        join = '&';
    }
    struct mud_str url = {0};
    if (ok && !out.over)
        url = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return url;
}
