#include "parse/engine.h"

#include "base/conf.h"
#include "parse/parse.h"
#include "parse/record.h"

#define SAMPLE_MAX ((size_t)4 << 20)

/* The clock of all samples: 2026-11-22T01:10:00Z. */
#define SAMPLE_TIME (INT64_C(1795309800) * MUD_SECOND)

static bool parse_sample(struct mud_parsed *parsed,
                         const struct mud_engine *engine, size_t i,
                         const char *folder, struct mud_arena *arena,
                         struct mud_error *err)
{
    struct mud_str path = mud_str_printf(
        arena, "%s/%.*s", folder, MUD_FMT(engine->samples[i].file));
    struct mud_page_in in = {
        .url = engine->samples[i].url,
        .status = 200,
        .fetched_at = SAMPLE_TIME,
    };
    return mud_file_read(&in.bytes, path.s, SAMPLE_MAX, arena, err) &&
           mud_parse_with(parsed, &in, engine, arena, err);
}

bool mud_engine_sample(struct mud_buf *out, const struct mud_engine *engine,
                       size_t i, const char *folder, struct mud_error *err)
{
    struct mud_parsed parsed;
    struct mud_arena *arena = mud_arena_new();
    bool ok = parse_sample(&parsed, engine, i, folder, arena, err);
    if (ok)
        mud_record_parsed(out, &parsed, (struct mud_str){0});
    mud_arena_free(arena);
    return ok;
}

/* The first line in which they differ; false when they do not. */
static bool differs(struct mud_str a, struct mud_str b, unsigned *line)
{
    struct mud_str x, y;
    for (*line = 1;; ++*line) {
        bool more_a = mud_str_line(&a, &x), more_b = mud_str_line(&b, &y);
        if (!more_a && !more_b)
            return false;
        if (more_a != more_b || !mud_str_eq(x, y))
            return true;
    }
}

static bool check_one(const struct mud_engine *engine, size_t i,
                      const char *folder, struct mud_arena *arena,
                      struct mud_error *err)
{
    struct mud_parsed parsed;
    struct mud_str golden;
    unsigned line;
    struct mud_str name = engine->samples[i].file;
    struct mud_str path = mud_str_printf(
        arena, "%s/%.*s", folder, MUD_FMT(engine->samples[i].golden));
    if (!parse_sample(&parsed, engine, i, folder, arena, err) ||
        !mud_file_read(&golden, path.s, SAMPLE_MAX, arena, err))
        return false;
    const char *kind = mud_page_kind_name(parsed.kind);
    if (!mud_str_eqz(engine->samples[i].kind, kind))
        return mud_fail(err,
                        MUD_EINPUT,
                        "%.*s: a %.*s page is taken for %s",
                        MUD_FMT(name),
                        MUD_FMT(engine->samples[i].kind),
                        kind);
    struct mud_buf now = {0};
    mud_record_parsed(&now, &parsed, (struct mud_str){0});
    bool other = differs(mud_buf_view(&now), golden, &line);
    mud_buf_free(&now);
    return !other || mud_fail(err,
                              MUD_EINPUT,
                              "%.*s: line %u is not that of the golden file",
                              MUD_FMT(name),
                              line);
}

bool mud_engine_check(const struct mud_engine *engine, const char *folder,
                      struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    bool ok = engine->n_samples > 0 || !engine->name.n ||
              mud_fail(err, MUD_EINPUT, "no samples");
    for (size_t i = 0; ok && i < engine->n_samples; i++)
        ok = check_one(engine, i, folder, arena, err);
    mud_arena_free(arena);
    return ok || mud_fail_in(err, "engine %.*s", MUD_FMT(engine->name));
}
