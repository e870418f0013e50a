#include "parse/sight.h"

#include "parse/flow.h"
#include "parse/said.h"

#include <inttypes.h>
#include <jansson.h>

uint32_t mud_sight_end(const struct mud_sight *sight, uint32_t node)
{
    return sight->piece_end && node == sight->piece
               ? sight->piece_end
               : sight->page->nodes[node].end;
}

void mud_sight_mark(struct mud_sight *sight, const struct mud_select *select,
                    uint32_t node, unsigned bits)
{
    uint32_t end = mud_sight_end(sight, node);
    for (uint32_t i = node; i < end;) {
        i = mud_select_first(select, sight->page, i, end, &sight->steps);
        if (i == MUD_NO_NODE)
            return;
        sight->skip[i] |= (uint8_t)bits;
        i = sight->page->nodes[i].end;
    }
}

bool mud_sight_url(struct mud_sight *sight, struct mud_str ref,
                   struct mud_url *url)
{
    ref = mud_str_trim(ref);
    struct mud_error err = {0};
    sight->steps -= 150; /* libcurl takes its time */
    return sight->steps > 0 && ref.n && ref.n <= MUD_URL_MAX &&
           mud_url_resolve(url, sight->base, ref, sight->arena, &err);
}

bool mud_sight_rule(struct mud_sight *sight, const struct mud_url *url,
                    struct mud_rule_hit *hit)
{
    for (size_t i = 0; i < sight->engine->n_rules; i++)
        if (mud_rule_match(&sight->engine->rules[i], url, hit))
            return true;
    return false;
}

static struct mud_str take_url(struct mud_sight *sight, struct mud_str ref,
                               enum mud_take take, struct mud_str arg)
{
    struct mud_url url;
    struct mud_rule_hit hit;
    struct mud_str value = {0};
    if (!mud_sight_url(sight, ref, &url))
        return value;
    if (take == MUD_TAKE_QUERY) {
        const char *name = mud_str_cstr(arg, sight->arena);
        if (!mud_url_param(url.query, name, &value))
            return (struct mud_str){0};
        return mud_url_decode(value, true, sight->arena);
    }
    if (mud_sight_rule(sight, &url, &hit))
        value = hit.var[mud_rule_var_of(arg)];
    return value;
}

static struct mud_str take_digits(struct mud_str s)
{
    size_t from = 0;
    while (from < s.n && (s.s[from] < '0' || s.s[from] > '9'))
        from++;
    size_t to = from;
    while (to < s.n && s.s[to] >= '0' && s.s[to] <= '9')
        to++;
    return to > from ? mud_str_sub(s, from, to) : (struct mud_str){0};
}

static struct mud_str take_words(struct mud_sight *sight, struct mud_str s,
                                 struct mud_str words)
{
    struct mud_str word;
    for (int place = 1; mud_str_cut(&words, ' ', &word); place++)
        if (word.n && mud_str_eq(word, s))
            return mud_str_printf(sight->arena, "%d", place);
    return (struct mud_str){0};
}

/* 2001-09-09 to 2286 in seconds has ten digits, in milliseconds thirteen. */
static struct mud_str take_epoch(struct mud_sight *sight, struct mud_str s)
{
    uint64_t n;
    char text[MUD_TIME_TEXT];
    if ((s.n != 10 && s.n != 13) || !mud_str_u64(s, &n))
        return (struct mud_str){0};
    int64_t us = (int64_t)(s.n == 13 ? n / 1000 : n) * MUD_SECOND;
    return mud_str_dup(mud_str_z(mud_time_text(text, us, false)), sight->arena);
}

