/* Unknown terms that the stored posts speak for. */
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/lexicon.h"
#include "cli/progress.h"
#include "cli/text.h"
#include "graph/lexsuggest.h"
#include "run/source.h"

static void put_part(struct mud_buf *text, const json_t *why, const char *key,
                     const char *label)
{
    mud_buf_printf(text, "  %s %.2f", label, mud_json_get_double(why, key, 0));
}

static void why_text(struct mud_buf *text, const json_t *s)
{
    const json_t *why = json_object_get(s, "why");
    const json_t *like = json_array_get(json_object_get(s, "like"), 0);

    mud_buf_z(text, "    ");
    put_part(text, why, "cohesion", mud_t("cohesion", "内聚"));
    put_part(text, why, "freedom", mud_t("freedom", "自由"));
    put_part(text, why, "spread", mud_t("spread", "作者"));
    put_part(text, why, "contrast", mud_t("contrast", "对比"));
    put_part(text, why, "edges", mud_t("edges", "边界"));
    put_part(text, why, "likeness", mud_t("likeness", "相似"));
    if (like) {
        mud_buf_printf(text,
                       mud_t("  like %.*s (", "  近似 %.*s（"),
                       MUD_FMT(mud_json_get_str(like, "sense")));
        mud_text_plain(text, mud_json_get_str(like, "term"), 40);
        mud_buf_printf(text,
                       ", %s%s",
                       mud_text_category(mud_json_get_str(like, "category")),
                       mud_t(")", "）"));
    }
    mud_buf_c(text, '\n');
}

static void suggestion_text(struct mud_buf *text, const json_t *s)
{
    const json_t *examples = json_object_get(s, "examples"), *example;
    size_t i;

    mud_buf_printf(text, "%3lld  ", (long long)mud_json_get_int(s, "rank", 0));
    mud_text_plain(text, mud_json_get_str(s, "term"), 60);
    mud_buf_printf(text,
                   mud_t("  %.3f: %lld texts, %lld of them dealing, %lld "
                         "authors\n",
                         "  %.3f：%lld 段文本，其中交易 %lld，作者 %lld\n"),
                   mud_json_get_double(s, "score", 0),
                   (long long)mud_json_get_int(s, "texts", 0),
                   (long long)mud_json_get_int(s, "dealing", 0),
                   (long long)mud_json_get_int(s, "authors", 0));
    why_text(text, s);
    json_array_foreach(examples, i, example)
    {
        mud_buf_z(text, "      ");
        mud_text_plain(text, mud_json_get_str(example, "text"), 100);
        mud_buf_c(text, '\n');
    }
}

static bool put_suggestion(struct mud_str json, void *payload,
                           struct mud_error *err)
{
    struct mud_out *out = payload;
    struct mud_buf text = {0};
    json_t *s = mud_json_read(json, err);

    if (!s)
        return false;
    suggestion_text(&text, s);
    json_decref(s);
    mud_out_record(out, json, mud_buf_view(&text));
    mud_buf_free(&text);
    return true;
}

static void progress_step(int64_t done, int64_t total, void *payload)
{
    mud_progress_step(payload, done, total, mud_t("texts", "段文本"));
}

static void put_sum(struct mud_out *out, const struct mud_suggest_sum *sum)
{
    mud_out_text(out,
                 mud_t("%llu texts read, %llu of them nearly one before\n",
                       "读取 %llu 段文本，其中 %llu 段近似重复\n"),
                 (unsigned long long)sum->texts,
                 (unsigned long long)sum->alike);
    if (sum->dropped)
        mud_out_text(
            out,
            "%s",
            mud_t("more than the tables hold: rare terms may be "
                  "missing (--since and --source narrow it)\n",
                  "超出统计表容量：罕见词可能缺失（可用 --since、--source "
                  "缩小范围）\n"));
    mud_out_text(out,
                 "%s",
                 mud_t("next: mudlark lexicon accept TERM --sense SENSE, or "
                       "mudlark lexicon reject TERM\n",
                       "接下来：mudlark lexicon accept 词 --sense 含义，或 "
                       "mudlark lexicon reject 词\n"));
}

int mud_cmd_lexicon_suggest(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_reader *reader = NULL;
    struct mud_source source = {0};
    struct mud_suggest_sum sum;
    struct mud_out out;
    struct mud_progress progress = mud_progress_begin(
        mud_t("suggest", "推荐"), mud_args_has(args, "quiet"));
    struct mud_lexsuggest options = {.progress = progress_step,
                                     .progress_payload = &progress};
    const char *since = mud_args_get(args, "since");
    const char *name = mud_args_get(args, "source");
    int64_t limit = 0, least = 0;
    bool good =
        mud_out_begin(&out, args, err) &&
        mud_args_number(&limit, args, "limit", 1, 10000, 30, err) &&
        mud_args_number(&least, args, "least", 2, 1000000, 3, err) &&
        (!since ||
         mud_time_option(&options.since, "--since", since, false, err)) &&
        mud_session_open(&session, args, err) &&
        mud_reader_new(&reader, mud_lexicon_file(), err) &&
        (!name ||
         mud_source_load(
             &source, session.pg, mud_str_z(name), session.arena, err));

    options.source = source.id;
    options.limit = (size_t)limit;
    options.least = (uint32_t)least;
    good = good &&
           mud_lexsuggest(
               &sum, session.pg, reader, &options, put_suggestion, &out, err);
    mud_progress_end(&progress);
    if (good)
        put_sum(&out, &sum);
    good = good && mud_out_end(&out, err);
    mud_reader_free(reader);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
