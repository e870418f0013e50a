/*
 * What the benchmarks share: clocks, rounds, tables, made-up texts. Programs
 * end with a message when anything fails; none of this goes into the product.
 */
#ifndef MUD_BENCH_MEASURE_H
#define MUD_BENCH_MEASURE_H

#include "base/error.h"
#include "base/str.h"

#include <sys/resource.h>

#define MUD_ROUNDS_MAX 31

/* CPU time of this thread, and of this process with all its threads: us. */
int64_t mud_cpu_thread(void);
int64_t mud_cpu_process(void);
int64_t mud_cpu_usage(const struct rusage *usage); /* user + system, us */
/* Largest resident size so far, KiB (VmHWM). */
int64_t mud_peak_kib(void);

/* Say what failed and exit(1). */
_Noreturn void mud_bench_die(const char *what, const struct mud_error *err);

/* One thing that is measured: run handles all of the material once. */
struct mud_case {
    const char *name;
    void (*run)(void *payload);
    void *payload;
    size_t bytes, items; /* handled by one run */
    const char *item;    /* "messages" */
    int64_t us[MUD_ROUNDS_MAX];
};

/*
 * Run all cases in turn, `rounds` times (1..MUD_ROUNDS_MAX), after one round
 * that does not count; then print a line for each: MB/s and items/s of the
 * median round by thread CPU time, and how far the rounds lie apart.
 */
void mud_cases(struct mud_case *cases, size_t n, int rounds);

int64_t mud_median(int64_t *values, size_t n); /* sorts values */

/* Texts of an NDJSON file of {"id","text"}. */
struct mud_texts {
    struct mud_arena *arena;
    struct mud_str *items;
    size_t n, bytes;
};

void mud_texts_load(struct mud_texts *out, const char *path);

/* Value of "--name=value" among the arguments, else `otherwise`. */
const char *mud_option(int argc, char **argv, const char *name,
                       const char *otherwise);
int64_t mud_option_int(int argc, char **argv, const char *name,
                       int64_t otherwise);

#endif
