/* What a term would do: in texts at hand, and in the posts that are stored. */
#include "base/lang.h"
#include "base/utf8.h"
#include "cli/cmd.h"
#include "cli/lexicon.h"
#include "cli/progress.h"
#include "cli/text.h"
#include "graph/lexhits.h"
#include "nlp/record.h"
#include "run/source.h"

#include <stdio.h>

/* --- test --- */

struct trial {
    struct mud_session session;
    struct mud_out out;
    struct mud_reader *builtin, *without, *with;
    int64_t texts, changed, offers_without, offers_with;
};

/* Rows that switch off all that the reader knows of a folded term. */
static void write_off(struct mud_buf *tsv, const struct mud_reader *reader,
                      struct mud_str term, struct mud_str folded,
                      struct mud_arena *arena)
{
    struct mud_lex_known *known;
    size_t n = mud_lexicon_known(&known, reader, folded, arena);

    mud_buf_z(tsv, "term\tkind\tflags\n");
    for (size_t i = 0; i < n; i++)
        mud_buf_printf(tsv, "%.*s\t%s\toff\n", MUD_FMT(term), known[i].kind);
}

/* Readers with and without: of the entry that the options give, or of what is
 * in use. */
static bool make_readers(struct trial *t, const struct mud_args *args,
                         struct mud_error *err)
{
    const char *term = mud_args_operand(args, 0), *path = mud_lexicon_file();
    struct mud_arena *arena = t->session.arena;
    struct mud_buf off = {0}, on = {0};
    struct mud_reader *now = NULL;
    struct mud_lexrow row;
    struct mud_lex_known *known;
    bool given = mud_args_has(args, "kind") || mud_args_has(args, "sense");
    struct mud_str folded;
    bool good = mud_reader_new(&t->builtin, NULL, err) &&
                mud_reader_new(&now, path, err);

    folded = good ? mud_lexicon_folded(t->builtin, mud_str_z(term), arena)
                  : mud_str_of("", 0);
    if (good && given)
        good = mud_lexicon_option_row(&row, args, term, t->builtin, arena, err);
    else if (good && !mud_lexicon_known(&known, now, folded, arena))
        good = mud_fail(err,
                        MUD_EUSAGE,
                        "%s is in no table: --kind and --sense say what to "
                        "try it as",
                        term);
    if (good) {
        write_off(&off, now, mud_str_z(term), folded, arena);
        if (given)
            mud_lexbook_tsv(&on, &row, 1);
        good = given
                   ? mud_reader_new(&t->without, path, err) &&
                         mud_reader_with(
                             &t->with, path, "try", mud_buf_view(&on), err)
                   : mud_reader_new(&t->with, path, err) &&
                         mud_reader_with(
                             &t->without, path, "try", mud_buf_view(&off), err);
    }
    mud_reader_free(now);
    mud_buf_free(&off);
    mud_buf_free(&on);
    return good;
}

struct side { /* one text as one of the readers reads it */
    struct mud_buf record, tokens;
    bool is_offer;
};

static bool read_side(struct side *side, const struct mud_reader *reader,
                      struct mud_str text, struct mud_arena *arena,
                      struct mud_error *err)
{
    struct mud_message message = {.id = MUD_STR(""), .text = text};
    struct mud_reading reading = {0};
    struct mud_span *spans;

    if (!mud_read(&reading, reader, &message, NULL, arena, err))
        return false;
    mud_record_write(&side->record, reader, &message, &reading, false, arena);
    side->is_offer = reading.is_offer;
    size_t n = mud_tokenize(&spans, reader, text, arena);
    for (size_t i = 0; i < n; i++) {
        if (i)
            mud_buf_c(&side->tokens, ' ');
        mud_buf_str(&side->tokens,
                    mud_str_sub(text, spans[i].start, spans[i].end));
    }
    return true;
}

/* One entity as a line: what two readings are told apart by. */
static void entity_line(struct mud_buf *out, const json_t *entity)
{
    static const char *const keys[] = {"canonical",
                                       "contact_type",
                                       "indicator_type",
                                       "kind",
                                       "value",
                                       "unit",
                                       "currency",
                                       "per"};

    mud_text_plain(out, mud_json_get_str(entity, "type"), 20);
    mud_buf_z(out, "  ");
    mud_text_plain(out, mud_json_get_str(entity, "text"), 60);
    mud_buf_z(out, "  ->");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (mud_json_get_str(entity, keys[i]).n) {
            mud_buf_c(out, ' ');
            mud_text_plain(out, mud_json_get_str(entity, keys[i]), 60);
        }
}

static void head_line(struct mud_buf *out, const json_t *record)
{
    const char *side =
        mud_text_direction(mud_json_get_str(record, "direction"));

    mud_buf_printf(out,
                   "%s%s%s%s",
                   mud_text_category(mud_json_get_str(record, "category")),
                   *side ? mud_t(", ", "，") : "",
                   side,
                   mud_json_get_bool(record, "is_offer")
                       ? ""
                       : mud_t(", no offer", "，非违法交易"));
}

