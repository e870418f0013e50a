/*
 * The query language: words side by side must all stand, OR binds closer than
 * that, - closer still, brackets closest. Two stacks and no recursion.
 */
#include "graph/search_query.h"

#include "base/utf8.h"

#include <stdio.h>

enum {
    PREFIX_LEAST = 3 /* characters before a *, so that it means something */
};

enum { /* signs, those that bind closer last */
    BRACKET,
    AND,
    OR,
    NOT
};

struct waiting { /* a sign whose right side is not read yet */
    int op;
    size_t column;
};

struct parser {
    struct mud_query *query;
    const struct mud_reader *reader;
    const struct mud_zone *zone;
    struct mud_arena *arena;
    struct mud_str text;
    size_t at, depth;
    struct waiting stack[MUD_STEPS_MAX];
    size_t n;
    bool value; /* the last thing read can be the left side of something */
};

static size_t column(const struct parser *parser, size_t at)
{
    return mud_utf8_count(mud_str_sub(parser->text, 0, at)) + 1;
}

static bool step(struct parser *parser, enum mud_step_op op, size_t at,
                 struct mud_error *err)
{
    struct mud_query *query = parser->query;

    if (query->n_steps == MUD_STEPS_MAX)
        return mud_fail(err,
                        MUD_ELIMIT,
                        "query: column %zu: too long: more than %d words and "
                        "signs",
                        column(parser, parser->at),
                        MUD_STEPS_MAX);
    query->steps[query->n_steps++] =
        (struct mud_step){(uint8_t)op, (uint16_t)at};
    return true;
}

/* Operators that bind at least so tightly have all they need. */
static bool settle(struct parser *parser, int least, struct mud_error *err)
{
    while (parser->n && parser->stack[parser->n - 1].op >= least) {
        int op = parser->stack[--parser->n].op;

        if (!step(parser,
                  op == NOT  ? MUD_STEP_NOT
                  : op == OR ? MUD_STEP_OR
                             : MUD_STEP_AND,
                  0,
                  err))
            return false;
    }
    return true;
}

static bool push(struct parser *parser, int op, size_t at,
                 struct mud_error *err)
{
    if (parser->n == MUD_STEPS_MAX)
        return mud_fail(err, MUD_ELIMIT, "query: too long");
    parser->stack[parser->n].op = op;
    parser->stack[parser->n++].column = column(parser, at);
    return true;
}

/* What stands side by side must both hold. */
static bool before_value(struct parser *parser, struct mud_error *err)
{
    if (!parser->value)
        return true;
    parser->value = false;
    return settle(parser, AND, err) && push(parser, AND, parser->at, err);
}

static bool full(struct parser *parser, struct mud_error *err)
{
    const struct mud_query *query = parser->query;

    return query->n_texts + query->n_facets < MUD_PARTS_MAX ||
           mud_fail(
               err, MUD_ELIMIT, "query: more than %d parts", MUD_PARTS_MAX);
}

static bool add_text(struct parser *parser, struct mud_str text, bool quoted,
                     size_t at, struct mud_error *err)
{
    struct mud_query *query = parser->query;
    struct mud_query_text *out = &query->texts[query->n_texts];
    bool star = !quoted && text.n > 1 && text.s[text.n - 1] == '*';
    bool words = false;

    if (!full(parser, err))
        return false;
    *out = (struct mud_query_text){.column = column(parser, at)};
    text = mud_str_sub(text, 0, text.n - star);
    mud_units_of(&out->units, parser->reader, text, parser->arena);
    for (size_t i = 0; i < out->units.n; i++)
        words = words || !out->units.at[i].sign;
    parser->value = true;
    if (!words) {
        /* Signs alone are in every text, also those without them. */
        while (parser->n && parser->stack[parser->n - 1].op == NOT)
            parser->n--;
        return step(parser, MUD_STEP_ALL, 0, err);
    }
    const struct mud_unit *last = &out->units.at[out->units.n - 1];
    out->prefix = star && !last->han && !last->sign;
    if (out->prefix && out->units.n == 1 &&
        mud_utf8_count(last->text) < PREFIX_LEAST)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "query: column %zu: at least %d characters before *",
                        out->column,
                        PREFIX_LEAST);
    return step(parser, MUD_STEP_TEXT, query->n_texts++, err);
}

