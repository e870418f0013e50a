/*
 * mkdict WORDS.tsv OUT: the dictionary of words as a trie image. Rows are a
 * word and its frequency. Values: 1000 * ln(frequency / sum of them), so that
 * the best way through a sentence is the greatest sum.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "nlp/tool/slurp.h"
#include "nlp/trie.h"

struct words {
    struct mud_trie_key *keys;
    size_t n, cap;
    double total;
};

static bool read_words(struct words *words, struct mud_str text,
                       struct mud_error *err)
{
    struct mud_str line, word;

    for (size_t n = 1; mud_str_line(&text, &line); n++) {
        uint64_t count;

        if (!line.n || line.s[0] == '#')
            continue;
        if (!mud_str_cut(&line, '\t', &word) || !mud_str_u64(line, &count) ||
            !count || count > INT32_MAX)
            return mud_fail(
                err, MUD_EINPUT, "line %zu: not word, tab, count", n);
        words->keys =
            mud_grow(words->keys, &words->cap, words->n, sizeof *words->keys);
        words->keys[words->n++] = (struct mud_trie_key){word, (int32_t)count};
        words->total += (double)count;
    }
    for (size_t i = 0; i < words->n; i++)
        words->keys[i].value = (int32_t)lround(
            1000 * log((double)words->keys[i].value / words->total));
    return true;
}

int main(int argc, char **argv)
{
    struct mud_error err = {0};
    struct words words = {0};
    struct mud_buf buf = {0};
    struct mud_trie trie = {0};

    if (argc != 3) {
        (void)fprintf(stderr, "usage: mkdict WORDS.tsv OUT\n");
        return 2;
    }
    if (slurp(&buf, argv[1], &err) &&
        read_words(&words, mud_buf_view(&buf), &err) &&
        mud_trie_pack(&trie, words.keys, words.n, &err) &&
        save(argv[2], trie.image, &err))
        err.code = MUD_OK;
    if (err.code)
        (void)fprintf(stderr, "mkdict: %s: %s\n", argv[1], err.text);
    mud_trie_free(&trie);
    mud_buf_free(&buf);
    free(words.keys);
    return err.code ? 1 : 0;
}
