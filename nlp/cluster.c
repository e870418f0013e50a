#include "nlp/cluster.h"

#include <stdlib.h>

struct text {
    uint64_t print;  /* of the whole sketch */
    size_t first;    /* in hashes */
    uint32_t n;      /* hashes */
    uint32_t parent; /* union-find; roots are the smallest of their set */
};

struct place { /* of a text in one order */
    uint64_t key;
    uint32_t text;
};

struct mud_cluster {
    uint32_t *hashes;
    size_t n_hashes, cap_hashes;
    struct text *texts;
    size_t n, cap;
    struct place *places;
    size_t n_places;
    uint64_t compared;
};

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

struct mud_cluster *mud_cluster_new(void)
{
    return mud_calloc(1, sizeof(struct mud_cluster));
}

void mud_cluster_free(struct mud_cluster *cluster)
{
    if (!cluster)
        return;
    free(cluster->hashes);
    free(cluster->texts);
    free(cluster->places);
    free(cluster);
}

uint32_t mud_cluster_add(struct mud_cluster *cluster,
                         const struct mud_sketch *sketch)
{
    struct text *text;

    cluster->texts = mud_grow(
        cluster->texts, &cluster->cap, cluster->n, sizeof(*cluster->texts));
    text = &cluster->texts[cluster->n];
    *text = (struct text){.first = cluster->n_hashes,
                          .n = sketch->n,
                          .parent = (uint32_t)cluster->n};
    if (sketch->n)
        cluster->hashes = mud_grow(cluster->hashes,
                                   &cluster->cap_hashes,
                                   cluster->n_hashes + sketch->n,
                                   sizeof(*cluster->hashes));
    for (uint32_t i = 0; i < sketch->n; i++) {
        cluster->hashes[cluster->n_hashes++] = sketch->at[i];
        text->print = mix(text->print + sketch->at[i] + 1);
    }
    return (uint32_t)cluster->n++;
}

static uint32_t root_of(struct text *texts, uint32_t i)
{
    while (texts[i].parent != i) {
        texts[i].parent = texts[texts[i].parent].parent;
        i = texts[i].parent;
    }
    return i;
}

static void unite(struct text *texts, uint32_t a, uint32_t b)
{
    a = root_of(texts, a);
    b = root_of(texts, b);
    if (a < b)
        texts[b].parent = a;
    else
        texts[a].parent = b;
}

static void load(struct mud_sketch *out, const struct mud_cluster *cluster,
                 uint32_t i)
{
    const struct text *text = &cluster->texts[i];

    out->n = text->n;
    memcpy(out->at,
           cluster->hashes + text->first,
           text->n * sizeof(*cluster->hashes));
}

static int by_key(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->text < y->text ? -1 : x->text > y->text;
}

static void sort(struct mud_cluster *cluster)
{
    if (cluster->n_places)
        qsort(cluster->places,
              cluster->n_places,
              sizeof(*cluster->places),
              by_key);
}

/* Texts of one print are one; places keeps one of each that has features. */
static void unite_equal(struct mud_cluster *cluster)
{
    size_t kept = 0;

    cluster->places = mud_calloc(cluster->n + 1, sizeof(*cluster->places));
    for (uint32_t i = 0; i < cluster->n; i++)
        if (cluster->texts[i].n)
            cluster->places[cluster->n_places++] =
                (struct place){cluster->texts[i].print, i};
    sort(cluster);
    for (size_t i = 0; i < cluster->n_places; i++) {
        struct place *place = &cluster->places[i];

        if (i && kept && place->key == cluster->places[kept - 1].key) {
            unite(cluster->texts, cluster->places[kept - 1].text, place->text);
            continue;
        }
        cluster->places[kept++] = *place;
    }
    cluster->n_places = kept;
    kept = 0;
    for (size_t i = 0; i < cluster->n_places; i++)
        if (cluster->texts[cluster->places[i].text].n >= MUD_SKETCH_LEAST)
            cluster->places[kept++] = cluster->places[i];
    cluster->n_places = kept;
}

/* Four MinHash values, 16 bits of each, the first on top. */
static uint64_t key_of(const struct mud_cluster *cluster, uint32_t i,
                       const uint64_t odd[4])
{
    const struct text *text = &cluster->texts[i];
    const uint32_t *hashes = cluster->hashes + text->first;
    uint64_t key = 0;

    for (unsigned k = 0; k < 4; k++) {
        uint32_t least = UINT32_MAX;

        for (uint32_t h = 0; h < text->n; h++) {
            uint64_t x = (hashes[h] + (odd[k] >> 32)) * odd[k];
            uint32_t value = (uint32_t)(x >> 32);

            least = value < least ? value : least;
        }
        key = key << 16 | (uint16_t)(mix(least) >> 32);
    }
    return key;
}

static void compare_near(struct mud_cluster *cluster, size_t i)
{
    struct place *places = cluster->places;
    struct mud_sketch a, b;
    bool loaded = false;

    for (size_t j = i + 1; j < cluster->n_places && j <= i + MUD_CLUSTER_NEAR &&
                           places[j].key >> 48 == places[i].key >> 48;
         j++) {
        if (root_of(cluster->texts, places[i].text) ==
            root_of(cluster->texts, places[j].text))
            continue;
        if (!loaded)
            load(&a, cluster, places[i].text);
        loaded = true;
        load(&b, cluster, places[j].text);
        cluster->compared++;
        if (mud_sketch_alike(&a, &b) >= MUD_ALIKE)
            unite(cluster->texts, places[i].text, places[j].text);
    }
}

void mud_cluster_run(struct mud_cluster *cluster)
{
    uint64_t seed = 1;

    unite_equal(cluster);
    for (unsigned tree = 0; tree < MUD_CLUSTER_TREES; tree++) {
        uint64_t odd[4];

        for (unsigned k = 0; k < 4; k++)
            odd[k] = mix(seed++ * UINT64_C(0x9e3779b97f4a7c15)) | 1;
        for (size_t i = 0; i < cluster->n_places; i++)
            cluster->places[i].key =
                key_of(cluster, cluster->places[i].text, odd);
        sort(cluster);
        for (size_t i = 0; i < cluster->n_places; i++)
            compare_near(cluster, i);
    }
    for (uint32_t i = 0; i < cluster->n; i++)
        cluster->texts[i].parent = root_of(cluster->texts, i);
}

uint32_t mud_cluster_of(const struct mud_cluster *cluster, uint32_t i)
{
    return cluster->texts[i].parent;
}

uint64_t mud_cluster_compared(const struct mud_cluster *cluster)
{
    return cluster->compared;
}
