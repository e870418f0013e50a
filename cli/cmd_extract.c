#include "base/json.h"
#include "base/lang.h"
#include "base/utf8.h"
#include "cli/cmd.h"
#include "cli/lines.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "nlp/explain.h"
#include "nlp/record.h"

#include <stdio.h>
#include <unistd.h>

struct extraction {
    struct mud_out out;
    struct mud_reader *reader;
    struct mud_context *context;
    struct mud_arena *arena; /* of one batch */
    bool explain, plain;
    uint64_t refused; /* lines */
    /* The batch: read together, which is faster (mud_read_all). */
    struct mud_message messages[MUD_READ_MOST];
    size_t n;
    size_t bytes; /* of their lines */
};

enum {
    BATCH_BYTES = 64 << 10 /* from there on it is read: memory, not speed */
};

static enum mud_ink ink_of(enum mud_entity_type type)
{
    switch (type) {
    case MUD_ENT_PRODUCT:
        return MUD_INK_RED;
    case MUD_ENT_QUANTITY:
        return MUD_INK_MAGENTA;
    case MUD_ENT_PRICE:
        return MUD_INK_GREEN;
    case MUD_ENT_CONTACT:
        return MUD_INK_CYAN;
    case MUD_ENT_VICTIM_DATA:
        return MUD_INK_YELLOW;
    case MUD_ENT_INDICATOR:
    case MUD_ENT_CANDIDATE:
        return MUD_INK_BLUE;
    }
    return MUD_INK_DIM;
}

static const char *label_of(const struct mud_entity *entity)
{
    switch ((enum mud_entity_type)entity->type) {
    case MUD_ENT_PRODUCT:
        return mud_t("product", "商品");
    case MUD_ENT_QUANTITY:
        return mud_t("quantity", "数量");
    case MUD_ENT_PRICE:
        return mud_t("price", "价格");
    case MUD_ENT_CONTACT:
        return mud_t("contact", "联系方式");
    case MUD_ENT_VICTIM_DATA:
        return mud_t("victims' data", "受害人数据");
    case MUD_ENT_INDICATOR:
        return mud_t("indicator", "指标");
    case MUD_ENT_CANDIDATE:
        return mud_t("candidate", "疑似");
    }
    return "?";
}

/* The message with its marks in colour (in brackets without). */
static void put_marked(struct mud_buf *out, const struct extraction *ex,
                       struct mud_str text, const struct mud_reading *reading)
{
    struct mud_marked *marks;
    size_t n = mud_marks_of(&marks, reading, MUD_IN_TEXT, 0, ex->arena);
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        mud_text_plain(out, mud_str_sub(text, at, marks[i].at.start), MUD_NPOS);
        mud_buf_z(out,
                  ex->out.colour ? mud_ink(true, ink_of(marks[i].type)) : "[");
        mud_text_plain(out,
                       mud_str_sub(text, marks[i].at.start, marks[i].at.end),
                       MUD_NPOS);
        mud_buf_z(out, ex->out.colour ? mud_ink(true, MUD_INK_OFF) : "]");
        at = marks[i].at.end;
    }
    mud_text_plain(out, mud_str_sub(text, at, text.n), MUD_NPOS);
    mud_buf_c(out, '\n');
}

static void put_value(struct mud_buf *out, const json_t *entity)
{
    struct mud_str type = mud_json_get_str(entity, "type");

    if (mud_str_eqz(type, "price")) {
        json_t *price = json_pack("{s:O?,s:O?,s:O?,s:O?,s:O?}",
                                  "min",
                                  json_object_get(entity, "amount_min"),
                                  "max",
                                  json_object_get(entity, "amount_max"),
                                  "currency",
                                  json_object_get(entity, "currency"),
                                  "per",
                                  json_object_get(entity, "per"),
                                  "per_qty",
                                  json_object_get(entity, "per_qty"));
        mud_text_price(out, price);
        json_decref(price);
        return;
    }
    if (mud_str_eqz(type, "quantity")) {
        mud_text_quantity(out, entity);
        return;
    }
    static const char *const keys[] = {
        "canonical", "contact_type", "indicator_type", "kind"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct mud_str value = mud_json_get_str(entity, keys[i]);
        if (value.n)
            mud_buf_printf(out, "%.*s ", MUD_FMT(value));
    }
    mud_text_plain(out, mud_json_get_str(entity, "value"), 80);
}

static const char *says(uint16_t rule)
{
    return mud_t(mud_rule_says(rule, false), mud_rule_says(rule, true));
}