/* Length of "field" before a colon that makes a facet; 0 for plain words. */
static size_t field_length(struct mud_str rest)
{
    size_t n = 0;

    while (n < rest.n &&
           ((rest.s[n] >= 'a' && rest.s[n] <= 'z') ||
            (rest.s[n] >= 'A' && rest.s[n] <= 'Z') || (n && rest.s[n] == '_')))
        n++;
    if (n < 2 || n == rest.n || rest.s[n] != ':' ||
        mud_str_starts(mud_str_sub(rest, n, rest.n), MUD_STR("://")))
        return 0;
    return n;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Up to a blank, a quote, or the bracket that ends this one. */
static struct mud_str word(struct parser *parser)
{
    struct mud_str text = parser->text;
    size_t from = parser->at, inner = 0;

    for (; parser->at < text.n; parser->at++) {
        char c = text.s[parser->at];

        if (is_blank(c) || c == '"')
            break;
        if (c == ')' && !inner && parser->depth)
            break;
        inner += c == '(';
        inner -= c == ')' && inner;
    }
    return mud_str_sub(text, from, parser->at);
}

static bool quoted(struct parser *parser, struct mud_str *out,
                   struct mud_error *err)
{
    struct mud_str rest =
        mud_str_sub(parser->text, parser->at + 1, parser->text.n);
    size_t end = mud_str_chr(rest, '"');

    if (end == MUD_NPOS)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "query: column %zu: the quote is never closed",
                        column(parser, parser->at));
    *out = mud_str_sub(rest, 0, end);
    parser->at += end + 2;
    return true;
}

static bool sorting(struct parser *parser, struct mud_str value, size_t at,
                    struct mud_error *err)
{
    static const char *const names[] = {"newest", "oldest", "best"};

    if (parser->depth || (parser->n && !parser->value))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "query: column %zu: sort: stands by itself, outside "
                        "brackets, and neither behind OR nor -",
                        column(parser, at));
    for (int i = 0; i < 3; i++)
        if (mud_str_ieq(value, mud_str_z(names[i]))) {
            parser->query->sort = (enum mud_sort)i;
            parser->query->sorted = true;
            return true;
        }
    return mud_fail(err,
                    MUD_EUSAGE,
                    "query: column %zu: sort: takes newest, oldest or best",
                    column(parser, at));
}

static bool add_facet(struct parser *parser, struct mud_str name,
                      struct mud_str value, size_t at, struct mud_error *err)
{
    struct mud_query *query = parser->query;

    if (!mud_facet_known(name))
        return mud_fail(
            err,
            MUD_EUSAGE,
            "query: column %zu: there is no field \"%.*s\": category side "
            "source board lang contact actor seller author product price time "
            "since until field is has sort, or a type of contact (qq "
            "telegram...); for the words themselves put them in quotes",
            column(parser, at),
            (int)(name.n < 40 ? name.n : 40),
            name.s);
    if (!full(parser, err) || !mud_facet_read(&query->facets[query->n_facets],
                                              name,
                                              value,
                                              column(parser, at),
                                              parser->zone,
                                              parser->arena,
                                              err))
        return false;
    query->needs |= mud_facet_needs(&query->facets[query->n_facets]);
    parser->value = true;
    return step(parser, MUD_STEP_FACET, query->n_facets++, err);
}

static bool facet(struct parser *parser, size_t n, struct mud_error *err)
{
    size_t at = parser->at;
    struct mud_str name = mud_str_sub(parser->text, at, at + n), value = {0};
    bool sort = mud_str_ieq(name, MUD_STR("sort"));

    if (!sort && !before_value(parser, err))
        return false;
    parser->at += n + 1;
    if (parser->at < parser->text.n && parser->text.s[parser->at] == '"') {
        if (!quoted(parser, &value, err))
            return false;
    } else {
        value = word(parser);
    }
    return sort ? sorting(parser, value, at, err)
                : add_facet(parser, name, value, at, err);
}

static bool bracket(struct parser *parser, bool open, struct mud_error *err)
{
    size_t at = parser->at;

    if (open) {
        if (!before_value(parser, err))
            return false;
        if (++parser->depth > MUD_DEPTH_MAX)
            return mud_fail(err,
                            MUD_ELIMIT,
                            "query: column %zu: more than %d brackets in "
                            "brackets",
                            column(parser, at),
                            MUD_DEPTH_MAX);
        parser->at++;
        return push(parser, BRACKET, at, err);
    }
    if (!parser->value)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "query: column %zu: something is missing before )",
                        column(parser, at));
    if (!settle(parser, AND, err))
        return false;
    parser->n--; /* the bracket: depth says that there is one */
    parser->depth--;
    parser->at++;
    return true;
}

static bool either(struct parser *parser, struct mud_error *err)
{
    size_t at = parser->at;

    if (!parser->value)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "query: column %zu: something is missing before OR "
                        "(\"OR\" in quotes is the word)",
                        column(parser, at));
    parser->value = false;
    parser->at += 2;
    return settle(parser, OR, err) && push(parser, OR, at, err);
}

