/* Records of nodes: contacts, personas, groups, indicators. */
#include "graph/idlist.h"
#include "graph/pages.h"

#include <stdio.h>
#include <stdlib.h>

enum { /* columns of contact_list and entity_show */
    ID,
    KIND,
    TYPE,
    VALUE,
    SHOWN,
    FIRST,
    LAST
};

#define CLAIMS_MAX   "20000" /* of the nodes of one page */
#define CLAIMS_LIMIT 20000
#define CLAIMS_SHOW  50 /* in one record */

struct page {
    const struct mud_rows *rows;
    struct mud_rows *claims;    /* src, kind, dst, fwd */
    struct mud_rows *counts;    /* src < dst, kind, dst, count, posts */
    int32_t source;             /* wanted, or 0 */
    struct mud_id_set *counted; /* counts by claim_key */
    struct mud_keyed others, actors, names;
    struct mud_id_set *ours; /* posts of the wanted source; NULL: all */
};

/* Evidence lies under the smaller id, which may be either end. */
static bool load_counts(struct page *page, struct mud_pg *pg,
                        struct mud_ids ours, struct mud_ids others,
                        struct mud_error *err)
{
    struct mud_id *both = mud_calloc(ours.n + others.n + 1, sizeof(*both));
    struct mud_ids all = {both, ours.n + others.n};
    struct mud_buf list = {0};
    struct mud_str second = {0};
    bool done = false;

    memcpy(both, ours.at, ours.n * sizeof(*both));
    memcpy(both + ours.n, others.at, others.n * sizeof(*both));
    mud_idlist(&list, both, all.n);
    second = mud_buf_view(&list);
    done = mud_query_ids(&page->counts,
                         pg,
                         page->source ? "claim_posts" : "claim_counts",
                         all,
                         &second,
                         err);
    mud_buf_free(&list);
    free(both);
    return done;
}

static bool load(struct page *page, struct mud_pg *pg, struct mud_error *err)
{
    size_t n = mud_rows_count(page->rows), m = 0;
    struct mud_id *ids = mud_calloc(n + 1, sizeof(*ids)), *others = NULL;
    struct mud_str most = MUD_STR(CLAIMS_MAX);
    bool done = false;

    for (size_t i = 0; i < n; i++)
        ids[i] = mud_rows_id(page->rows, i, ID);
    done = mud_query_ids(
        &page->claims, pg, "claim_of", (struct mud_ids){ids, n}, &most, err);
    m = done ? mud_rows_count(page->claims) : 0;
    others = mud_calloc(m + 1, sizeof(*others));
    for (size_t i = 0; i < m; i++)
        others[i] = mud_rows_id(page->claims, i, 2);
    done = done &&
           mud_keyed_run(&page->others,
                         pg,
                         "entity_show",
                         (struct mud_ids){others, m},
                         err) &&
           mud_keyed_run(
               &page->actors, pg, "seller_of", (struct mud_ids){ids, n}, err) &&
           mud_keyed_run(
               &page->names, pg, "name_of", (struct mud_ids){ids, n}, err) &&
           load_counts(page,
                       pg,
                       (struct mud_ids){ids, n},
                       (struct mud_ids){others, m},
                       err);
    free(ids);
    free(others);
    return done;
}

/* What a claim and its evidence have in common, whichever end comes first. */
static struct mud_id claim_key(struct mud_str src, struct mud_str kind,
                               struct mud_str dst)
{
    bool swap = mud_str_cmp(src, dst) > 0;
    struct mud_str parts[3] = {swap ? dst : src, kind, swap ? src : dst};

    return mud_id_of_parts("claim", parts, 3);
}

/* Row of counts for claim j; MUD_NPOS. */
static size_t count_row(const struct page *page, size_t j)
{
    size_t row = MUD_NPOS;

    return mud_id_set_get(page->counted,
                          claim_key(mud_rows_get(page->claims, j, 0),
                                    mud_rows_get(page->claims, j, 1),
                                    mud_rows_get(page->claims, j, 2)),
                          &row)
               ? row
               : MUD_NPOS;
}

static void index_counts(struct page *page)
{
    bool known = false;

    for (size_t i = 0; i < mud_rows_count(page->counts); i++)
        mud_id_set_put(page->counted,
                       claim_key(mud_rows_get(page->counts, i, 0),
                                 mud_rows_get(page->counts, i, 1),
                                 mud_rows_get(page->counts, i, 2)),
                       i,
                       &known);
}

