#include "base/lang.h"
#include "base/log.h"
#include "cli/cmd.h"
#include "cli/round.h"

#include <stdio.h>

/* A source out of its terms is said so; the others go on. */
static bool fetch_or_say(struct mud_round *round,
                         const struct mud_source *source,
                         const struct mud_crawl_options *options,
                         struct mud_error *err)
{
    if (mud_round_fetch(round, source, options->max_pages, options->whole, err))
        return true;
    if (err->code != MUD_EDENIED)
        return false;
    if (mud_log_is_json())
        mud_log(MUD_LOG_WARN, NULL, "not fetched: %s", err->text);
    else
        fprintf(stderr, mud_t("not fetched: %s\n", "未抓取：%s\n"), err->text);
    mud_error_clear(err);
    round->partly = true;
    return true;
}

static bool fetch_named(struct mud_round *round, const struct mud_args *args,
                        const struct mud_crawl_options *options,
                        struct mud_error *err)
{
    struct mud_source source;

    for (size_t i = 0; i < mud_args_count(args) && !mud_round_stop; i++) {
        if (!mud_source_load(&source,
                             round->worker.pg,
                             mud_str_z(mud_args_operand(args, i)),
                             round->session.arena,
                             err))
            return false;
        if (!fetch_or_say(round, &source, options, err))
            return false;
    }
    return true;
}

static bool fetch_all(struct mud_round *round,
                      const struct mud_crawl_options *options,
                      struct mud_error *err)
{
    struct mud_source *sources;
    size_t n, collected = 0;

    if (!mud_source_list(
            &sources, &n, round->worker.pg, round->session.arena, err))
        return false;
    for (size_t i = 0; i < n && !mud_round_stop; i++) {
        if (!mud_collector_of(sources[i].kind))
            continue;
        collected++;
        if (!fetch_or_say(round, &sources[i], options, err))
            return false;
    }
    if (!collected)
        mud_out_text(
            &round->out,
            "%s",
            mud_t("no source to fetch; mudlark source add --help\n",
                  "没有可抓取的来源；参见 mudlark source add --help\n"));
    return true;
}

int mud_cmd_fetch(const struct mud_args *args, struct mud_error *err)
{
    struct mud_round round;
    struct mud_crawl_options options = {.whole = mud_args_has(args, "all")};
    int code = MUD_EXIT_FAILED;

    if (!mud_args_number(
            &options.max_pages, args, "max-pages", 1, INT64_C(1) << 40, 0, err))
        return MUD_EXIT_USAGE;
    mud_round_catch();
    if (!mud_round_open(
            &round, args, mud_t("fetch", "抓取"), mud_t("pages", "页"), err))
        return mud_exit_of(err);
    bool good = mud_args_count(args) > 0
                    ? fetch_named(&round, args, &options, err)
                    : fetch_all(&round, &options, err);
    good = good && mud_round_link(&round, err);
    code = good ? mud_round_end(&round, err) : mud_exit_of(err);
    mud_round_close(&round);
    return code;
}
