#include "nlp/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "nlp/explain.h"
#include "nlp/reader.h"

enum {
    LIST_MAX = 64
};

/* A string, or a number as text (ids may be either). */
static struct mud_str text_of(const json_t *value, struct mud_arena *arena)
{
    if (json_is_string(value))
        return mud_utf8_clean(mud_str_of(json_string_value(value),
                                         json_string_length(value)),
                              arena,
                              NULL);
    if (json_is_integer(value))
        return mud_str_printf(arena, "%lld", json_integer_value(value));
    return mud_str_of("", 0);
}

static struct mud_str kept(const json_t *object, const char *key,
                           struct mud_arena *arena)
{
    return mud_str_dup(text_of(json_object_get(object, key), arena), arena);
}

/* A list of strings, or of objects with "url", "href" or "text". */
static const struct mud_str *list_of(const json_t *object, const char *key,
                                     size_t *n, struct mud_arena *arena)
{
    static const char *const keys[] = {"url", "href", "link", "text", "name"};
    const json_t *array = json_object_get(object, key);
    size_t count = json_array_size(array);
    struct mud_str *out;

    *n = count > LIST_MAX ? LIST_MAX : count;
    out = mud_arena_array(arena, *n, sizeof *out);
    for (size_t i = 0; i < *n; i++) {
        const json_t *item = json_array_get(array, i);

        out[i] = mud_str_of("", 0);
        for (size_t k = 0; json_is_object(item) && k < 5 && out[i].n == 0; k++)
            out[i] = kept(item, keys[k], arena);
        if (!json_is_object(item))
            out[i] = mud_str_dup(text_of(item, arena), arena);
    }
    return out;
}

/* "price list 2.xlsx": a line with an ending; or a file's address. */
static bool is_file_name(struct mud_str s)
{
    size_t dot = mud_str_rchr(s, '.');

    if (mud_str_chr(s, '\n') != MUD_NPOS)
        return false;
    if (mud_str_find(s, MUD_STR("://")) != MUD_NPOS)
        return mud_str_chr(s, ' ') == MUD_NPOS;
    if (dot == MUD_NPOS || dot == 0 || s.n - dot < 2 || s.n - dot > 6 ||
        mud_str_chr(s, '@') != MUD_NPOS)
        return false;
    for (size_t i = dot + 1; i < s.n; i++) {
        char c = s.s[i] | 0x20;

        if (!(c >= 'a' && c <= 'z') && !(s.s[i] >= '0' && s.s[i] <= '9'))
            return false;
    }
    return true;
}

/* What attachments say: strings, or objects with "text". Names say nothing,
 * and the strings of a post as parse prints it are names. */
static void attachments_of(struct mud_message *out, const json_t *object,
                           bool post, struct mud_arena *arena)
{
    const json_t *array = json_object_get(object, "attachments");
    size_t count = json_array_size(array);
    struct mud_str *list;

    out->n_attachments = count > LIST_MAX ? LIST_MAX : count;
    list = mud_arena_array(arena, out->n_attachments, sizeof *list);
    for (size_t i = 0; i < out->n_attachments; i++) {
        const json_t *item = json_array_get(array, i);

        list[i] = json_is_object(item)
                      ? kept(item, "text", arena)
                      : mud_str_dup(text_of(item, arena), arena);
        if (!json_is_object(item) && (post || is_file_name(list[i])))
            list[i] = mud_str_of("", 0);
    }
    out->attachments = list;
}

static bool fill(struct mud_message *out, const json_t *object,
                 struct mud_arena *arena, struct mud_error *err)
{
    bool post = !json_object_get(object, "text");
    struct mud_str posted;

    if (post && !json_object_get(object, "body"))
        return mud_fail(err, MUD_EINPUT, "the object has no \"text\"");
    if (!json_is_string(json_object_get(object, post ? "body" : "text")))
        return mud_fail(
            err, MUD_EINPUT, "\"%s\" is no string", post ? "body" : "text");
    out->text = kept(object, post ? "body" : "text", arena);
    out->id =
        kept(object, json_object_get(object, "id") ? "id" : "post", arena);
    out->title = kept(object, "title", arena);
    if (out->title.n == 0 && json_object_get(object, "position") &&
        mud_json_get_int(object, "position", 0) == 1)
        out->title = kept(object, "thread_title", arena);
    out->author = kept(object, "author", arena);
    out->author_id = kept(object, "author_id", arena);
    out->signature = kept(object, "signature", arena);
    out->thread = kept(object, "thread", arena);
    out->reply_to = kept(object, "reply_to", arena);
    out->lang = kept(object, "lang", arena);
    out->links = list_of(object, "links", &out->n_links, arena);
    out->buttons = list_of(object, "buttons", &out->n_buttons, arena);
    attachments_of(out, object, post, arena);
    posted = kept(object, "posted_at", arena);
    if (posted.n && !mud_time_parse(posted, &out->posted))
        out->posted = 0;
    return true;
}