/* Claims are sorted by their source: the rows first..end of node i. */
static void claims_of(const struct page *page, size_t i, size_t *first,
                      size_t *end)
{
    struct mud_str id = mud_rows_get(page->rows, i, ID);
    size_t low = 0, high = mud_rows_count(page->claims);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (mud_str_cmp(mud_rows_get(page->claims, middle, 0), id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first = *end = low;
    while (*end < mud_rows_count(page->claims) &&
           mud_str_eq(mud_rows_get(page->claims, *end, 0), id))
        ++*end;
}

/* "{a,b}" of uuids holds one of the wanted posts. */
static bool holds(const struct mud_id_set *ours, struct mud_str list)
{
    struct mud_str rest = mud_str_sub(list, 1, list.n ? list.n - 1 : 0);
    struct mud_str part = {0};

    while (rest.n && mud_str_cut(&rest, ',', &part)) {
        struct mud_id id = {0};
        size_t value = 0;

        if (mud_id_parse(part, &id) && mud_id_set_get(ours, id, &value))
            return true;
    }
    return false;
}

/* Which posts of the page's evidence are of that source. */
static bool load_ours(struct page *page, struct mud_pg *pg,
                      struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    struct mud_id_set *all = mud_id_set_new();
    MUD_ROWS(mud_id) ids = {0};
    char number[24];
    struct mud_str arg = {0};
    bool done = false, known = false;

    for (size_t i = 0; i < mud_rows_count(page->counts); i++) {
        struct mud_str list = mud_rows_get(page->counts, i, 4), part = {0};
        struct mud_str rest = mud_str_sub(list, 1, list.n ? list.n - 1 : 0);

        while (rest.n && mud_str_cut(&rest, ',', &part)) {
            struct mud_id id = {0};

            if (mud_id_parse(part, &id))
                mud_id_set_put(all, id, 0, &known);
            if (!mud_id_zero(id) && !known)
                *MUD_ADD(&ids) = id;
        }
    }
    snprintf(number, sizeof(number), "%d", page->source);
    arg = mud_str_z(number);
    done = mud_query_ids(&rows,
                         pg,
                         "contact_sources",
                         (struct mud_ids){ids.at, ids.n},
                         &arg,
                         err);
    page->ours = mud_id_set_new();
    for (size_t i = 0; done && i < mud_rows_count(rows); i++)
        mud_id_set_put(page->ours, mud_rows_id(rows, i, 0), 0, &known);
    mud_rows_free(rows);
    mud_id_set_free(all);
    free(ids.at);
    return done;
}

static bool wanted(const struct page *page, size_t i)
{
    size_t first = 0, end = 0;

    if (!page->ours)
        return true;
    claims_of(page, i, &first, &end);
    for (size_t j = first; j < end; j++) {
        size_t count = count_row(page, j);

        if (count != MUD_NPOS &&
            holds(page->ours, mud_rows_get(page->counts, count, 4)))
            return true;
    }
    return false;
}

static void write_claim(struct mud_json *json, const struct page *page,
                        size_t j, int64_t evidence)
{
    struct mud_id other = mud_rows_id(page->claims, j, 2);
    size_t row = mud_keyed_row(&page->others, other);

    mud_json_object(json);
    mud_json_kz(json,
                "claim",
                mud_claim_kind_name((int)mud_rows_int(page->claims, j, 1)));
    mud_json_kbool(json, "forward", mud_rows_bool(page->claims, j, 3));
    mud_json_kid(json, "id", other);
    if (row != MUD_NPOS) {
        const struct mud_rows *rows = page->others.rows;

        mud_json_kz(json,
                    "kind",
                    mud_node_kind_name((int)mud_rows_int(rows, row, KIND)));
        mud_json_kstr(json, "site", mud_rows_get(rows, row, TYPE));
        mud_json_kstr(json, "name", mud_rows_get(rows, row, SHOWN));
    }
    mud_json_kint(json, "evidence", evidence);
    mud_json_object_end(json);
}

static void write_claims(struct mud_json *json, const struct page *page,
                         size_t i)
{
    int64_t used = 0, accused = 0;
    size_t shown = 0, first = 0, end = 0;

    mud_json_key(json, "claims");
    mud_json_array(json);
    claims_of(page, i, &first, &end);
    for (size_t j = first; j < end; j++) {
        size_t count = count_row(page, j);
        int64_t kind = mud_rows_int(page->claims, j, 1), n = 0;

        n = count == MUD_NPOS ? 0 : mud_rows_int(page->counts, count, 3);
        if (kind == MUD_CLAIM_ACCUSED)
            accused += n;
        if (mud_claim_strong((int)kind) || kind == MUD_CLAIM_POINTS_TO)
            used += n;
        if (shown++ < CLAIMS_SHOW)
            write_claim(json, page, j, n);
    }
    mud_json_array_end(json);
    if (mud_rows_count(page->claims) == CLAIMS_LIMIT)
        mud_json_kbool(json, "cut", true);
    mud_json_kint(json, "evidence", used);
    mud_json_kint(json, "accused", accused);
}

static void write_node(struct mud_json *json, const struct page *page, size_t i)
{
    const struct mud_rows *rows = page->rows;
    int kind = (int)mud_rows_int(rows, i, KIND);
    bool contact = kind == MUD_NODE_CONTACT || kind == MUD_NODE_WALLET ||
                   kind == MUD_NODE_PAYEE;
    struct mud_id id = mud_rows_id(rows, i, ID);
    struct mud_str names = {0};

    mud_json_object(json);
    mud_json_kz(json, "type", contact ? "contact" : mud_node_kind_name(kind));
    mud_json_kint(json, "schema", 1);
    mud_json_kid(json, "id", id);
    mud_json_kz(json, "kind", mud_node_kind_name(kind));
    mud_json_kstr(
        json, contact ? "contact_type" : "site", mud_rows_get(rows, i, TYPE));
    mud_json_kstr(json, "value", mud_rows_get(rows, i, VALUE));
    mud_json_kstr(json, "name", mud_rows_get(rows, i, SHOWN));
    mud_json_timed(json, "first_seen", rows, i, FIRST);
    mud_json_timed(json, "last_seen", rows, i, LAST);
    names = mud_keyed_get(&page->names, id, 1);
    if (names.n) {
        mud_json_key(json, "names");
        mud_json_raw(json, names);
    }
    write_claims(json, page, i);
    mud_json_text(json, "seller", mud_keyed_get(&page->actors, id, 1));
    mud_json_object_end(json);
}

bool mud_nodes_write(struct mud_giving *giving, const struct mud_rows *rows,
                     int32_t source, struct mud_error *err)
{
    struct page page = {.rows = rows, .source = source};
    struct mud_buf line = {0};
    bool go = load(&page, giving->pg, err);

    page.counted = mud_id_set_new();
    if (go)
        index_counts(&page);
    if (go && source)
        go = load_ours(&page, giving->pg, err);
    for (size_t i = 0; go && giving->left && i < mud_rows_count(rows); i++) {
        struct mud_json json = {.buf = &line};

        if (!wanted(&page, i))
            continue;
        mud_buf_clear(&line);
        write_node(&json, &page, i);
        go = mud_give(giving, mud_buf_view(&line), err);
    }
    mud_rows_free(page.claims);
    mud_rows_free(page.counts);
    mud_keyed_free(&page.others);
    mud_keyed_free(&page.actors);
    mud_keyed_free(&page.names);
    mud_id_set_free(page.ours);
    mud_id_set_free(page.counted);
    mud_buf_free(&line);
    return go;
}

bool mud_list_contacts(struct mud_pg *pg, const struct mud_listing *listing,
                       mud_record_fn *record, void *payload,
                       struct mud_error *err)
{
    char after[MUD_ID_TEXT], since[MUD_TIME_TEXT];
    struct mud_id first = {0};
    struct mud_str args[3] = {{0}, {0}, MUD_STR("100")};
    struct mud_error why = {0};
    struct mud_giving giving = {
        pg, listing->limit ? listing->limit : MUD_NPOS, record, payload};
    bool go = true, more = true;

    args[0] = mud_str_z(mud_id_text(after, first));
    if (listing->since)
        args[1] = mud_str_z(mud_time_text(since, listing->since, true));
    while (go && more && giving.left) {
        struct mud_rows *rows = NULL;
        size_t n = 0;

        go = mud_pg_query(&rows, pg, mud_sql("contact_list"), args, 3, &why);
        if (!go)
            break;
        n = mud_rows_count(rows);
        more = n > 0;
        if (more)
            mud_id_text(after, mud_rows_id(rows, n - 1, ID));
        go = !more || mud_nodes_write(&giving, rows, listing->source, &why);
        mud_rows_free(rows);
    }
    return go || why.code == MUD_OK || mud_fail(err, why.code, "%s", why.text);
}