/* Numbers come as digits, other kinds than texts not at all. */
static struct mud_str take_member(struct mud_sight *sight, struct mud_str s,
                                  struct mud_str path)
{
    struct mud_str found = {0}, name;
    json_t *object = json_loadb(s.s, s.n, JSON_REJECT_DUPLICATES, NULL);
    sight->steps -= (int64_t)s.n;
    const json_t *value = object;
    while (value && mud_str_cut(&path, '.', &name))
        value = json_object_get(value, mud_str_cstr(name, sight->arena));
    if (json_is_string(value))
        found = mud_str_dup(mud_str_of(json_string_value(value),
                                       json_string_length(value)),
                            sight->arena);
    else if (json_is_integer(value))
        found = mud_str_printf(
            sight->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    json_decref(object);
    return found;
}

/* "12" and "-1" are "11"; a sum below 0 is none. */
static struct mud_str take_plus(struct mud_sight *sight, struct mud_str s,
                                struct mud_str more)
{
    uint64_t a, b;
    bool less = mud_str_starts(more, MUD_STR("-"));
    more = mud_str_sub(more, less, more.n);
    if (s.n > 9 || more.n > 9 || !mud_str_u64(s, &a) ||
        !mud_str_u64(more, &b) || (less && b > a))
        return (struct mud_str){0};
    return mud_str_printf(sight->arena, "%" PRIu64, less ? a - b : a + b);
}

#define LOOK_MAX 64 /* nodes of the element that are looked at */

/* Lists say who wrote by a number, and names once, in a list of their own. */
static struct mud_str take_look(struct mud_sight *sight, struct mud_str id,
                                const struct mud_select *select,
                                struct mud_str name)
{
    const struct mud_page *page = sight->page;
    for (uint32_t i = 0; i < page->n; i++) {
        i = mud_select_first(select, page, i, page->n, &sight->steps);
        if (i == MUD_NO_NODE)
            break;
        if (!mud_str_eq(mud_node_attr(&page->nodes[i], "id"), id))
            continue;
        uint32_t end = page->nodes[i].end;
        for (uint32_t k = i; k < end && k < i + LOOK_MAX; k++) {
            struct mud_str value = mud_node_attr_of(&page->nodes[k], name);
            if (value.n)
                return value;
        }
    }
    return (struct mud_str){0};
}

static struct mud_str apply(struct mud_sight *sight, struct mud_str value,
                            const struct mud_taking *take)
{
    size_t at = 0;
    struct mud_str arg = take->arg;
    switch (take->take) {
    case MUD_TAKE_QUERY:
    case MUD_TAKE_URL:
        return take_url(sight, value, take->take, arg);
    case MUD_TAKE_AFTER:
        at = mud_str_find(value, arg);
        return at == MUD_NPOS
                   ? value
                   : mud_str_trim(mud_str_sub(value, at + arg.n, value.n));
    case MUD_TAKE_BEFORE:
        at = mud_str_find(value, arg);
        return at == MUD_NPOS ? (struct mud_str){0}
                              : mud_str_trim(mud_str_sub(value, 0, at));
    case MUD_TAKE_DIGITS:
        return take_digits(value);
    case MUD_TAKE_ID:
        return value.n <= 18 && take_digits(value).n == value.n
                   ? value
                   : (struct mud_str){0};
    case MUD_TAKE_WORDS:
        return take_words(sight, value, arg);
    case MUD_TAKE_WITH:
        return mud_str_find(value, arg) == MUD_NPOS ? (struct mud_str){0}
                                                    : value;
    case MUD_TAKE_BEHIND:
        while ((at = mud_str_find(value, arg)) != MUD_NPOS)
            value = mud_str_sub(value, at + arg.n, value.n);
        return mud_str_trim(value);
    case MUD_TAKE_LINE:
        at = mud_str_chr(value, '\n');
        return at == MUD_NPOS ? value : mud_str_trim(mud_str_sub(value, 0, at));
    case MUD_TAKE_NOT:
        return mud_str_eq(value, arg) ? (struct mud_str){0} : value;
    case MUD_TAKE_EPOCH:
        return take_epoch(sight, value);
    case MUD_TAKE_MEMBER:
        return take_member(sight, value, arg);
    case MUD_TAKE_PLUS:
        return take_plus(sight, value, arg);
    case MUD_TAKE_LOOK:
        return take_look(sight, value, take->select, arg);
    case MUD_TAKE_SAID:
        return mud_said(value);
    }
    return value;
}

static struct mud_str value_at(struct mud_sight *sight,
                               const struct mud_pick *pick, uint32_t node)
{
    struct mud_str value;
    if (pick->attr)
        value =
            mud_str_trim(mud_node_attr(&sight->page->nodes[node], pick->attr));
    else
        value = mud_sight_text(sight, node, MUD_SKIP_DROP | MUD_SKIP_QUOTE);
    for (size_t i = 0; i < pick->n && value.n; i++)
        value = apply(sight, value, &pick->takes[i]);
    return value;
}

/* A pick looks at no more nodes than this before it gives up. */
#define TRIES_MAX 64

static struct mud_str pick_one(struct mud_sight *sight,
                               const struct mud_pick *pick, uint32_t node,
                               uint32_t end)
{
    if (!pick->select)
        return value_at(sight, pick, node);
    struct mud_str found = {0};
    int tries = 0;
    unsigned n = 0;
    for (uint32_t i = node; i < end && tries < TRIES_MAX; i++, tries++) {
        i = mud_select_first(pick->select, sight->page, i, end, &sight->steps);
        if (i == MUD_NO_NODE)
            break;
        struct mud_str value = value_at(sight, pick, i);
        if (!value.n || ++n < pick->nth)
            continue;
        found = value;
        if (!pick->last)
            break;
    }
    return found;
}

struct mud_str mud_sight_pick(struct mud_sight *sight,
                              const struct mud_picks *picks, uint32_t node,
                              uint32_t end)
{
    struct mud_str value = {0};
    for (size_t i = 0; i < picks->n && !value.n; i++)
        value = pick_one(sight, &picks->items[i], node, end);
    return value;
}

bool mud_sight_date(struct mud_sight *sight, const struct mud_picks *picks,
                    uint32_t node, int64_t *us, enum mud_precision *precision)
{
    uint32_t end = mud_sight_end(sight, node);
    bool found = false;
    *us = 0;
    *precision = MUD_UNKNOWN_TIME;
    for (size_t i = 0; i < picks->n; i++) {
        int64_t at;
        enum mud_precision as;
        struct mud_str value = pick_one(sight, &picks->items[i], node, end);
        if (!value.n || !mud_date_find(&at, &as, value, &sight->dates) ||
            (found && as >= *precision))
            continue;
        *us = at;
        *precision = as;
        found = true;
        if (as <= MUD_TO_MINUTE)
            break;
    }
    return found;
}

uint32_t mud_sight_number(struct mud_sight *sight,
                          const struct mud_picks *picks, uint32_t node,
                          uint32_t end)
{
    uint64_t n = 0;
    struct mud_str value = mud_sight_pick(sight, picks, node, end);
    if (value.n > 9 || !mud_str_u64(value, &n))
        return 0;
    return (uint32_t)n;
}

const struct mud_cond *mud_sight_cond(struct mud_sight *sight,
                                      const struct mud_conds *conds,
                                      uint32_t node)
{
    uint32_t end = mud_sight_end(sight, node);
    for (size_t c = 0; c < conds->n; c++) {
        const struct mud_cond *cond = &conds->items[c];
        int tries = 0;
        for (uint32_t i = node; i < end && tries < TRIES_MAX; i++, tries++) {
            i = mud_select_first(
                cond->select, sight->page, i, end, &sight->steps);
            if (i == MUD_NO_NODE)
                break;
            if (!cond->text.n || mud_str_find(mud_sight_text(sight, i, 0),
                                              cond->text) != MUD_NPOS)
                return cond;
        }
    }
    return NULL;
}

struct mud_str mud_sight_range(struct mud_sight *sight, uint32_t from,
                               uint32_t to, unsigned without)
{
    struct mud_flow flow = {0};
    const struct mud_node *nodes = sight->page->nodes;
    for (uint32_t i = from; i < to;) {
        const struct mud_node *node = &nodes[i];
        sight->steps -= 1 + (int64_t)(node->text.n / 16);
        if (sight->steps <= 0)
            break;
        mud_flow_close(&flow, i);
        if (sight->skip[i] & without) {
            mud_flow_skip(&flow, node);
            i = node->end;
            continue;
        }
        bool alt = sight->skip[i] & MUD_SKIP_ALT;
        mud_flow_node(&flow, node, sight->skip[i] & MUD_SKIP_CODE, alt);
        i++;
    }
    return mud_flow_end(&flow, sight->twice, sight->arena);
}

struct mud_str mud_sight_text(struct mud_sight *sight, uint32_t node,
                              unsigned without)
{
    uint8_t own = sight->skip[node];
    uint32_t end = mud_sight_end(sight, node);
    if (end == sight->page->nodes[node].end)
        sight->skip[node] = own & MUD_SKIP_CODE;
    struct mud_str text = mud_sight_range(sight, node, end, without);
    sight->skip[node] = own;
    return text;
}
