/*
 * Text on one core, by thread CPU time over made-up chat: folding, ICU's word
 * iterator and our segmentation, tokens, search terms, reading a message, and
 * reading it with its words (fold, segment, extract).
 *
 *     bench_text FILE.ndjson [--rounds=7] [--only=read] [--lexicon=TSV]
 */
#include "bench/measure.h"
#include "nlp/reader.h"

#include <stdio.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

struct work {
    const struct mud_reader *reader;
    const struct mud_texts *texts;
    struct mud_str *folded; /* of each text */
    struct mud_arena *arena, *words;
    struct mud_context *context;
    UBreakIterator *icu;
    UChar *utf16; /* room for the longest text */
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

/* What a program on ICU does: text to UTF-16, and on from border to border. */
static void icu_words(void *payload)
{
    struct work *w = payload;

    for (size_t i = 0; i < w->texts->n; i++) {
        UErrorCode status = U_ZERO_ERROR;
        struct mud_str text = w->folded[i];
        int32_t n = 0;

        u_strFromUTF8WithSub(w->utf16,
                             (int32_t)text.n + 1,
                             &n,
                             text.s,
                             (int32_t)text.n,
                             0xfffd,
                             NULL,
                             &status);
        ubrk_setText(w->icu, w->utf16, n, &status);
        if (U_FAILURE(status))
            mud_bench_die("ICU", NULL);
        while (ubrk_next(w->icu) != UBRK_DONE)
            w->found++;
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

/* As mudlark extract does it: so many at a time as read fastest. */
static size_t read_some(struct work *w, size_t first)
{
    struct mud_message messages[MUD_READ_MOST];
    struct mud_reading readings[MUD_READ_MOST];
    struct mud_error err = {0};
    size_t n = 0;

    mud_arena_reset(w->arena);
    for (; n < MUD_READ_MOST && first + n < w->texts->n; n++)
        messages[n] = (struct mud_message){.text = w->texts->items[first + n]};
    if (!mud_read_all(
            readings, w->reader, messages, n, w->context, w->arena, &err))
        mud_bench_die("read", &err);
    for (size_t i = 0; i < n; i++)
        w->found += readings[i].n_entities;
    return n;
}

static void read_all(void *payload)
{
    struct work *w = payload;

    for (size_t i = 0; i < w->texts->n;)
        i += read_some(w, i);
}

static void read_each(void *payload)
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

/* Reading a message needs no words; whoever searches it does. */
static void read_and_segment(void *payload)
{
    struct work *w = payload;

    for (size_t i = 0, n; i < w->texts->n; i += n) {
        struct mud_token *tokens = NULL;

        n = read_some(w, i);
        for (size_t k = i; k < i + n; k++) {
            mud_arena_reset(w->words);
            w->found += mud_segment(
                &tokens, w->reader->segmenter, w->folded[k], w->words);
        }
    }
}

static void in_context(void *payload)
{
    struct work *w = payload;

    mud_context_free(w->context);
    w->context = mud_context_new();
    read_all(w);
}

/* The folded texts, next to each other as the raw ones are. */
static struct mud_str *fold_all(const struct mud_texts *texts,
                                const struct mud_reader *reader)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str *out =
        mud_arena_array(texts->arena, texts->n + 1, sizeof(*out));

    for (size_t i = 0; i < texts->n; i++) {
        struct mud_fold one = {0};

        mud_arena_reset(arena);
        mud_fold(&one, reader->folder, texts->items[i], arena);
        out[i] = mud_str_dup(one.text, texts->arena);
    }
    mud_arena_free(arena);
    return out;
}

static const struct {
    const char *name;
    void (*run)(void *payload);
} all[] = {{"fold", fold},
           {"ICU words (folded text)", icu_words},
           {"segment (folded text)", segment},
           {"tokenize (fold, segment)", tokenize},
           {"terms (and stem)", terms},
           {"read (fold, extract)", read_all},
           {"read one by one", read_each},
           {"read in context", in_context},
           {"fold, segment, extract", read_and_segment}};

enum {
    CASES = sizeof all / sizeof all[0]
};

static void open_icu(struct work *work, const struct mud_texts *texts)
{
    UErrorCode status = U_ZERO_ERROR;
    size_t longest = 0;

    for (size_t i = 0; i < texts->n; i++)
        longest = texts->items[i].n > longest ? texts->items[i].n : longest;
    work->utf16 =
        mud_arena_array(texts->arena, longest * 4 + 2, sizeof *work->utf16);
    work->icu = ubrk_open(UBRK_WORD, "zh", NULL, 0, &status);
    if (U_FAILURE(status))
        mud_bench_die(u_errorName(status), NULL);
}

static size_t make_cases(struct mud_case *cases, struct work *work,
                         const struct mud_texts *texts,
                         const struct mud_reader *reader, const char *only)
{
    struct mud_str *folded = fold_all(texts, reader);
    size_t n = 0;

    for (size_t i = 0; i < CASES; i++) {
        if (strncmp(all[i].name, only, strlen(only)) != 0)
            continue;
        work[n] = (struct work){.reader = reader,
                                .texts = texts,
                                .folded = folded,
                                .arena = mud_arena_new(),
                                .words = mud_arena_new()};
        if (all[i].run == icu_words)
            open_icu(&work[n], texts);
        cases[n] = (struct mud_case){.name = all[i].name,
                                     .run = all[i].run,
                                     .payload = &work[n],
                                     .bytes = texts->bytes,
                                     .items = texts->n,
                                     .item = "messages"};
        n++;
    }
    return n;
}

int main(int argc, char **argv)
{
    struct mud_error err = {0};
    struct mud_texts texts = {0};
    struct mud_reader *reader = NULL;
    struct work work[CASES];
    struct mud_case cases[CASES] = {0};
    size_t n;
    int64_t begun = mud_cpu_thread();
    int rounds = (int)mud_option_int(argc, argv, "rounds", 7);

    if (argc < 2 || argv[1][0] == '-' || rounds < 1 ||
        rounds > MUD_ROUNDS_MAX) {
        (void)fprintf(stderr,
                      "usage: bench_text FILE.ndjson [--rounds=7]"
                      " [--only=NAME] [--lexicon=TSV]\n");
        return 2;
    }
    if (!mud_reader_new(&reader, mud_option(argc, argv, "lexicon", NULL), &err))
        mud_bench_die("reader", &err);
    printf("reader made in %.3f s CPU, %u terms, %lld MiB\n",
           (double)(mud_cpu_thread() - begun) / 1e6,
           mud_lexicon_count(reader->lexicon),
           (long long)(mud_peak_kib() / 1024));
    mud_texts_load(&texts, argv[1]);
    printf("%zu messages, %.1f MB, %.0f bytes each\n",
           texts.n,
           (double)texts.bytes / 1e6,
           (double)texts.bytes / (double)(texts.n ? texts.n : 1));
    n = make_cases(
        cases, work, &texts, reader, mud_option(argc, argv, "only", ""));
    mud_cases(cases, n, rounds);
    printf("peak %lld MiB\n", (long long)(mud_peak_kib() / 1024));
    for (size_t i = 0; i < n; i++) {
        mud_context_free(work[i].context);
        mud_arena_free(work[i].arena);
        mud_arena_free(work[i].words);
        ubrk_close(work[i].icu);
    }
    mud_arena_free(texts.arena);
    mud_reader_free(reader);
    return 0;
}