static bool is_or(const struct parser *parser)
{
    struct mud_str rest = mud_str_sub(parser->text, parser->at, parser->text.n);

    return mud_str_starts(rest, MUD_STR("OR")) &&
           (rest.n == 2 || is_blank(rest.s[2]) || rest.s[2] == '(');
}

static bool next(struct parser *parser, struct mud_error *err)
{
    struct mud_str rest = mud_str_sub(parser->text, parser->at, parser->text.n);
    struct mud_str part = {0};
    size_t n = field_length(rest), at = parser->at;

    if (is_or(parser))
        return either(parser, err);
    if (rest.s[0] == '(' || (rest.s[0] == ')' && parser->depth))
        return bracket(parser, rest.s[0] == '(', err);
    if (rest.s[0] == '-' && rest.n > 1 && !is_blank(rest.s[1])) {
        if (!before_value(parser, err))
            return false;
        parser->at++;
        return push(parser, NOT, at, err);
    }
    if (n)
        return facet(parser, n, err);
    if (!before_value(parser, err))
        return false;
    if (rest.s[0] == '"')
        return quoted(parser, &part, err) &&
               add_text(parser, part, true, at, err);
    part = word(parser);
    return add_text(parser, part, false, at, err);
}

static bool end(struct parser *parser, struct mud_error *err)
{
    const struct waiting *last = NULL;

    if (parser->n && !parser->value) {
        last = &parser->stack[parser->n - 1];
        return mud_fail(err,
                        MUD_EUSAGE,
                        "query: column %zu: something is missing behind %s",
                        last->column,
                        last->op == OR        ? "OR"
                        : last->op == BRACKET ? "("
                                              : "-");
    }
    if (!settle(parser, AND, err))
        return false;
    if (parser->n)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "query: column %zu: ( is never closed",
                        parser->stack[parser->n - 1].column);
    return true;
}

/* Something must be asked for, not only left out. */
static bool wants(const struct mud_query *query)
{
    uint8_t none[MUD_PARTS_MAX] = {0};

    return query->n_texts + query->n_facets &&
           mud_query_run(query, none, none) != MUD_TRUE;
}

/* The times in which every post of a hit must lie: of facets that all must
 * hold. */
static void bounds(struct mud_query *query)
{
    query->lo = INT64_MIN;
    query->hi = INT64_MAX;
    for (size_t i = 0; i < query->n_facets; i++) {
        const struct mud_facet *facet = &query->facets[i];
        uint8_t texts[MUD_PARTS_MAX], facets[MUD_PARTS_MAX];

        if (facet->field != MUD_F_TIME)
            continue;
        memset(texts, MUD_MAYBE, sizeof(texts));
        memset(facets, MUD_MAYBE, sizeof(facets));
        facets[i] = MUD_FALSE;
        if (mud_query_run(query, texts, facets) != MUD_FALSE)
            continue;
        query->lo = facet->lo > query->lo ? facet->lo : query->lo;
        query->hi = facet->hi < query->hi ? facet->hi : query->hi;
    }
}

bool mud_query_read(struct mud_query *out, const struct mud_reader *reader,
                    struct mud_str text, const struct mud_zone *zone,
                    struct mud_arena *arena, struct mud_error *err)
{
    struct parser parser = {.query = out,
                            .reader = reader,
                            .zone = zone,
                            .arena = arena,
                            .text = text};

    memset(out, 0, sizeof(*out));
    if (text.n > MUD_QUERY_MAX)
        return mud_fail(err, MUD_ELIMIT, "query: over %d bytes", MUD_QUERY_MAX);
    while (parser.at < text.n) {
        if (is_blank(text.s[parser.at]))
            parser.at++;
        else if (!next(&parser, err))
            return false;
    }
    if (!end(&parser, err))
        return false;
    if (!wants(out))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "query: nothing to search for in "
                        "\"%.*s\"",
                        (int)mud_utf8_cut(text, 80),
                        text.n ? text.s : "");
    bounds(out);
    return true;
}

bool mud_query_and(struct mud_query *query, const struct mud_facet *facet,
                   struct mud_error *err)
{
    if (query->n_texts + query->n_facets == MUD_PARTS_MAX ||
        query->n_steps + 2 > MUD_STEPS_MAX)
        return mud_fail(err, MUD_ELIMIT, "query: too long");
    query->facets[query->n_facets] = *facet;
    query->needs |= mud_facet_needs(facet);
    query->steps[query->n_steps++] =
        (struct mud_step){MUD_STEP_FACET, (uint16_t)query->n_facets++};
    query->steps[query->n_steps++] = (struct mud_step){MUD_STEP_AND, 0};
    bounds(query);
    return true;
}
