/*
 * JSON out: a small streaming writer on a mud_buf. JSON in: jansson, one
 * message at a time, with helpers that return views. Text written must be
 * valid UTF-8; control characters are escaped.
 */
#ifndef MUD_BASE_JSON_H
#define MUD_BASE_JSON_H

#include "base/hash.h"
#include "base/str.h"

#include <jansson.h>

struct mud_json { /* {.buf = &buf} is ready to write */
    struct mud_buf *buf;
    uint32_t comma; /* bit i: level i already has a member */
    unsigned depth; /* at most 31 */
    bool after_key;
};

void mud_json_object(struct mud_json *json); /* { */
void mud_json_object_end(struct mud_json *json);
void mud_json_array(struct mud_json *json); /* [ */
void mud_json_array_end(struct mud_json *json);
void mud_json_key(struct mud_json *json, const char *key);
void mud_json_str(struct mud_json *json, struct mud_str value);
void mud_json_int(struct mud_json *json, int64_t value);
void mud_json_double(
    struct mud_json *json,
    double value); /* shortest that reads back; 0.3 is 0.3, 5 is 5 */
void mud_json_bool(struct mud_json *json, bool value);
void mud_json_null(struct mud_json *json);
void mud_json_raw(struct mud_json *json, struct mud_str json_text);

/* Key and value at once; kstrs writes an array. */
void mud_json_kstrs(struct mud_json *json, const char *key,
                    const struct mud_str *list, size_t n);
void mud_json_kstr(struct mud_json *json, const char *key,
                   struct mud_str value);
void mud_json_kz(struct mud_json *json, const char *key,
                 const char *value); /* NULL: null */
void mud_json_kint(struct mud_json *json, const char *key, int64_t value);
void mud_json_kdouble(struct mud_json *json, const char *key, double value);
void mud_json_kbool(struct mud_json *json, const char *key, bool value);
void mud_json_knull(struct mud_json *json, const char *key);
void mud_json_ktime(struct mud_json *json, const char *key,
                    int64_t us); /* 0: null */
void mud_json_khex(struct mud_json *json, const char *key, const uint8_t *b,
                   size_t n);
void mud_json_kid(struct mud_json *json, const char *key, struct mud_id id);

/*
 * One JSON text (object or array) of at most 64 MiB. NULL with MUD_EINPUT and
 * the byte offset in err. Duplicate keys: the last wins. NUL inside strings
 * is taken. Free with json_decref.
 */
json_t *mud_json_read(struct mud_str text, struct mud_error *err);

/* Views into json; the empty value when the key is missing or of another type. */
struct mud_str mud_json_get_str(const json_t *object, const char *key);
int64_t mud_json_get_int(const json_t *object, const char *key,
                         int64_t otherwise);
double mud_json_get_double(const json_t *object, const char *key,
                           double otherwise);
bool mud_json_get_bool(const json_t *object, const char *key);
bool mud_json_has(const json_t *object,
                  const char *key); /* there and not null */

#endif
