#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "graph/records.h"
#include "graph/sold.h"
#include "run/source.h"

#include <stdio.h>

struct query {
    struct mud_session session;
    struct mud_out out;
    struct mud_listing listing;
    const char *only_key, *only_value; /* records with another value: dropped */
    size_t limit, given;               /* of records that pass only_* */
};

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct query *query = payload;

    if (query->only_value) {
        json_t *record = mud_json_read(json, err);
        if (!record)
            return false;
        bool same = mud_str_eqz(mud_json_get_str(record, query->only_key),
                                query->only_value);
        json_decref(record);
        if (!same)
            return true;
    }
    mud_text_put(&query->out, json);
    if (query->out.failed)
        return mud_fail(err, MUD_EIO, "standard output could not be written");
    return !query->limit || ++query->given < query->limit;
}

static bool query_open(struct query *query, const struct mud_args *args,
                       int64_t otherwise, struct mud_error *err)
{
    const char *source = mud_args_get(args, "source");
    const char *since = mud_args_get(args, "since");
    struct mud_source found;
    int64_t limit;

    if (!mud_out_begin(&query->out, args, err) ||
        !mud_args_number(
            &limit, args, "limit", 1, INT64_C(1) << 40, otherwise, err) ||
        (since && !mud_time_option(
                      &query->listing.since, "--since", since, false, err)) ||
        !mud_session_open(&query->session, args, err))
        return false;
    query->limit = (size_t)limit;
    query->listing.limit = query->only_value ? 0 : (size_t)limit;
    if (!source)
        return true;
    if (!mud_source_load(&found,
                         query->session.pg,
                         mud_str_z(source),
                         query->session.arena,
                         err))
        return false;
    query->listing.source = found.id;
    return true;
}

typedef bool list_fn(struct mud_pg *pg, const struct mud_listing *listing,
                     mud_record_fn *record, void *payload,
                     struct mud_error *err);

static int list(const struct mud_args *args, list_fn *fn, const char *option,
                const char *key, int64_t otherwise, struct mud_error *err)
{
    struct query query = {.only_key = key,
                          .only_value =
                              option ? mud_args_get(args, option) : NULL};

    bool good = query_open(&query, args, otherwise, err) &&
                fn(query.session.pg, &query.listing, put, &query, err);
    if (good && !query.out.records)
        mud_out_text(&query.out, "%s", mud_t("nothing\n", "无\n"));
    good = good && mud_out_end(&query.out, err);
    mud_session_close(&query.session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_posts(const struct mud_args *args, struct mud_error *err)
{
    return list(args, mud_list_posts, NULL, NULL, 0, err);
}

int mud_cmd_offers(const struct mud_args *args, struct mud_error *err)
{
    return list(args, mud_list_offers, "category", "category", 0, err);
}

/* sellers --sold WHAT --in TIME */
static int sold(const struct mud_args *args, struct mud_error *err)
{
    struct query query = {0};
    struct mud_reader *reader = NULL;
    struct mud_search search = {0};
    bool complete = true;
    bool good = query_open(&query, args, 0, err) &&
                mud_reader_new(&reader, mud_lexicon_file(), err);

    if (good) {
        search.query = mud_sold_query(mud_str_z(mud_args_get(args, "sold")),
                                      mud_args_get(args, "in"),
                                      query.session.arena);
        search.zone = mud_session_shown_zone();
        search.source = query.listing.source;
        search.since = query.listing.since;
        search.limit = query.limit;
        query.limit = 0;
        good = mud_sold(
            &complete, query.session.pg, reader, &search, put, &query, err);
    }
    if (good && !query.out.records)
        mud_out_text(&query.out, "%s", mud_t("nobody\n", "无\n"));
    if (good && !complete)
        fprintf(stderr,
                "mudlark: %s\n",
                mud_t("only the texts seen last were counted: ask for a "
                      "shorter time (--in)",
                      "仅统计了最近出现的文本：请缩短时间范围（--in）"));
    good = good && mud_out_end(&query.out, err);
    mud_reader_free(reader);
    mud_session_close(&query.session);
    return !good      ? mud_exit_of(err)
           : complete ? MUD_EXIT_DONE
                      : MUD_EXIT_PARTLY;
}

int mud_cmd_sellers(const struct mud_args *args, struct mud_error *err)
{
    if (mud_args_has(args, "sold"))
        return sold(args, err);
    if (mud_args_has(args, "in")) {
        (void)mud_fail(err, MUD_EUSAGE, "--in goes with --sold WHAT");
        return MUD_EXIT_USAGE;
    }
    return list(args, mud_list_sellers, NULL, NULL, 0, err);
}

int mud_cmd_contacts(const struct mud_args *args, struct mud_error *err)
{
    return list(args, mud_list_contacts, "type", "contact_type", 0, err);
}