bool mud_message_read(struct mud_message *out, bool *skip, struct mud_str line,
                      struct mud_arena *arena, struct mud_error *err)
{
    json_t *object;
    struct mud_str type;
    bool ok;

    *out = (struct mud_message){0};
    *skip = false;
    if (line.n > MUD_LINE_MAX)
        return mud_fail(err,
                        MUD_ELIMIT,
                        "a line of %zu bytes is over %zu",
                        line.n,
                        MUD_LINE_MAX);
    object = mud_json_read(line, err);
    if (!object)
        return false;
    type = mud_json_get_str(object, "type");
    *skip = json_is_object(object) && json_object_get(object, "type") &&
            !mud_str_eqz(type, "post");
    ok = *skip || (json_is_object(object)
                       ? fill(out, object, arena, err)
                       : mud_fail(err, MUD_EINPUT, "the line is no object"));
    json_decref(object);
    return ok;
}

static struct mud_str field_text(const struct mud_message *m,
                                 const struct mud_entity *e)
{
    switch ((enum mud_field)e->field) {
    case MUD_IN_TITLE:
        return m->title;
    case MUD_IN_SIGNATURE:
        return m->signature;
    case MUD_IN_LINK:
        return e->field_index < m->n_links ? m->links[e->field_index]
                                           : mud_str_of("", 0);
    case MUD_IN_BUTTON:
        return e->field_index < m->n_buttons ? m->buttons[e->field_index]
                                             : mud_str_of("", 0);
    case MUD_IN_ATTACHMENT:
        return e->field_index < m->n_attachments
                   ? m->attachments[e->field_index]
                   : mud_str_of("", 0);
    case MUD_IN_AUTHOR:
        return m->author;
    case MUD_IN_TEXT:
    default:
        return m->text;
    }
}

static void write_in(struct mud_json *json, const struct mud_entity *e,
                     struct mud_arena *arena)
{
    struct mud_str in = {0};

    switch ((enum mud_field)e->field) {
    case MUD_IN_TITLE:
        in = MUD_STR("title");
        break;
    case MUD_IN_SIGNATURE:
        in = MUD_STR("signature");
        break;
    case MUD_IN_LINK:
        in = mud_str_printf(arena, "links/%u", e->field_index);
        break;
    case MUD_IN_BUTTON:
        in = mud_str_printf(arena, "buttons/%u", e->field_index);
        break;
    case MUD_IN_ATTACHMENT:
        in = mud_str_printf(arena, "attachments/%u", e->field_index);
        break;
    case MUD_IN_AUTHOR:
        in = MUD_STR("author");
        break;
    case MUD_IN_TEXT:
    default:
        return;
    }
    mud_json_kstr(json, "in", in);
}

static void number(struct mud_json *json, const char *key, double value)
{
    if (isnan(value))
        mud_json_knull(json, key);
    else
        mud_json_kdouble(json, key, value);
}

/* Binary fractions such as 0.7 * 0.1 back to the digits that were meant. */
static double tidy(double value)
{
    char text[40];

    if (isnan(value))
        return value;
    (void)snprintf(text, sizeof text, "%.12g", value);
    return strtod(text, NULL);
}

struct writing { /* a record on its way */
    struct mud_json json;
    const struct mud_reader *reader;
    const struct mud_message *m;
    const struct mud_reading *r;
    struct mud_arena *arena;
    struct mud_utf8_pos pos;
    struct mud_fold fold; /* of the field that was explained last */
    unsigned next[8];     /* running numbers a type: "p1", "q1"... */
    struct mud_str *ids;  /* by entity */
    bool explain;
};

static void name_all(struct writing *w)
{
    static const char letters[] = "?pqmcvik";

    w->ids = mud_arena_array(w->arena, w->r->n_entities, sizeof *w->ids);
    for (size_t i = 0; i < w->r->n_entities; i++) {
        unsigned type = w->r->entities[i].type & 7U;

        w->ids[i] =
            mud_str_printf(w->arena, "%c%u", letters[type], ++w->next[type]);
    }
}

