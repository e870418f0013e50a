#include "parse/chat_json.h"

#define NOTES_MAX 1000

static bool set_aside(struct mud_chat_json *json, struct mud_range at,
                      const char *why, struct mud_error *err)
{
    if (json->notes++ >= NOTES_MAX)
        return true;
    return mud_chat_note(json->sink,
                         "warning",
                         "broken-message",
                         at.start,
                         mud_str_printf(json->arena,
                                        "%llu bytes are no message: %s",
                                        (unsigned long long)(at.end - at.start),
                                        why[0] ? why : "no object"),
                         err);
}

bool mud_chat_json_one(struct mud_chat_json *json, struct mud_str text,
                       struct mud_range at, struct mud_error *err)
{
    struct mud_error bad = {0};
    mud_arena_reset(json->arena);
    json_t *message = mud_json_read(text, &bad);
    bool ok = json_is_object(message)
                  ? json->message(message, at, json->payload, err)
                  : set_aside(json, at, bad.text, err);
    mud_error_clear(&bad);
    json_decref(message);
    return ok;
}

json_t *mud_chat_json_value(struct mud_str text)
{
    struct mud_error bad = {0};
    json_t *value = mud_json_read(text, &bad);
    mud_error_clear(&bad);
    return value;
}

static bool on_item(const char *list, struct mud_str text, struct mud_range at,
                    void *payload, struct mud_error *err)
{
    (void)list;
    return mud_chat_json_one(payload, text, at, err);
}

static bool on_member(const char *key, struct mud_str text, struct mud_range at,
                      void *payload, struct mud_error *err)
{
    struct mud_chat_json *json = payload;
    return json->member(key, text, at, json->payload, err);
}

static bool on_fault(const char *code, struct mud_range at, void *payload,
                     struct mud_error *err)
{
    struct mud_chat_json *json = payload;
    return json->notes++ >= NOTES_MAX ||
           mud_chat_broken(json->sink, code, at, err);
}

bool mud_chat_json_read(struct mud_chat_json *json,
                        const struct mud_bytes_in *bytes, struct mud_error *err)
{
    const struct mud_json_items items = {
        .lists = json->lists,
        .lines = json->lines,
        .item = on_item,
        .member = json->member ? on_member : NULL,
        .fault = on_fault,
        .payload = json,
    };
    return mud_json_items_read(&items, bytes, err);
}
