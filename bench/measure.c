#include "bench/measure.h"

#include "base/json.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t clock_us(clockid_t id)
{
    struct timespec t;

    (void)clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t mud_cpu_thread(void)
{
    return clock_us(CLOCK_THREAD_CPUTIME_ID);
}

int64_t mud_cpu_process(void)
{
    return clock_us(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t mud_cpu_usage(const struct rusage *usage)
{
    return (int64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) *
               1000000 +
           usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

int64_t mud_peak_kib(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

void mud_bench_die(const char *what, const struct mud_error *err)
{
    (void)fprintf(
        stderr, "%s: %s\n", what, err && err->text[0] ? err->text : "failed");
    exit(1);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

int64_t mud_median(int64_t *values, size_t n)
{
    qsort(values, n, sizeof(*values), by_value);
    return values[n / 2];
}

void mud_cases(struct mud_case *cases, size_t n, int rounds)
{
    for (int round = -1; round < rounds; round++)
        for (size_t i = 0; i < n; i++) {
            int64_t begun = mud_cpu_thread();

            cases[i].run(cases[i].payload);
            if (round >= 0)
                cases[i].us[round] = mud_cpu_thread() - begun;
        }
    printf("%-28s %9s %12s  %s\n", "", "MB/s", "items/s", "slowest/fastest");
    for (size_t i = 0; i < n; i++) {
        struct mud_case *c = &cases[i];
        int64_t us = mud_median(c->us, (size_t)rounds);

        us = us ? us : 1;
        printf("%-28s %9.1f %12.0f  %.2f  %s\n",
               c->name,
               (double)c->bytes / (double)us,
               (double)c->items * 1e6 / (double)us,
               (double)c->us[rounds - 1] / (double)(c->us[0] ? c->us[0] : 1),
               c->item);
    }
}

void mud_texts_load(struct mud_texts *out, const char *path)
{
    struct mud_error err = {0};
    FILE *file = fopen(path, "re");
    size_t cap = 0, room = 0;
    char *line = NULL;
    ssize_t n = 0;

    *out = (struct mud_texts){.arena = mud_arena_new()};
    if (!file)
        mud_bench_die(path, NULL);
    while ((n = getline(&line, &room, file)) > 0) {
        json_t *json = mud_json_read(mud_str_of(line, (size_t)n), &err);

        if (!json)
            mud_bench_die(path, &err);
        out->items = mud_arena_grow(
            out->arena, out->items, &cap, out->n, sizeof(*out->items));
        out->items[out->n] =
            mud_str_dup(mud_json_get_str(json, "text"), out->arena);
        out->bytes += out->items[out->n++].n;
        json_decref(json);
    }
    free(line);
    (void)fclose(file);
}

const char *mud_option(int argc, char **argv, const char *name,
                       const char *otherwise)
{
    size_t n = strlen(name);

    for (int i = 1; i < argc; i++)
        if (!strncmp(argv[i], "--", 2) && !strncmp(argv[i] + 2, name, n) &&
            argv[i][n + 2] == '=')
            return argv[i] + n + 3;
    return otherwise;
}

int64_t mud_option_int(int argc, char **argv, const char *name,
                       int64_t otherwise)
{
    const char *text = mud_option(argc, argv, name, NULL);
    int64_t value = 0;

    if (!text)
        return otherwise;
    if (!mud_str_i64(mud_str_z(text), &value)) {
        (void)fprintf(stderr, "--%s=%s: not a number\n", name, text);
        exit(2);
    }
    return value;
}
