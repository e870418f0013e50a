/*
 * JSON text read by jansson and written again by our writer reads back equal:
 * strings with NUL, numbers to the last bit.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"

#define DEPTH_MAX 30

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

/* Depth is bounded by jansson's 2,048 in, and by DEPTH_MAX here. */
static bool put(struct mud_json *out, json_t *value, unsigned depth)
{
    const char *key;
    json_t *item;
    size_t i;

    if (depth > DEPTH_MAX)
        return false;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        mud_json_object(out);
        json_object_foreach(value, key, item)
        {
            mud_json_key(out, key);
            if (!put(out, item, depth + 1))
                return false;
        }
        mud_json_object_end(out);
        return true;
    case JSON_ARRAY:
        mud_json_array(out);
        json_array_foreach(value, i, item)
        {
            if (!put(out, item, depth + 1))
                return false;
        }
        mud_json_array_end(out);
        return true;
    case JSON_STRING:
        mud_json_str(out,
                     mud_str_of(json_string_value(value),
                                json_string_length(value)));
        return true;
    case JSON_INTEGER:
        mud_json_int(out, json_integer_value(value));
        return true;
    case JSON_REAL:
        mud_json_double(out, json_real_value(value));
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
        mud_json_bool(out, json_is_true(value));
        return true;
    case JSON_NULL:
        break;
    }
    mud_json_null(out);
    return true;
}

/* A real that is whole is written as an integer: compare by value. */
static bool same(json_t *a, json_t *b)
{
    const char *key;
    json_t *item;
    size_t i;

    if (json_is_number(a) && json_is_number(b))
        return json_number_value(a) == json_number_value(b);
    if (json_typeof(a) != json_typeof(b))
        return false;
    if (json_is_object(a)) {
        json_object_foreach(a, key, item)
        {
            if (!same(item, json_object_get(b, key)))
                return false;
        }
        return json_object_size(a) == json_object_size(b);
    }
    if (json_is_array(a)) {
        json_array_foreach(a, i, item)
        {
            if (!same(item, json_array_get(b, i)))
                return false;
        }
        return json_array_size(a) == json_array_size(b);
    }
    return json_equal(a, b) == 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_str text = {(const char *)data, size};
    struct mud_error err = {0};
    struct mud_buf buf = {0};
    struct mud_json out = {.buf = &buf};
    json_t *first = mud_json_read(text, &err);
    json_t *second;

    if (!first) {
        check(err.code == MUD_EINPUT);
        return 0;
    }
    if (put(&out, first, 0)) {
        second = mud_json_read(mud_buf_view(&buf), &err);
        check(second && same(first, second));
        json_decref(second);
    }
    json_decref(first);
    mud_buf_free(&buf);
    return 0;
}