static void write_values(struct writing *w, const struct mud_entity *e)
{
    struct mud_json *json = &w->json;

    switch ((enum mud_entity_type)e->type) {
    case MUD_ENT_PRODUCT:
        mud_json_kstr(json, "canonical", e->kind);
        break;
    case MUD_ENT_QUANTITY:
        number(json, "min", tidy(e->min));
        number(json, "max", tidy(e->max));
        mud_json_kstr(json, "unit", e->unit);
        break;
    case MUD_ENT_PRICE:
        number(json, "amount_min", tidy(e->min));
        number(json, "amount_max", tidy(e->max));
        mud_json_kstr(json, "currency", e->currency);
        mud_json_kstr(json, "per", e->unit);
        mud_json_kdouble(json, "per_qty", tidy(e->per_qty));
        mud_json_kstr(json, "role", e->role);
        break;
    case MUD_ENT_CONTACT:
    case MUD_ENT_CANDIDATE:
        mud_json_kstr(json, "contact_type", e->kind);
        mud_json_kstr(json, "value", e->value);
        if (e->role.n)
            mud_json_kstr(json, "role", e->role);
        break;
    case MUD_ENT_VICTIM_DATA:
        mud_json_kstr(json, "kind", e->kind);
        break;
    case MUD_ENT_INDICATOR:
        mud_json_kstr(json, "indicator_type", e->kind);
        mud_json_kstr(json, "value", e->value);
        mud_json_kstr(json, "role", e->role);
        break;
    default:
        break;
    }
    if (e->of >= 0)
        mud_json_kstr(json, "of", w->ids[e->of]);
}

/* The sentence of a rule, in both languages. */
static void write_why(struct mud_json *json, uint16_t rule)
{
    if (!*mud_rule_says(rule, false))
        return;
    mud_json_key(json, "why");
    mud_json_object(json);
    mud_json_kz(json, "en", mud_rule_says(rule, false));
    mud_json_kz(json, "zh", mud_rule_says(rule, true));
    mud_json_object_end(json);
}

/* What of the value was not read as it is written. */
static void write_folds(struct writing *w, struct mud_str text,
                        struct mud_span at)
{
    struct mud_json *json = &w->json;
    struct mud_folded *folds;
    size_t n;

