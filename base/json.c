#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"

#define READ_MAX ((size_t)64 << 20)

/* In front of every value and key: the comma if one is due. */
static void separate(struct mud_json *json)
{
    uint32_t bit = UINT32_C(1) << json->depth;

    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->depth && (json->comma & bit))
        mud_buf_c(json->buf, ',');
    json->comma |= bit;
}

static void enter(struct mud_json *json, char c)
{
    separate(json);
    if (json->depth >= 31)
        abort(); /* the house writes flat records; deeper is a bug */
    json->depth++;
    json->comma &= ~(UINT32_C(1) << json->depth);
    mud_buf_c(json->buf, c);
}

static void leave(struct mud_json *json, char c)
{
    if (!json->depth || json->after_key)
        abort();
    json->depth--;
    mud_buf_c(json->buf, c);
}

void mud_json_object(struct mud_json *json)
{
    enter(json, '{');
}

void mud_json_object_end(struct mud_json *json)
{
    leave(json, '}');
}

void mud_json_array(struct mud_json *json)
{
    enter(json, '[');
}

void mud_json_array_end(struct mud_json *json)
{
    leave(json, ']');
}

static bool escaped(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == 0x7F;
}

static void escape(struct mud_buf *buf, unsigned char c)
{
    static const char names[] = "btn\0fr"; /* of 8 to 13 */

    if (c == '"' || c == '\\') {
        mud_buf_c(buf, '\\');
        mud_buf_c(buf, (char)c);
    } else if (c >= 8 && c <= 13 && names[c - 8]) {
        mud_buf_c(buf, '\\');
        mud_buf_c(buf, names[c - 8]);
    } else {
        mud_buf_printf(buf, "\\u%04x", (unsigned)c);
    }
}

static void quote(struct mud_buf *buf, struct mud_str s)
{
    size_t from = 0;

    mud_buf_c(buf, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (!escaped((unsigned char)s.s[i]))
            continue;
        mud_buf_put(buf, s.s + from, i - from);
        escape(buf, (unsigned char)s.s[i]);
        from = i + 1;
    }
    if (s.n > from)
        mud_buf_put(buf, s.s + from, s.n - from);
    mud_buf_c(buf, '"');
}

void mud_json_key(struct mud_json *json, const char *key)
{
    separate(json);
    quote(json->buf, mud_str_z(key));
    mud_buf_c(json->buf, ':');
    json->after_key = true;
}

void mud_json_str(struct mud_json *json, struct mud_str value)
{
    separate(json);
    quote(json->buf, value);
}

void mud_json_int(struct mud_json *json, int64_t value)
{
    char text[24];
    char *at = text + sizeof(text);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    separate(json);
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        *--at = '-';
    mud_buf_put(json->buf, at, (size_t)(text + sizeof(text) - at));
}

/* printf follows the locale: whatever stands for the point becomes one. */
static void put_number(struct mud_buf *buf, const char *text)
{
    bool point = false;

    for (; *text; text++) {
        if ((*text >= '0' && *text <= '9') || strchr("+-e", *text)) {
            mud_buf_c(buf, *text);
        } else if (!point) {
            mud_buf_c(buf, '.');
            point = true;
        }
    }
}

void mud_json_double(struct mud_json *json, double value)
{
    char text[48];

    if (!isfinite(value)) {
        mud_json_null(json);
        return;
    }
    if (fabs(value) < 1e15 && value == trunc(value)) {
        mud_json_int(json, (int64_t)value);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (digits == 17 || strtod(text, NULL) == value)
            break;
    }
    separate(json);
    put_number(json->buf, text);
}

void mud_json_bool(struct mud_json *json, bool value)
{
    mud_json_raw(json, value ? MUD_STR("true") : MUD_STR("false"));
}

void mud_json_null(struct mud_json *json)
{
    mud_json_raw(json, MUD_STR("null"));
}

void mud_json_raw(struct mud_json *json, struct mud_str json_text)
{
    separate(json);
    mud_buf_str(json->buf, json_text);
}

void mud_json_kstrs(struct mud_json *json, const char *key,
                    const struct mud_str *list, size_t n)
{
    mud_json_key(json, key);
    mud_json_array(json);
    for (size_t i = 0; i < n; i++)
        mud_json_str(json, list[i]);
    mud_json_array_end(json);
}

void mud_json_kstr(struct mud_json *json, const char *key, struct mud_str value)
{
    mud_json_key(json, key);
    mud_json_str(json, value);
}

void mud_json_kz(struct mud_json *json, const char *key, const char *value)
{
    mud_json_key(json, key);
    if (value)
        mud_json_str(json, mud_str_z(value));
    else
        mud_json_null(json);
}

void mud_json_kint(struct mud_json *json, const char *key, int64_t value)
{
    mud_json_key(json, key);
    mud_json_int(json, value);
}

void mud_json_kdouble(struct mud_json *json, const char *key, double value)
{
    mud_json_key(json, key);
    mud_json_double(json, value);
}

void mud_json_kbool(struct mud_json *json, const char *key, bool value)
{
    mud_json_key(json, key);
    mud_json_bool(json, value);
}

void mud_json_knull(struct mud_json *json, const char *key)
{
    mud_json_key(json, key);
    mud_json_null(json);
}

void mud_json_ktime(struct mud_json *json, const char *key, int64_t us)
{
    char text[MUD_TIME_TEXT];

    mud_json_kz(
        json, key, us ? mud_time_text(text, us, us % MUD_SECOND != 0) : NULL);
}

void mud_json_khex(struct mud_json *json, const char *key, const uint8_t *b,
                   size_t n)
{
    char hex[3];

    mud_json_key(json, key);
    separate(json);
    mud_buf_c(json->buf, '"');
    for (size_t i = 0; i < n; i++)
        mud_buf_z(json->buf, mud_hex(hex, b + i, 1));
    mud_buf_c(json->buf, '"');
}

void mud_json_kid(struct mud_json *json, const char *key, struct mud_id id)
{
    char text[MUD_ID_TEXT];

    mud_json_kz(json, key, mud_id_text(text, id));
}

json_t *mud_json_read(struct mud_str text, struct mud_error *err)
{
    json_error_t why;
    json_t *json;

    if (text.n > READ_MAX) {
        mud_fail(err, MUD_ELIMIT, "json: %zu bytes, more than 64 MiB", text.n);
        return NULL;
    }
    json = json_loadb(text.s ? text.s : "", text.n, JSON_ALLOW_NUL, &why);
    if (!json)
        mud_fail(err, MUD_EINPUT, "json: byte %d: %s", why.position, why.text);
    return json;
}

struct mud_str mud_json_get_str(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return mud_str_of(json_string_value(value), json_string_length(value));
}

int64_t mud_json_get_int(const json_t *object, const char *key,
                         int64_t otherwise)
{
    const json_t *value = json_object_get(object, key);

    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

double mud_json_get_double(const json_t *object, const char *key,
                           double otherwise)
{
    const json_t *value = json_object_get(object, key);

    return json_is_number(value) ? json_number_value(value) : otherwise;
}

bool mud_json_get_bool(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

bool mud_json_has(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return value && !json_is_null(value);
}
