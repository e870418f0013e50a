#include "evidence/circumstances.h"

#include "base/conf.h"
#include "base/time.h"
#include "base/utf8.h"
#include "fetch/http.h"

#include <libdeflate.h>
#include <sys/utsname.h>
#include <unistd.h>

#define CONF_MAX ((size_t)1 << 20)

/* Said when nobody set another reason; both languages, since it is printed in the
 * record as it stands. */
#define NO_WITNESS                                                   \
    "captured by a program, without a person; every step is in the " \
    "ledger / 由程序自动采集，无人员在场；全过程记入台账"
#define NOT_SEIZABLE                                                              \
    "a remote system, which whoever captures has no hold of / 系远程系统，" \
    "采集方无法扣押原始存储介质"

static struct mud_str set(const struct mud_conf *conf, const char *key,
                          struct mud_arena *arena)
{
    return mud_utf8_clean(mud_conf_get(conf, "capture", key), arena, NULL);
}

static void of_people(struct mud_json *json, const struct mud_conf *conf,
                      const char *error, struct mud_arena *arena)
{
    struct mud_str second = set(conf, "second_person", arena);
    struct mud_str why = set(conf, "no_witness_reason", arena);
    struct mud_str kept = set(conf, "not_seizable_reason", arena);
    struct mud_str place = set(conf, "place", arena);

    if (!second.n)
        mud_json_kstr(
            json, "no_witness_reason", why.n ? why : mud_str_z(NO_WITNESS));
    mud_json_kstr(
        json, "not_seizable_reason", kept.n ? kept : mud_str_z(NOT_SEIZABLE));
    if (place.n)
        mud_json_kstr(json, "place", place);
    if (second.n)
        mud_json_kstr(json, "second_person", second);
    if (*error)
        mud_json_kz(json, "settings_error", error);
}

struct mud_str mud_circumstances(const char *home, struct mud_str local_ip,
                                 struct mud_arena *arena)
{
    const char *path = mud_str_printf(arena, "%s/mudlark.conf", home).s;
    struct mud_buf out = {0};
    struct mud_json json = {.buf = &out};
    struct mud_conf conf = {0};
    struct mud_error e = {0};
    struct utsname system;
    struct mud_str text;
    char host[256] = "";

    if (!mud_file_read(&text, path, CONF_MAX, arena, &e)) {
        if (e.code == MUD_EMISSING)
            mud_error_clear(&e);
    } else if (!mud_conf_parse(&conf, path, text, arena, &e)) {
        conf = (struct mud_conf){0};
    }
    (void)gethostname(host, sizeof(host) - 1);
    mud_json_object(&json); /* keys in order */
    mud_json_kz(&json, "host", host);
    mud_json_kstr(&json,
                  "libraries",
                  mud_str_printf(arena,
                                 "%s libdeflate/%s",
                                 mud_fetch_libraries(),
                                 LIBDEFLATE_VERSION_STRING));
    if (local_ip.n)
        mud_json_kstr(&json, "local_ip", local_ip);
    of_people(&json, &conf, e.code ? e.text : "", arena);
    if (uname(&system) == 0)
        mud_json_kstr(&json,
                      "system",
                      mud_str_printf(arena,
                                     "%s %s %s",
                                     system.sysname,
                                     system.release,
                                     system.machine));
    mud_json_object_end(&json);
    text = mud_facts_json(mud_str_dup(mud_buf_view(&out), arena));
    mud_buf_free(&out);
    return text;
}

static bool came_before(const struct mud_entry_steps *steps, struct mud_id id)
{
    for (size_t i = 0; i < steps->n; i++)
        if (mud_id_eq(steps->steps[i].capture, id))
            return true;
    return false;
}

/* What is looked for: what led to url, before when. */
struct stepping {
    struct mud_entry_steps *steps;
    struct mud_pg *pg;
    struct mud_arena *arena;
    struct mud_str source; /* its number */
    struct mud_str url, referrer;
    int64_t when;
};

/* *more: there is one. */
static bool step_back(bool *more, struct stepping *s, struct mud_error *err)
{
    char at[MUD_TIME_TEXT];
    const struct mud_str args[] = {s->url,
                                   mud_str_z(mud_time_text(at, s->when, true)),
                                   s->source,
                                   s->referrer};
    struct mud_entry_step *step = &s->steps->steps[s->steps->n];
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, s->pg, mud_sql("entry_step"), args, 4, err))
        return false;
    *more = mud_rows_count(rows) > 0 &&
            !came_before(s->steps, mud_rows_id(rows, 0, 0));
    if (*more) {
        *step = (struct mud_entry_step){
            .capture = mud_rows_id(rows, 0, 0),
            .url = mud_str_dup(mud_rows_get(rows, 0, 1), s->arena),
            .at = mud_rows_time(rows, 0, 3),
            .status = (int)mud_rows_int(rows, 0, 4),
            .account = mud_str_dup(mud_rows_get(rows, 0, 6), s->arena),
            .redirected = mud_rows_bool(rows, 0, 7)};
        (void)mud_rows_bytes(rows, 0, 5, step->sha256, MUD_SHA256);
        s->url = step->url;
        s->referrer = mud_str_dup(mud_rows_get(rows, 0, 2), s->arena);
        s->when = step->at;
        s->steps->n++;
    }
    mud_rows_free(rows);
    return true;
}

bool mud_entry_steps(struct mud_entry_steps *out, struct mud_pg *pg,
                     const struct mud_facts *facts, struct mud_arena *arena,
                     struct mud_error *err)
{
    struct stepping s = {
        .steps = out,
        .pg = pg,
        .arena = arena,
        .source = mud_str_printf(arena, "%d", (int)facts->c.source),
        .url = facts->c.url,
        .referrer = facts->referrer,
        /* One that was fetched at the same time did not lead here. */
        .when = facts->c.at - 1};
    bool more = facts->c.kind == MUD_CAPTURE_PAGE;

    *out = (struct mud_entry_steps){.n = 0};
    out->steps = mud_arena_array(arena, MUD_STEPS_MAX, sizeof(*out->steps));
    while (more && out->n < MUD_STEPS_MAX)
        if (!step_back(&more, &s, err))
            return false;
    out->before = s.referrer;
    for (size_t i = 0; i < out->n / 2; i++) {
        struct mud_entry_step one = out->steps[i];
        out->steps[i] = out->steps[out->n - 1 - i];
        out->steps[out->n - 1 - i] = one;
    }
    return true;
}