/* Under an entity: its rule, and each fold of its characters. */
static void put_why(struct mud_buf *out, const struct extraction *ex,
                    const json_t *entity, uint16_t rule)
{
    const json_t *folds = json_object_get(entity, "folds"), *fold;
    size_t i;

    mud_buf_printf(out,
                   "        %s%s  (%s, %.2f)\n",
                   mud_ink(ex->out.colour, MUD_INK_DIM),
                   says(rule),
                   mud_rule_name(ex->reader, rule),
                   mud_json_get_double(entity, "confidence", 0));
    json_array_foreach(folds, i, fold)
    {
        struct mud_str name = mud_json_get_str(fold, "layer");

        mud_buf_z(out, "        ");
        mud_text_plain(out, mud_json_get_str(fold, "from"), 60);
        mud_buf_z(out, " -> ");
        mud_text_plain(out, mud_json_get_str(fold, "to"), 60);
        mud_buf_printf(out,
                       "  %s  (%.*s, %.2f)\n",
                       mud_t(mud_layer_named(name, false),
                             mud_layer_named(name, true)),
                       MUD_FMT(name),
                       mud_json_get_double(fold, "sure", 0));
    }
    mud_buf_z(out, mud_ink(ex->out.colour, MUD_INK_OFF));
}

/* Why the message is what it is said to be, a line a reason. */
static void put_reasons(struct mud_buf *out, const struct extraction *ex,
                        const struct mud_message *message,
                        const struct mud_reading *reading)
{
    mud_buf_printf(out,
                   "    %s%s (%.2f, %s)\n",
                   mud_ink(ex->out.colour, MUD_INK_DIM),
                   mud_t("reasons", "判断依据"),
                   reading->sure / 1000.0,
                   mud_reader_version(ex->reader));
    for (size_t i = 0; i < reading->n_reasons; i++) {
        const struct mud_reason *r = &reading->reasons[i];

        mud_buf_printf(out, "        %+d  ", r->weight);
        if (r->feature.n) /* of the model: the feature says more */
            mud_buf_printf(out,
                           mud_t("model: %s %.*s  ", "模型：%s %.*s  "),
                           r->kind,
                           MUD_FMT(r->feature));
        else
            mud_buf_printf(out, "%s  ", says(r->rule));
        mud_text_plain(
            out, mud_str_sub(message->text, r->at.start, r->at.end), 60);
        mud_buf_c(out, '\n');
    }
    mud_buf_z(out, mud_ink(ex->out.colour, MUD_INK_OFF));
}

/* What was read, a line an entity, from the record itself. */
static void put_entities(struct mud_buf *out, const struct extraction *ex,
                         const json_t *record,
                         const struct mud_reading *reading)
{
    const json_t *entities = json_object_get(record, "entities"), *entity;
    bool colour = ex->out.colour;
    size_t i;

    json_array_foreach(entities, i, entity)
    {
        if (i >= reading->n_entities)
            break;
        const struct mud_entity *e = &reading->entities[i];
        mud_buf_printf(out,
                       "    %s%s%s  ",
                       mud_ink(colour, ink_of(e->type)),
                       label_of(e),
                       mud_ink(colour, MUD_INK_OFF));
        mud_text_plain(out, mud_json_get_str(entity, "text"), 60);
        mud_buf_z(out, "  ->  ");
        put_value(out, entity);
        mud_buf_c(out, '\n');
        if (ex->explain)
            put_why(out, ex, entity, e->rule);
    }
}

static void put_text(struct mud_buf *out, const struct extraction *ex,
                     const struct mud_message *message,
                     const struct mud_reading *reading, const json_t *record)
{
    bool colour = ex->out.colour;
    const char *side =
        mud_text_direction(mud_str_z(mud_direction_name(reading->direction)));

    put_marked(out, ex, message->text, reading);
    mud_buf_printf(
        out,
        "    %s%s%s%s%s%s\n",
        mud_ink(colour, reading->is_offer ? MUD_INK_RED : MUD_INK_DIM),
        mud_text_category(mud_str_z(mud_category_name(reading->category))),
        mud_ink(colour, MUD_INK_OFF),
        *side ? mud_t(", ", "，") : "",
        side,
        reading->is_offer ? "" : mud_t(", no offer", "，非违法交易"));
    put_entities(out, ex, record, reading);
    if (ex->explain)
        put_reasons(out, ex, message, reading);
}