static bool has_line(const json_t *record, struct mud_str line)
{
    const json_t *entities = json_object_get(record, "entities"), *entity;
    struct mud_buf other = {0};
    bool found = false;
    size_t i;

    json_array_foreach(entities, i, entity)
    {
        mud_buf_clear(&other);
        entity_line(&other, entity);
        found |= mud_str_eq(line, mud_buf_view(&other));
    }
    mud_buf_free(&other);
    return found;
}

/* Lines of `one` that `other` does not have, behind a sign. */
static void put_difference(struct mud_buf *text, const json_t *one,
                           const json_t *other, const char *sign)
{
    const json_t *entities = json_object_get(one, "entities"), *entity;
    struct mud_buf line = {0}, head = {0};
    size_t i;

    head_line(&line, one);
    head_line(&head, other);
    if (!mud_str_eq(mud_buf_view(&line), mud_buf_view(&head)))
        mud_buf_printf(
            text, "    %s %.*s\n", sign, MUD_FMT(mud_buf_view(&line)));
    json_array_foreach(entities, i, entity)
    {
        mud_buf_clear(&line);
        entity_line(&line, entity);
        if (!has_line(other, mud_buf_view(&line)))
            mud_buf_printf(
                text, "    %s %.*s\n", sign, MUD_FMT(mud_buf_view(&line)));
    }
    mud_buf_free(&line);
    mud_buf_free(&head);
}

static void put_trial(struct trial *t, struct mud_str text,
                      const struct side *without, const struct side *with)
{
    struct mud_buf buf = {0}, said = {0};
    struct mud_json json = {.buf = &buf};
    struct mud_error none = {0};
    bool read = !mud_str_eq(mud_buf_view(&without->record),
                            mud_buf_view(&with->record));
    bool cut = !mud_str_eq(mud_buf_view(&without->tokens),
                           mud_buf_view(&with->tokens));

    mud_json_object(&json);
    mud_json_kz(&json, "type", "lexicon_test");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "text", text);
    mud_json_kbool(&json, "changed", read || cut);
    mud_json_kstr(&json, "tokens_without", mud_buf_view(&without->tokens));
    mud_json_kstr(&json, "tokens_with", mud_buf_view(&with->tokens));
    mud_json_key(&json, "without");
    mud_json_raw(&json, mud_buf_view(&without->record));
    mud_json_key(&json, "with");
    mud_json_raw(&json, mud_buf_view(&with->record));
    mud_json_object_end(&json);
    mud_text_plain(&said, text, 200);
    mud_buf_z(&said,
              read || cut ? "\n" : mud_t("\n    the same\n", "\n    不变\n"));
    if (read) {
        json_t *a = mud_json_read(mud_buf_view(&without->record), &none);
        json_t *b = mud_json_read(mud_buf_view(&with->record), &none);

        put_difference(&said, a, b, "-");
        put_difference(&said, b, a, "+");
        json_decref(a);
        json_decref(b);
    }
    if (cut) {
        mud_buf_z(&said, "    - ");
        mud_text_plain(&said, mud_buf_view(&without->tokens), 200);
        mud_buf_z(&said, "\n    + ");
        mud_text_plain(&said, mud_buf_view(&with->tokens), 200);
        mud_buf_c(&said, '\n');
    }
    mud_out_record(&t->out, mud_buf_view(&buf), mud_buf_view(&said));
    t->texts++;
    t->changed += read || cut;
    t->offers_without += without->is_offer;
    t->offers_with += with->is_offer;
    mud_buf_free(&buf);
    mud_buf_free(&said);
}

static bool try_text(struct trial *t, struct mud_str text,
                     struct mud_arena *arena, struct mud_error *err)
{
    struct side without = {.is_offer = false}, with = {.is_offer = false};
    bool good = read_side(&without, t->without, text, arena, err) &&
                read_side(&with, t->with, text, arena, err);

    if (good)
        put_trial(t, text, &without, &with);
    mud_buf_free(&without.record);
    mud_buf_free(&without.tokens);
    mud_buf_free(&with.record);
    mud_buf_free(&with.tokens);
    mud_arena_reset(arena);
    return good;
}

/* The texts given, or stored ones that hold the term. */
static bool try_all(struct trial *t, const struct mud_args *args, int64_t most,
                    struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str *texts = NULL;
    size_t n = mud_args_count(args);
    bool good = true;

    for (size_t i = 1; good && i < n; i++) {
        struct mud_str text = mud_utf8_clean(
            mud_str_z(mud_args_operand(args, i)), t->session.arena, NULL);

        good = try_text(t, text, arena, err);
    }
    if (n == 1) {
        good = mud_session_open(&t->session, args, err) &&
               mud_lexhits_texts(&texts,
                                 &n,
                                 t->session.pg,
                                 t->with,
                                 mud_str_z(mud_args_operand(args, 0)),
                                 (size_t)most,
                                 t->session.arena,
                                 err);
        for (size_t i = 0; good && i < n; i++)
            good = try_text(t, texts[i], arena, err);
    }
    mud_arena_free(arena);
    return good;
}