    if (w->fold.raw.s != text.s || w->fold.raw.n != text.n)
        mud_fold(&w->fold, w->reader->folder, text, w->arena);
    n = mud_folds_under(&folds, &w->fold, at, w->arena);
    mud_json_key(json, "folds");
    mud_json_array(json);
    for (size_t i = 0; i < n; i++) {
        mud_json_object(json);
        mud_json_kz(json,
                    "layer",
                    mud_fold_layer_name((enum mud_fold_layer)folds[i].layer));
        mud_json_kstr(json, "from", folds[i].from);
        mud_json_kstr(json, "to", folds[i].to);
        mud_json_kdouble(json, "sure", folds[i].sure / 1000.0);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

/* Victims' data are said to be there, never shown. */
static void write_explanation(struct writing *w, const struct mud_entity *e)
{
    struct mud_json *json = &w->json;

    mud_json_kz(json, "rule", mud_rule_name(w->reader, e->rule));
    write_why(json, e->rule);
    mud_json_kdouble(json, "confidence", e->sure / 1000.0);
    if (e->type == MUD_ENT_VICTIM_DATA)
        return;
    mud_json_kstr(json, "folded", e->folded);
    write_folds(w, field_text(w->m, e), e->at);
}

static void write_entity(struct writing *w, size_t i)
{
    const struct mud_entity *e = &w->r->entities[i];
    struct mud_str text = field_text(w->m, e);
    struct mud_json *json = &w->json;

    if (w->pos.text.s != text.s || w->pos.text.n != text.n)
        w->pos = (struct mud_utf8_pos){.text = text};
    mud_json_object(json);
    mud_json_kstr(json, "id", w->ids[i]);
    mud_json_kz(
        json, "type", mud_entity_type_name((enum mud_entity_type)e->type));
    mud_json_kint(json, "start", (int64_t)mud_utf8_point(&w->pos, e->at.start));
    mud_json_kint(json, "end", (int64_t)mud_utf8_point(&w->pos, e->at.end));
    text = mud_str_sub(text, e->at.start, e->at.end);
    if (e->type == MUD_ENT_VICTIM_DATA)
        text = mud_mask_text(text, w->arena);
    mud_json_kstr(json, "text", text);
    write_in(json, e, w->arena);
    write_values(w, e);
    if (w->explain)
        write_explanation(w, e);
    mud_json_object_end(json);
}

static void write_reasons(struct writing *w)
{
    struct mud_json *json = &w->json;

    mud_json_kdouble(json, "confidence", w->r->sure / 1000.0);
    mud_json_kz(json, "rules", mud_reader_version(w->reader));
    mud_json_key(json, "reasons");
    mud_json_array(json);
    for (size_t i = 0; i < w->r->n_reasons; i++) {
        const struct mud_reason *reason = &w->r->reasons[i];

        mud_json_object(json);
        mud_json_kz(json, "rule", mud_rule_name(w->reader, reason->rule));
        write_why(json, reason->rule);
        mud_json_kint(json, "weight", reason->weight);
        if (reason->feature.n)
            mud_json_kstr(json,
                          "feature",
                          mud_str_printf(w->arena,
                                         "%s:%.*s",
                                         reason->kind,
                                         MUD_FMT(reason->feature)));
        mud_json_kstr(
            json,
            "text",
            mud_str_sub(w->m->text, reason->at.start, reason->at.end));
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static void write_by(struct mud_json *json, unsigned by)
{
    mud_json_key(json, "contact_by");
    mud_json_array(json);
    for (unsigned bit = 1; bit <= MUD_BY_BUTTON; bit <<= 1) {
        if (by & bit)
            mud_json_str(json, mud_str_z(mud_by_name((enum mud_by)bit)));
    }
    mud_json_array_end(json);
}

void mud_record_write(struct mud_buf *out, const struct mud_reader *reader,
                      const struct mud_message *message,
                      const struct mud_reading *reading, bool explain,
                      struct mud_arena *arena)
{
    struct writing w = {.json = {.buf = out},
                        .reader = reader,
                        .m = message,
                        .r = reading,
                        .arena = arena,
                        .pos = {.text = message->text},
                        .explain = explain};
    struct mud_json *json = &w.json;

    name_all(&w);
    mud_json_object(json);
    mud_json_kint(json, "schema", 1);
    mud_json_kstr(json, "id", message->id);
    mud_json_kstr(json, "lang", reading->lang);
    mud_json_kz(json, "category", mud_category_name(reading->category));
    mud_json_kz(json, "direction", mud_direction_name(reading->direction));
    mud_json_kbool(json, "is_offer", reading->is_offer);
    if (reading->contact_by)
        write_by(json, reading->contact_by);
    mud_json_key(json, "entities");
    mud_json_array(json);
    for (size_t i = 0; i < reading->n_entities; i++)
        write_entity(&w, i);
    mud_json_array_end(json);
    if (explain)
        write_reasons(&w);
    mud_json_object_end(json);
}

/* NOLINTNEXTLINE(readability-function-size): the contract of the header */
bool mud_extract_line(struct mud_buf *out, const struct mud_reader *reader,
                      struct mud_context *context, struct mud_str line,
                      bool explain, struct mud_arena *arena,
                      struct mud_error *err)
{
    struct mud_message message;
    struct mud_reading reading;
    bool skip;

    if (!mud_message_read(&message, &skip, line, arena, err))
        return false;
    if (skip)
        return true;
    message.explain = explain;
    if (!mud_read(&reading, reader, &message, context, arena, err))
        return false;
    mud_record_write(out, reader, &message, &reading, explain, arena);
    mud_buf_c(out, '\n');
    return true;
}

size_t mud_marks_of(struct mud_marked **out, const struct mud_reading *reading,
                    enum mud_field field, uint16_t field_index,
                    struct mud_arena *arena)
{
    struct mud_marked *list =
        mud_arena_array(arena, reading->n_entities, sizeof *list);
    size_t n = 0;

    /* Entities come by start, and longer ones first. */
    for (size_t i = 0; i < reading->n_entities; i++) {
        const struct mud_entity *e = &reading->entities[i];

        if (e->field != (unsigned)field || e->field_index != field_index ||
            (n > 0 && e->at.start < list[n - 1].at.end))
            continue;
        list[n++] = (struct mud_marked){e->at, e->type, (uint32_t)i};
    }
    *out = list;
    return n;
}
