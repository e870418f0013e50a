/* The difference of two texts, for people: graph/history.h. */
#include "graph/history.h"

#include "base/json.h"
#include "base/utf8.h"

struct token {
    uint32_t start, end;
};

struct tokens {
    struct mud_str text;
    struct token *at;
    size_t n, cap;
};

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* Runs of ASCII letters and digits; any other character alone. */
static void cut(struct tokens *out, struct mud_str text,
                struct mud_arena *arena)
{
    size_t i = 0;

    out->text = text;
    while (i < text.n) {
        size_t start = i;

        if (is_word(text.s[i]))
            while (i < text.n && is_word(text.s[i]))
                i++;
        else
            (void)mud_utf8_next(text, &i);
        out->at =
            mud_arena_grow(arena, out->at, &out->cap, out->n, sizeof(*out->at));
        out->at[out->n++] = (struct token){(uint32_t)start, (uint32_t)i};
    }
}

static struct mud_str word(const struct tokens *tokens, size_t i)
{
    return mud_str_sub(tokens->text, tokens->at[i].start, tokens->at[i].end);
}

/* Tokens [from, to) as one piece. */
static void piece(struct mud_json *json, const char *sign,
                  const struct tokens *tokens, size_t from, size_t to)
{
    if (from == to)
        return;
    mud_json_array(json);
    mud_json_str(json, mud_str_z(sign));
    mud_json_str(json,
                 mud_str_sub(tokens->text,
                             tokens->at[from].start,
                             tokens->at[to - 1].end));
    mud_json_array_end(json);
}

struct pair {
    const struct tokens *a, *b;
    size_t head, na, nb; /* equal at the begin; what differs of each */
};

/* table[i][j]: length of what a from i and b from j on have in common. */
static void middle(struct mud_json *json, const struct pair *pair,
                   struct mud_arena *arena)
{
    size_t na = pair->na, nb = pair->nb, width = nb + 1, i = 0, j = 0;
    uint16_t *table = mud_arena_array(arena, (na + 1) * width, sizeof(*table));

    for (i = na; i-- > 0;)
        for (j = nb; j-- > 0;) {
            uint16_t down = table[(i + 1) * width + j];
            uint16_t right = table[i * width + j + 1];

            table[i * width + j] =
                mud_str_eq(word(pair->a, pair->head + i),
                           word(pair->b, pair->head + j))
                    ? (uint16_t)(table[(i + 1) * width + j + 1] + 1)
                : down > right ? down
                               : right;
        }
    for (i = j = 0; i < na || j < nb;) {
        size_t x = i;

        while (i < na && j < nb &&
               mud_str_eq(word(pair->a, pair->head + i),
                          word(pair->b, pair->head + j))) {
            i++;
            j++;
        }
        piece(json, "=", pair->a, pair->head + x, pair->head + i);
        x = i;
        size_t y = j;
        while (
            i < na &&
            (j == nb || table[(i + 1) * width + j] == table[i * width + j]) &&
            !(j < nb && mud_str_eq(word(pair->a, pair->head + i),
                                   word(pair->b, pair->head + j))))
            i++;
        while (j < nb &&
               (i == na || (table[i * width + j + 1] == table[i * width + j] &&
                            !mud_str_eq(word(pair->a, pair->head + i),
                                        word(pair->b, pair->head + j)))))
            j++;
        piece(json, "-", pair->a, pair->head + x, pair->head + i);
        piece(json, "+", pair->b, pair->head + y, pair->head + j);
    }
}

void mud_diff_write(struct mud_json *json, struct mud_str before,
                    struct mud_str after, struct mud_arena *arena)
{
    struct tokens a = {0}, b = {0};
    struct pair pair = {.a = &a, .b = &b};
    size_t tail = 0;

    cut(&a, before, arena);
    cut(&b, after, arena);
    while (pair.head < a.n && pair.head < b.n &&
           mud_str_eq(word(&a, pair.head), word(&b, pair.head)))
        pair.head++;
    while (tail < a.n - pair.head && tail < b.n - pair.head &&
           mud_str_eq(word(&a, a.n - 1 - tail), word(&b, b.n - 1 - tail)))
        tail++;
    pair.na = a.n - pair.head - tail;
    pair.nb = b.n - pair.head - tail;
    if (pair.na > MUD_DIFF_MAX || pair.nb > MUD_DIFF_MAX) {
        mud_json_null(json);
        return;
    }
    mud_json_array(json);
    piece(json, "=", &a, 0, pair.head);
    middle(json, &pair, arena);
    piece(json, "=", &a, a.n - tail, a.n);
    mud_json_array_end(json);
}