int mud_cmd_lexicon_test(const struct mud_args *args, struct mud_error *err)
{
    struct trial t = {0};
    int64_t most = 0;
    bool good = mud_out_begin(&t.out, args, err) &&
                mud_args_number(&most, args, "limit", 1, 10000, 20, err) &&
                mud_session_home(&t.session, args, err) &&
                make_readers(&t, args, err);

    if (good && mud_args_count(args) == 1)
        mud_session_close(&t.session); /* opened again with a database */
    good = good && try_all(&t, args, most, err);
    if (good)
        mud_out_text(
            &t.out,
            mud_t("%lld texts, %lld read otherwise; offers: %lld "
                  "without, %lld with\n",
                  "共 %lld 条文本，%lld 条解读不同；交易：无此词 %lld，"
                  "有此词 %lld\n"),
            (long long)t.texts,
            (long long)t.changed,
            (long long)t.offers_without,
            (long long)t.offers_with);
    good = good && mud_out_end(&t.out, err);
    mud_reader_free(t.builtin);
    mud_reader_free(t.without);
    mud_reader_free(t.with);
    mud_session_close(&t.session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

/* --- hits --- */

static void put_counts(struct mud_buf *text, const char *label,
                       const json_t *counts)
{
    const char *name;
    json_t *value;

    mud_buf_z(text, label);
    json_object_foreach((json_t *)(uintptr_t)counts, name, value)
        mud_buf_printf(
            text, "  %s %lld", name, (long long)json_integer_value(value));
    mud_buf_c(text, '\n');
}

static void hits_text(struct mud_buf *text, const json_t *hits)
{
    const json_t *examples = json_object_get(hits, "examples"), *example;
    size_t i;

    mud_text_plain(text, mud_json_get_str(hits, "term"), 60);
    mud_buf_printf(
        text,
        mud_t(": %lld posts (%lld adverts), %lld texts, %lld "
              "places in them\n",
              "：%lld 条帖子（%lld 条广告），%lld 段文本，%lld 处\n"),
        (long long)mud_json_get_int(hits, "posts", 0),
        (long long)mud_json_get_int(hits, "adverts", 0),
        (long long)mud_json_get_int(hits, "texts", 0),
        (long long)mud_json_get_int(hits, "occurrences", 0));
    if (!mud_json_get_int(hits, "posts", 0))
        return;
    put_counts(text,
               mud_t("  by source:", "  按来源："),
               json_object_get(hits, "by_source"));
    put_counts(text,
               mud_t("  by month:", "  按月份："),
               json_object_get(hits, "by_month"));
    put_counts(text,
               mud_t("  by category:", "  按类别："),
               json_object_get(hits, "by_category"));
    json_array_foreach(examples, i, example)
    {
        const json_t *posts = json_object_get(example, "posts");

        mud_buf_z(text, "  ");
        mud_text_plain(text, mud_json_get_str(example, "text"), 160);
        mud_buf_printf(text,
                       "  (%s)\n",
                       json_string_value(json_array_get(posts, 0))
                           ? json_string_value(json_array_get(posts, 0))
                           : "-");
    }
}

static bool put_hits(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;
    struct mud_buf text = {0};
    json_t *hits = mud_json_read(json, err);

    if (!hits)
        return false;
    hits_text(&text, hits);
    json_decref(hits);
    mud_out_record(out, json, mud_buf_view(&text));
    mud_buf_free(&text);
    return true;
}

static void hits_progress(int64_t done, int64_t total, void *payload)
{
    mud_progress_step(payload, done, total, mud_t("texts", "段文本"));
}

int mud_cmd_lexicon_hits(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_reader *reader = NULL;
    struct mud_source source = {0};
    struct mud_out out;
    struct mud_progress progress =
        mud_progress_begin(mud_t("hits", "命中"), mud_args_has(args, "quiet"));
    struct mud_lexhits hits = {
        .term = mud_str_trim(mud_str_z(mud_args_operand(args, 0))),
        .flags = mud_str_z(mud_args_has(args, "inside") ? "inside" : ""),
        .progress = hits_progress,
        .progress_payload = &progress};
    const char *since = mud_args_get(args, "since");
    const char *name = mud_args_get(args, "source");
    int64_t examples = 0;
    bool good = mud_out_begin(&out, args, err) &&
                mud_args_number(&examples, args, "limit", 0, 100, 5, err) &&
                (!since ||
                 mud_time_option(&hits.since, "--since", since, false, err)) &&
                mud_session_open(&session, args, err) &&
                mud_reader_new(&reader, mud_lexicon_file(), err) &&
                (!name ||
                 mud_source_load(
                     &source, session.pg, mud_str_z(name), session.arena, err));

    hits.source = source.id;
    hits.examples = (size_t)examples;
    good = good && mud_lexhits(session.pg, reader, &hits, put_hits, &out, err);
    mud_progress_end(&progress);
    good = good && mud_out_end(&out, err);
    mud_reader_free(reader);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
