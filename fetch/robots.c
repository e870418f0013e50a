#include "fetch/robots.h"

enum {
    SITEMAPS = 100,
    DELAY_MAX = 86400, /* s */
    STEPS = 1 << 16    /* of matching one rule */
};

struct reading {
    struct mud_arena *arena;
    const char *agent;
    struct mud_robots *out;
    size_t cap, cap_maps;
    struct mud_robots_rule *rules;
    struct mud_str *maps;
    bool in_agents; /* the line before named an agent: the group goes on */
    bool ours;      /* the group at hand names us, */
    bool any;       /* or everybody */
    bool named;     /* some group named us: those of everybody do not count */
    bool plausible; /* there was a line of the format */
};

static bool is_key(struct mud_str key, const char *name)
{
    return mud_str_ieq(key, mud_str_z(name));
}

/* "Mudlark/1.0" and "mudlark" name us; "mud" and "mudlarks" do not. */
static bool names_us(struct mud_str value, const char *agent)
{
    size_t n = strlen(agent);

    if (value.n < n || !mud_str_ieq(mud_str_of(value.s, n), mud_str_z(agent)))
        return false;
    if (value.n == n)
        return true;
    char c = value.s[n];
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
             c == '-');
}

static void take_agent(struct reading *r, struct mud_str value)
{
    if (!r->in_agents)
        r->ours = r->any = false;
    r->in_agents = true;
    if (mud_str_eqz(value, "*"))
        r->any = true;
    if (!names_us(value, r->agent))
        return;
    r->ours = true;
    if (!r->named) { /* what was for everybody is not for us */
        r->named = true;
        r->out->n_rules = 0;
        r->out->delay_s = 0;
    }
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* Bytes above ASCII percent-encoded, escapes in capitals: one form for both
 * sides of a comparison. */
static struct mud_str encoded(struct mud_str s, struct mud_arena *arena)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = mud_arena_alloc(arena, s.n * 3 + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.s[i];

        if (c == '%' && s.n - i > 2 && is_hex(s.s[i + 1]) &&
            is_hex(s.s[i + 2])) {
            out[n++] = '%';
            for (int k = 1; k < 3; k++) {
                char h = s.s[i + (size_t)k];
                out[n++] = (char)(h >= 'a' ? h - 32 : h);
            }
            i += 2;
        } else if (c > ' ' && c < 0x7f) {
            out[n++] = (char)c;
        } else {
            out[n++] = '%';
            out[n++] = hex[c >> 4];
            out[n++] = hex[c & 15];
        }
    }
    return mud_str_of(out, n);
}

static void take_rule(struct reading *r, struct mud_str value, bool allow)
{
    if (!value.n || r->out->n_rules == MUD_ROBOTS_RULES)
        return; /* "Disallow:" forbids nothing */
    r->rules = mud_arena_grow(
        r->arena, r->rules, &r->cap, r->out->n_rules, sizeof *r->rules);
    r->rules[r->out->n_rules++] =
        (struct mud_robots_rule){encoded(value, r->arena), allow};
}

static void take_delay(struct reading *r, struct mud_str value)
{
    unsigned seconds = 0;

    for (size_t i = 0; i < value.n && value.s[i] >= '0' && value.s[i] <= '9';
         i++) {
        seconds = seconds * 10 + (unsigned)(value.s[i] - '0');
        if (seconds > DELAY_MAX)
            seconds = DELAY_MAX;
    }
    r->out->delay_s = seconds;
}

static void take_sitemap(struct reading *r, struct mud_str value)
{
    if (!value.n || r->out->n_sitemaps == SITEMAPS)
        return;
    r->maps = mud_arena_grow(
        r->arena, r->maps, &r->cap_maps, r->out->n_sitemaps, sizeof *r->maps);
    r->maps[r->out->n_sitemaps++] = mud_str_dup(value, r->arena);
}

