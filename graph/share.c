#include "graph/share.h"

#include <math.h>

struct mud_share mud_share_of(const struct mud_page_share *pages, size_t n)
{
    struct mud_share out = {0};
    double squares = 0;

    for (size_t i = 0; i < n; i++) {
        out.pages += pages[i].n > 0;
        out.n += pages[i].n;
        out.hits += pages[i].hits;
    }
    if (!out.n)
        return out;
    out.share = (double)out.hits / (double)out.n;
    for (size_t i = 0; i < n; i++) {
        double off = pages[i].hits - out.share * pages[i].n;
        squares += off * off;
    }
    if (out.pages > 1)
        out.clusters = squares / (double)out.n / (double)out.n *
                       (double)out.pages / (double)(out.pages - 1);
    return out;
}

double mud_share_score(const struct mud_share *a, const struct mud_share *b)
{
    double all = 0, posts = 0, clusters = 0;

    if (!a->n || !b->n || a->share == b->share)
        return 0;
    all = (double)(a->hits + b->hits) / (double)(a->n + b->n);
    posts = all * (1 - all) * (1 / (double)a->n + 1 / (double)b->n);
    clusters = a->clusters + b->clusters;
    /* The shares differ, so that all is neither 0 nor 1. */
    return (a->share - b->share) / sqrt(posts > clusters ? posts : clusters);
}
