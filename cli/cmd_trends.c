#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "graph/trends.h"

#include <stdio.h>

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;

    mud_text_put(out, json);
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

static bool asked(struct mud_trends *out, const struct mud_args *args,
                  struct mud_error *err)
{
    static const char *const whats[] = {"offers", "sellers", "prices"};
    const char *what = mud_args_operand(args, 0);
    const char *by = mud_args_get(args, "by");
    const char *since = mud_args_get(args, "since");
    const char *until = mud_args_get(args, "until");
    const char *as_of = mud_args_get(args, "as-of");
    int i = 0;

    while (i < 3 && strcmp(what, whats[i]) != 0)
        i++;
    if (i == 3)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "trends of offers, sellers or prices, not of %s",
                        what);
    if (by && strcmp(by, "week") != 0 && strcmp(by, "month") != 0)
        return mud_fail(
            err, MUD_EUSAGE, "--by takes week or month, not %s", by);
    *out = (struct mud_trends){
        .what = (enum mud_trend)i,
        .month = by && strcmp(by, "month") == 0,
        .zone = mud_session_zone_name(),
        .category = mud_str_z(mud_args_get(args, "category")),
        .product = mud_str_z(mud_args_get(args, "product"))};
    out->as_of = out->until = mud_now();
    out->since = out->until - INT64_C(366) * 86400 * MUD_SECOND;
    return (!since ||
            mud_time_option(&out->since, "--since", since, false, err)) &&
           (!until ||
            mud_time_option(&out->until, "--until", until, true, err)) &&
           (!as_of ||
            mud_time_option(&out->as_of, "--as-of", as_of, true, err));
}

static bool load_rates(struct mud_rates *out, const char *home,
                       struct mud_arena *arena, struct mud_error *err)
{
    const struct mud_str path = mud_str_printf(arena, "%s/rates.tsv", home);

    return mud_rates_load(out, mud_str_cstr(path, arena), arena, err);
}

int mud_cmd_trends(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_trends trends;
    struct mud_rates rates = {0};
    struct mud_out out;
    bool good = asked(&trends, args, err) && mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                load_rates(&rates, session.home, session.arena, err);

    trends.rates = &rates;
    good = good && mud_trends(session.pg, &trends, put, &out, err);
    if (good && !out.records)
        mud_out_text(&out, "%s", mud_t("nothing\n", "无\n"));
    good = good && mud_out_end(&out, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_rates_check(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_rates rates = {0};
    bool good = mud_session_home(&session, args, err) &&
                load_rates(&rates, session.home, session.arena, err);

    if (good)
        printf(mud_t("%zu rates\n", "%zu 个汇率\n"), rates.n);
    for (size_t i = 0; good && i < rates.n; i++) {
        size_t last = i;

        while (last + 1 < rates.n &&
               !strcmp(rates.at[last + 1].currency, rates.at[i].currency))
            last++;
        printf(mud_t("%s: %zu, the last of %d days ago: %g CNY (%.*s)\n",
                     "%s：%zu 个，最近一个为 %d 天前：%g CNY（%.*s）\n"),
               rates.at[i].currency,
               last - i + 1,
               (int)(mud_now() / MUD_SECOND / 86400 - rates.at[last].day),
               rates.at[last].cny,
               MUD_FMT(rates.at[last].source));
        i = last;
    }
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
