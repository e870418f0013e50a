#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "graph/search.h"
#include "run/source.h"

struct searching {
    struct mud_session session;
    struct mud_out out;
    struct mud_search search;
    struct mud_buf words;
    struct mud_reader *reader;
};

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct searching *searching = payload;

    mud_text_put(&searching->out, json);
    return !searching->out.failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

static bool begin(struct searching *searching, const struct mud_args *args,
                  struct mud_error *err)
{
    struct mud_search *search = &searching->search;
    const char *source = mud_args_get(args, "source");
    const char *since = mud_args_get(args, "since");
    const char *cursor = mud_args_get(args, "cursor");
    struct mud_source found;
    int64_t limit = 0;

    for (size_t i = 0; i < mud_args_count(args); i++)
        mud_buf_printf(
            &searching->words, "%s%s", i ? " " : "", mud_args_operand(args, i));
    if (!mud_out_begin(&searching->out, args, err) ||
        !mud_args_number(&limit, args, "limit", 1, INT64_C(1) << 40, 20, err) ||
        (since &&
         !mud_time_option(&search->since, "--since", since, false, err)) ||
        !mud_session_open(&searching->session, args, err) ||
        !mud_reader_new(&searching->reader, mud_lexicon_file(), err))
        return false;
    search->query = mud_buf_view(&searching->words);
    search->limit = (size_t)limit;
    search->zone = mud_session_shown_zone();
    if (cursor && strcmp(cursor, "first") != 0)
        search->cursor = mud_str_z(cursor);
    if (!source)
        return true;
    if (!mud_source_load(&found,
                         searching->session.pg,
                         mud_str_z(source),
                         searching->session.arena,
                         err))
        return false;
    search->source = found.id;
    return true;
}

/* Behind the hits: how many there are, and how to go on. */
static void put_end(struct searching *searching, const struct mud_searched *sum,
                    bool page)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};

    mud_out_text(&searching->out,
                 mud_t("%zu shown, at most %lld texts in all\n",
                       "显示 %zu 条，至多共 %lld 条文本\n"),
                 searching->out.records,
                 (long long)sum->found);
    if (sum->cut)
        mud_out_text(&searching->out,
                     mud_t("stopped after %lld texts were checked\n",
                           "已核对 %lld 条文本，暂停于此\n"),
                     (long long)sum->checked);
    if (sum->cursor[0])
        mud_out_text(&searching->out,
                     mud_t("more: the same with --cursor %s\n",
                           "后续：同一命令加 --cursor %s\n"),
                     sum->cursor);
    if (!page || searching->out.format == MUD_FORMAT_TEXT)
        return;
    mud_json_object(&json);
    mud_json_kz(&json, "type", "page");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "found", sum->found);
    mud_json_kint(&json, "checked", sum->checked);
    mud_json_kbool(&json, "cut", sum->cut);
    mud_json_kz(&json, "cursor", sum->cursor[0] ? sum->cursor : NULL);
    mud_json_object_end(&json);
    mud_out_record(&searching->out, mud_buf_view(&buf), MUD_STR(""));
    mud_buf_free(&buf);
}

int mud_cmd_search(const struct mud_args *args, struct mud_error *err)
{
    struct searching searching = {0};
    struct mud_searched sum = {0};
    bool good = begin(&searching, args, err);

    if (good && mud_args_has(args, "facets")) {
        good = mud_search_facets(searching.session.pg,
                                 searching.reader,
                                 &searching.search,
                                 put,
                                 &searching,
                                 err);
    } else if (good) {
        good = mud_search(&sum,
                          searching.session.pg,
                          searching.reader,
                          &searching.search,
                          put,
                          &searching,
                          err);
        if (good)
            put_end(&searching, &sum, mud_args_has(args, "cursor"));
    }
    good = good && mud_out_end(&searching.out, err);
    mud_reader_free(searching.reader);
    mud_buf_free(&searching.words);
    mud_session_close(&searching.session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