static bool read_message(struct mud_message *message, bool *skip,
                         const struct extraction *ex,
                         const struct mud_lines *lines, struct mud_error *err)
{
    *skip = false;
    if (!lines->whole)
        return mud_fail(
            err, MUD_ELIMIT, "the line is above %zu MiB", MUD_PIECE_MAX >> 20);
    if (!ex->plain)
        return mud_message_read(message, skip, lines->text, ex->arena, err);
    *message = (struct mud_message){
        .id = mud_str_printf(
            ex->arena, "%llu", (unsigned long long)lines->number),
        .text = mud_str_dup(mud_utf8_clean(lines->text, ex->arena, NULL),
                            ex->arena)};
    *skip = message->text.n == 0;
    return true;
}

static bool put_one(struct extraction *ex, const struct mud_message *message,
                    const struct mud_reading *reading, struct mud_error *err)
{
    struct mud_buf json = {0}, text = {0};

    mud_record_write(
        &json, ex->reader, message, reading, ex->explain, ex->arena);
    if (ex->out.format == MUD_FORMAT_TEXT) {
        json_t *record = mud_json_read(mud_buf_view(&json), err);
        put_text(&text, ex, message, reading, record);
        json_decref(record);
    }
    mud_out_record(&ex->out, mud_buf_view(&json), mud_buf_view(&text));
    mud_buf_free(&json);
    mud_buf_free(&text);
    return !ex->out.failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

static bool extract_batch(struct extraction *ex, struct mud_error *err)
{
    struct mud_reading readings[MUD_READ_MOST];
    bool good = mud_read_all(
        readings, ex->reader, ex->messages, ex->n, ex->context, ex->arena, err);

    for (size_t i = 0; i < ex->n && good; i++)
        good = put_one(ex, &ex->messages[i], &readings[i], err);
    mud_arena_reset(ex->arena);
    ex->n = ex->bytes = 0;
    return good;
}

/* A line that is no message is said with its place; the next ones go on. */
static bool refuse(struct extraction *ex, const struct mud_lines *lines,
                   struct mud_error *err)
{
    if (err->code != MUD_EINPUT && err->code != MUD_ELIMIT)
        return false;
    ex->refused++;
    fprintf(stderr,
            mud_t("standard input, line %llu (byte %llu): %s\n",
                  "标准输入第 %llu 行（第 %llu 字节）：%s\n"),
            (unsigned long long)lines->number,
            (unsigned long long)lines->at,
            err->text);
    mud_error_clear(err);
    return true;
}

static bool extract_line(struct extraction *ex, const struct mud_lines *lines,
                         struct mud_error *err)
{
    struct mud_message *message = &ex->messages[ex->n];
    bool skip;

    if (!read_message(message, &skip, ex, lines, err))
        return refuse(ex, lines, err);
    ex->bytes += lines->text.n;
    if (!skip) {
        message->explain = ex->explain;
        ex->n++;
    }
    return true;
}

/* Together with the lines that are there already; nobody waits for a batch. */
static bool extract_all(struct extraction *ex, struct mud_error *err)
{
    struct mud_lines lines = {.fd = STDIN_FILENO};
    bool good = true, broken = false;

    while (good && mud_lines_next(&lines)) {
        if (!broken && (mud_str_trim(lines.text).n || !lines.whole))
            good = extract_line(ex, &lines, err);
        broken = !lines.whole; /* the rest of a line that was refused */
        if (good && !mud_lines_ready(&lines))
            good = extract_batch(ex, err) && mud_out_flush(&ex->out, err);
        else if (good && (ex->n == MUD_READ_MOST || ex->bytes > BATCH_BYTES))
            good = extract_batch(ex, err);
    }
    if (good && lines.error)
        good = mud_lines_fail(&lines, err);
    mud_lines_free(&lines);
    return good;
}

int mud_cmd_extract(const struct mud_args *args, struct mud_error *err)
{
    struct extraction ex = {.explain = mud_args_has(args, "explain"),
                            .plain = mud_args_has(args, "text")};

    if (!mud_out_begin(&ex.out, args, err))
        return MUD_EXIT_USAGE;
    if (!mud_reader_new(&ex.reader, mud_lexicon_file(), err))
        return MUD_EXIT_FAILED;
    ex.context = mud_context_new();
    ex.arena = mud_arena_new();
    bool good = extract_all(&ex, err);
    good = mud_out_end(&ex.out, err) && good;
    mud_arena_free(ex.arena);
    mud_context_free(ex.context);
    mud_reader_free(ex.reader);
    return !good        ? mud_exit_of(err)
           : ex.refused ? MUD_EXIT_PARTLY
                        : MUD_EXIT_DONE;
}
