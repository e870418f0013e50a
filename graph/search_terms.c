#include "graph/search_terms.h"

#define TOGETHER 512 /* documents whose posts are loaded at once */

struct telling {
    struct mud_postings *postings;
    uint32_t doc;
};

static void tell(struct mud_str term, void *payload)
{
    struct telling *telling = payload;

    mud_postings_add(telling->postings, term, telling->doc);
}

void mud_search_terms_add(struct mud_postings *postings,
                          const struct mud_checked *of, uint32_t doc)
{
    struct telling telling = {postings, doc};

    mud_facet_terms_said(&of->facts, tell, &telling);
    for (size_t i = 0; i < of->n_seen; i++)
        mud_facet_terms_seen(&of->seen[i], tell, &telling);
    if (of->cut)
        tell(mud_facet_any(), &telling);
}

bool mud_search_terms_load(struct mud_postings *postings, struct mud_pg *pg,
                           struct mud_ids ids, struct mud_error *err)
{
    const unsigned needs =
        MUD_NEED_BOARD | MUD_NEED_CONTACT | MUD_NEED_PRODUCT | MUD_NEED_PRICE;
    bool good = true;

    for (size_t i = 0; good && i < ids.n; i += TOGETHER) {
        size_t n = ids.n - i < TOGETHER ? ids.n - i : TOGETHER;
        struct mud_check check;

        good = mud_check_load(&check,
                              pg,
                              (struct mud_ids){ids.at + i, n},
                              needs,
                              INT64_MIN,
                              INT64_MAX,
                              err);
        for (size_t k = 0; good && k < n; k++)
            mud_search_terms_add(postings, &check.at[k], (uint32_t)(i + k));
        mud_check_free(&check);
    }
    return good;
}

bool mud_search_tell_alerts(struct mud_pg *pg, struct mud_ids ids,
                            struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool any = false;

    if (!mud_pg_query(&rows, pg, mud_sql("alert_any"), NULL, 0, err))
        return false;
    any = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    return !any || mud_query_ids(NULL, pg, "alert_wait", ids, NULL, err);
}
