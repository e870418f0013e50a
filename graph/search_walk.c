#include "graph/search_walk.h"

#include <stdio.h>
#include <stdlib.h>

#define FIRST 32 /* texts fetched at once to be checked; more later */
#define MOST  256

/* "n.TIME.CONTENT": behind which document to go on. */
static bool read_cursor(struct mud_search_doc *out, struct mud_str text,
                        bool oldest, struct mud_error *err)
{
    struct mud_str part = {0}, rest = text;
    bool good = mud_str_cut(&rest, '.', &part) &&
                mud_str_eqz(part, oldest ? "o" : "n") &&
                mud_str_cut(&rest, '.', &part) && mud_str_i64(part, &out->at) &&
                mud_id_parse(rest, &out->content);

    return good || mud_fail(err,
                            MUD_EUSAGE,
                            "%.*s is no cursor of this query: take the one "
                            "that came with its last hits",
                            (int)(text.n < 80 ? text.n : 80),
                            text.n ? text.s : "");
}

/* Options beside the query are facets that must hold, too. */
static bool add_options(struct mud_search_walk *walk, struct mud_error *err)
{
    const struct mud_search *search = walk->search;
    struct mud_facet since = {
        .field = MUD_F_TIME, .lo = search->since, .hi = INT64_MAX};
    struct mud_facet source = {.field = MUD_F_SOURCE, .n_sources = 1};

    if (search->since && !mud_query_and(&walk->query, &since, err))
        return false;
    if (!search->source)
        return true;
    source.sources = mud_arena_array(walk->arena, 1, sizeof(int32_t));
    source.sources[0] = search->source;
    return mud_query_and(&walk->query, &source, err);
}

static bool check(struct mud_search_walk *walk, const struct mud_search_doc *at,
                  size_t n, struct mud_error *err)
{
    struct mud_id ids[MOST];
    struct mud_check loaded;
    bool go = false;

    for (size_t i = 0; i < n; i++)
        ids[i] = at[i].content;
    go = mud_check_load(&loaded,
                        walk->pg,
                        (struct mud_ids){ids, n},
                        walk->query.needs,
                        walk->query.lo,
                        walk->query.hi,
                        err);
    for (size_t i = 0; go && i < n && !walk->stopped; i++) {
        const struct mud_checked *of = &loaded.at[i];
        struct mud_match match;

        walk->checked++;
        walk->at = at[i];
        /* It was seen again later, so that it has a newer place. */
        if (of->n_seen && at[i].at < of->seen[0].last)
            continue;
        mud_arena_reset(walk->text);
        if (!mud_check_match(
                &match, of, &walk->query, walk->reader, walk->text))
            continue;
        if (!walk->hit(walk, &match, err)) {
            walk->stopped = true;
            go = !err || err->code == MUD_OK;
        }
    }
    mud_check_free(&loaded);
    return go;
}

static bool go(struct mud_search_walk *walk, struct mud_error *err)
{
    struct mud_search_doc docs[MOST];
    bool oldest = walk->query.sort == MUD_SORT_OLDEST, end = false;
    size_t most = FIRST;

    while (!end && !walk->stopped) {
        size_t n = 0;

        if (walk->checked >= walk->most) {
            walk->cut = true;
            return true;
        }
        while (n < most && !end) {
            if (!mud_search_docs_next(walk->docs, &docs[n], &end, err))
                return false;
            /* Newest first: what follows is older still. */
            if (!end && !oldest && docs[n].at < walk->query.lo)
                end = true;
            n += !end;
        }
        if (n && !check(walk, docs, n, err))
            return false;
        most = most * 2 < MOST ? most * 2 : MOST;
    }
    return true;
}

bool mud_search_walk(struct mud_search_walk *walk, struct mud_error *err)
{
    const struct mud_search *search = walk->search;
    struct mud_search_doc after;
    struct mud_search_order order = {0};
    bool good = false;

    walk->arena = mud_arena_new();
    walk->text = mud_arena_new();
    if (!walk->most)
        walk->most = MUD_SEARCH_CHECKS;
    if (!mud_query_read(&walk->query,
                        walk->reader,
                        search->query,
                        search->zone,
                        walk->arena,
                        err) ||
        !add_options(walk, err))
        return false;
    if (walk->query.sort == MUD_SORT_BEST) {
        walk->query.needs |= MUD_NEED_CONTACT;
        walk->most = MUD_SEARCH_RANKED;
    }
    if (search->cursor.n && walk->query.sort == MUD_SORT_BEST)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "sort:best has no further pages: ask for more at once "
                        "(--limit)");
    if (search->cursor.n &&
        !read_cursor(
            &after, search->cursor, walk->query.sort == MUD_SORT_OLDEST, err))
        return false;
    order.oldest = walk->query.sort == MUD_SORT_OLDEST;
    order.after = search->cursor.n ? &after : NULL;
    /* One snapshot: a content is either waiting or in a segment. */
    if (!mud_pg_exec(
            walk->pg, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", err))
        return false;
    good = mud_query_resolve(&walk->query, walk->pg, walk->arena, err) &&
           mud_search_docs_open(
               &walk->docs, walk->pg, walk->reader, &walk->query, order, err) &&
           go(walk, err);
    mud_pg_rollback(walk->pg);
    return good;
}

void mud_search_walk_free(struct mud_search_walk *walk)
{
    mud_search_docs_close(walk->docs);
    mud_arena_free(walk->arena);
    mud_arena_free(walk->text);
}