static void take_line(struct reading *r, struct mud_str line)
{
    size_t hash = mud_str_chr(line, '#');
    struct mud_str key;

    if (hash != MUD_NPOS)
        line.n = hash;
    if (!mud_str_cut(&line, ':', &key))
        return;
    key = mud_str_trim(key);
    line = mud_str_trim(line);
    bool mine = r->ours || (r->any && !r->named);
    bool allow = is_key(key, "allow"), rule = allow || is_key(key, "disallow");
    bool agent = is_key(key, "user-agent"), map = is_key(key, "sitemap");

    r->plausible |= rule || agent || map;
    if (agent)
        take_agent(r, line);
    else if (rule && mine)
        take_rule(r, line, allow);
    else if (is_key(key, "crawl-delay") && mine)
        take_delay(r, line);
    else if (map)
        take_sitemap(r, line);
    if (!agent && !map) /* a sitemap belongs to no group and ends none */
        r->in_agents = false;
}

static bool plain(struct mud_str type)
{
    size_t end = mud_str_chr(type, ';');

    if (end != MUD_NPOS)
        type.n = end;
    type = mud_str_trim(type);
    return !type.n || mud_str_ieq(type, MUD_STR("text/plain")) ||
           mud_str_ieq(type, MUD_STR("application/octet-stream"));
}

/* One line of any end: CR, LF or both. */
static bool next_line(struct mud_str *text, struct mud_str *line)
{
    size_t n = 0;

    if (!text->n)
        return false;
    while (n < text->n && text->s[n] != '\n' && text->s[n] != '\r')
        n++;
    *line = mud_str_of(text->s, n);
    *text = mud_str_sub(*text, n < text->n ? n + 1 : n, text->n);
    return true;
}

void mud_robots_read(struct mud_robots *out, struct mud_str text, int status,
                     struct mud_str type, const char *agent,
                     struct mud_arena *arena)
{
    static const struct mud_robots_rule all = {{"/", 1}, false};
    struct reading r = {.arena = arena, .agent = agent, .out = out};
    struct mud_str line;

    *out = (struct mud_robots){0};
    if (status >= 500 || status < 100) {
        out->rules = &all;
        out->n_rules = 1;
        return;
    }
    if (status < 200 || status >= 300 || !plain(type))
        return;
    if (text.n > MUD_ROBOTS_MAX)
        text.n = MUD_ROBOTS_MAX;
    if (mud_str_starts(text, MUD_STR("\xef\xbb\xbf")))
        text = mud_str_sub(text, 3, text.n);
    if (mud_str_starts(mud_str_trim(text), MUD_STR("<")))
        return;
    while (next_line(&text, &line))
        take_line(&r, line);
    out->found = r.plausible;
    out->rules = r.rules;
    out->sitemaps = r.maps;
}

/*
 * Does a pattern fit the beginning of path? "*" stands for anything, "$" at the
 * end for the end. The star met last is gone back to, no other: what an earlier
 * one could do, it can.
 */
static bool fits(struct mud_str pattern, struct mud_str path)
{
    bool whole = pattern.n && pattern.s[pattern.n - 1] == '$';
    size_t p = 0, at = 0, star = MUD_NPOS, from = 0, n = pattern.n - whole;

    for (unsigned step = 0; step < STEPS; step++) {
        if (p == n && (!whole || at == path.n))
            return true;
        if (p < n && pattern.s[p] == '*') {
            star = p++;
            from = at;
        } else if (p < n && at < path.n && pattern.s[p] == path.s[at]) {
            p++;
            at++;
        } else if (star != MUD_NPOS && from < path.n) {
            p = star + 1;
            at = ++from;
        } else {
            return false;
        }
    }
    return false;
}

bool mud_robots_allows(const struct mud_robots *robots, struct mud_str path,
                       struct mud_str *rule)
{
    const struct mud_robots_rule *best = NULL;
    struct mud_arena *arena = mud_arena_new();
    struct mud_str same = encoded(path, arena);

    for (size_t i = 0; i < robots->n_rules; i++) {
        const struct mud_robots_rule *r = &robots->rules[i];

        if (best && (r->path.n < best->path.n ||
                     (r->path.n == best->path.n && !r->allow)))
            continue;
        if (fits(r->path, same))
            best = r;
    }
    mud_arena_free(arena);
    if (mud_str_eqz(path, "/robots.txt"))
        best = NULL;
    if (rule)
        *rule = best ? best->path : MUD_STR("");
    return !best || best->allow;
}
