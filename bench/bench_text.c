/*
 * Text on one core: folding, segmentation, tokens, search terms, and reading a
 * message (fold, segment, extract), by thread CPU time over made-up chat.
 *
 *     bench_text FILE.ndjson [--rounds=7] [--only=read]
 */
#include "bench/measure.h"
#include "nlp/reader.h"

#include <stdio.h>

struct work {
    const struct mud_reader *reader;
    const struct mud_texts *texts;
    struct mud_str *folded; /* of each text */
    struct mud_arena *arena;
    struct mud_context *context;
    size_t found; /* so that nothing is optimised away, and as a check */
};

static void fold(void *payload)
{
    struct work *w = payload;

    for (size_t i = 0; i < w->texts->n; i++) {
        struct mud_fold out = {0};

        mud_arena_reset(w->arena);
        mud_fold(&out, w->reader->folder, w->texts->items[i], w->arena);
        w->found += out.text.n;
    }
}

static void segment(void *payload)
{
    struct work *w = payload;

    for (size_t i = 0; i < w->texts->n; i++) {
        struct mud_token *tokens = NULL;

        mud_arena_reset(w->arena);
        w->found +=
            mud_segment(&tokens, w->reader->segmenter, w->folded[i], w->arena);
    }
}

static void tokenize(void *payload)
{
    struct work *w = payload;

    for (size_t i = 0; i < w->texts->n; i++) {
        struct mud_span *spans = NULL;

        mud_arena_reset(w->arena);
        w->found +=
            mud_tokenize(&spans, w->reader, w->texts->items[i], w->arena);
    }
}

static void terms(void *payload)
{
    struct work *w = payload;

    for (size_t i = 0; i < w->texts->n; i++) {
        struct mud_span *spans = NULL;
        struct mud_str *text = NULL;

        mud_arena_reset(w->arena);
        w->found +=
            mud_terms(&text, &spans, w->reader, w->texts->items[i], w->arena);
    }
}

static void read_all(void *payload)
{
    struct work *w = payload;
    struct mud_error err = {0};

    for (size_t i = 0; i < w->texts->n; i++) {
        struct mud_message message = {.text = w->texts->items[i]};
        struct mud_reading reading = {0};

        mud_arena_reset(w->arena);
        if (!mud_read(
                &reading, w->reader, &message, w->context, w->arena, &err))
            mud_bench_die("read", &err);
        w->found += reading.n_entities;
    }
}

static void in_context(void *payload)
{
    struct work *w = payload;

    mud_context_free(w->context);
    w->context = mud_context_new();
    read_all(w);
}

static struct mud_str *fold_all(const struct mud_texts *texts,
                                const struct mud_reader *reader)
{
    struct mud_str *out =
        mud_arena_array(texts->arena, texts->n + 1, sizeof(*out));

    for (size_t i = 0; i < texts->n; i++) {
        struct mud_fold one = {0};

        mud_fold(&one, reader->folder, texts->items[i], texts->arena);
        out[i] = one.text;
    }
    return out;
}

int main(int argc, char **argv)
{
    struct mud_error err = {0};
    struct mud_texts texts = {0};
    struct mud_reader *reader = NULL;
    struct work work[6];

    static const struct {
        const char *name;
        void (*run)(void *payload);
    } all[6] = {{"fold", fold},
                {"segment (folded text)", segment},
                {"tokenize (fold, segment)", tokenize},
                {"terms (and stem)", terms},
                {"read (fold, segment, extract)", read_all},
                {"read in context", in_context}};
    struct mud_case cases[6] = {0};
    const char *only = mud_option(argc, argv, "only", "");
    size_t n = 0;
    int64_t begun = mud_cpu_thread();
    int rounds = (int)mud_option_int(argc, argv, "rounds", 7);

    if (argc < 2 || argv[1][0] == '-' || rounds < 1 ||
        rounds > MUD_ROUNDS_MAX) {
        (void)fprintf(stderr,
                      "usage: bench_text FILE.ndjson [--rounds=7]"
                      " [--only=NAME]\n");
        return 2;
    }
    if (!mud_reader_new(&reader, NULL, &err))
        mud_bench_die("reader", &err);
    printf("reader made in %.3f s CPU\n",
           (double)(mud_cpu_thread() - begun) / 1e6);
    mud_texts_load(&texts, argv[1]);
    printf("%zu messages, %.1f MB, %.0f bytes each\n",
           texts.n,
           (double)texts.bytes / 1e6,
           (double)texts.bytes / (double)(texts.n ? texts.n : 1));
    for (size_t i = 0; i < 6; i++) {
        work[i] = (struct work){
            .reader = reader, .texts = &texts, .arena = mud_arena_new()};
        if (strncmp(all[i].name, only, strlen(only)) != 0)
            continue;
        cases[n++] = (struct mud_case){.name = all[i].name,
                                       .run = all[i].run,
                                       .payload = &work[i],
                                       .bytes = texts.bytes,
                                       .items = texts.n,
                                       .item = "messages"};
    }
    work[1].folded = fold_all(&texts, reader);
    mud_cases(cases, n, rounds);
    printf("entities a round: %zu; peak %lld MiB\n",
           work[4].found / ((size_t)rounds + 1),
           (long long)(mud_peak_kib() / 1024));
    for (size_t i = 0; i < 6; i++) {
        mud_context_free(work[i].context);
        mud_arena_free(work[i].arena);
    }
    mud_arena_free(texts.arena);
    mud_reader_free(reader);
    return 0;
}
