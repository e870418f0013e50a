#include "run/collect_matrix.h"

#include "base/json.h"
#include "run/collect_get.h"
#include "run/secret.h"

#include <stdio.h>
#include <string.h>

/* Cursors: "sync" holds the token of the last /sync; "gap ROOM" a stretch still
 * to be read back, "FROM TO"; "past ROOM" where its past goes on, "" once whole
 * (then "done"). */
#define SYNC "sync"
#define DONE "done"

enum {
    SYNCS = 100,      /* of one round */
    BACK_PAGES = 100, /* of one room and round */
    TOKEN_MAX = 1024
};

struct matrix {
    struct mud_worker *worker;
    const struct mud_source *source;
    struct mud_getter *getter;
    struct mud_report *report;
    struct mud_arena *arena; /* of the round */
    struct mud_str *rooms;   /* their ids; empty: not to be had */
    struct mud_str filter;   /* percent-encoded */
    bool over;
    char stop[200]; /* why only a person can help */
    struct mud_error *err;
};

static struct mud_str encoded(struct mud_str s, struct mud_arena *arena)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = mud_arena_alloc(arena, s.n * 3 + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.s[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
            c == '~') {
            out[n++] = (char)c;
        } else {
            out[n++] = '%';
            out[n++] = hex[c >> 4];
            out[n++] = hex[c & 15];
        }
    }
    return mud_str_of(out, n);
}

static const char *refusal(const struct mud_got *got, const json_t *json)
{
    struct mud_str code = mud_json_get_str(json, "errcode");

    if (!got->answer)
        return "network";
    if (mud_str_eqz(code, "M_UNKNOWN_TOKEN") ||
        mud_str_eqz(code, "M_MISSING_TOKEN"))
        return "bad-token";
    if (got->answer->status == 429 || mud_str_eqz(code, "M_LIMIT_EXCEEDED"))
        return "rate-limit";
    if (got->answer->status >= 400)
        return "refused-by-site";
    return json_is_object(json) ? NULL : "bad-answer";
}

/* How long it wants to be left alone; and what is at its end for good. */
static bool refused(struct matrix *m, const struct mud_got *got,
                    const json_t *json, const char *why)
{
    int64_t ms = mud_json_get_int(json, "retry_after_ms", 0);

    if (strcmp(why, "rate-limit") == 0)
        return mud_getter_wait(
            m->getter, got, ms > 0 ? ms / 1000 + 1 : 0, m->err);
    if (strcmp(why, "bad-token") == 0)
        snprintf(
            m->stop,
            sizeof m->stop,
            "the server does not take the token (%.*s): put a new one into "
            "the secrets",
            MUD_FMT(mud_str_sub(mud_json_get_str(json, "errcode"), 0, 60)));
    return true;
}

/* One answer as JSON, NULL when the server refuses; the caller drops it. */
static bool call(json_t **json, struct matrix *m, struct mud_str path)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str base = m->source->url;
    struct mud_got got;

    if (base.s[base.n - 1] == '/')
        base.n--;
    struct mud_str url = mud_str_printf(
        arena, "%.*s/_matrix/client/v3/%.*s", MUD_FMT(base), MUD_FMT(path));
    bool good = mud_getter_page(&got, m->getter, url, m->err);
    *json = good ? mud_json_read(got.body, NULL) : NULL;
    const char *why = good ? refusal(&got, *json) : NULL;
    if (why) {
        m->over = true;
        if (got.answer)
            mud_report_skip(m->report, why, url);
        good = refused(m, &got, *json, why);
        json_decref(*json);
        *json = NULL;
    }
    mud_got_free(&got);
    mud_arena_free(arena);
    return good;
}

static bool get_cursor(struct matrix *m, struct mud_str place,
                       struct mud_str *value)
{
    return mud_cursor_get(
        value, m->worker->pg, m->source, place, m->arena, m->err);
}

/* What was read is stored before it moves. */
static bool put_cursor(struct matrix *m, struct mud_str place,
                       struct mud_str value)
{
    return mud_ingest_flush(m->worker->ingest, NULL, m->err) &&
           mud_cursor_put(m->worker->pg, m->source, place, value, m->err);
}

static struct mud_str place_of(struct matrix *m, const char *what,
                               struct mud_str room)
{
    return mud_str_printf(m->arena, "%s %.*s", what, MUD_FMT(room));
}

/* An alias is asked for; a room that is not to be had is said once a round. */
static bool find_room(struct matrix *m, size_t i)
{
    struct mud_str name = m->source->rooms[i];
    json_t *json;

    m->rooms[i] = name;
    if (!name.n || name.s[0] != '#')
        return true;
    m->rooms[i] = MUD_STR("");
    if (!call(&json,
              m,
              mud_str_printf(m->arena,
                             "directory/room/%.*s",
                             MUD_FMT(encoded(name, m->arena)))))
        return false;
    m->over = m->stop[0] != 0; /* else another room may be there */
    if (json)
        m->rooms[i] = mud_str_dup(mud_json_get_str(json, "room_id"), m->arena);
    json_decref(json);
    return true;
}

/* Rooms of which the account is no member are left out and said. */
static bool keep_joined(struct matrix *m)
{
    json_t *json, *list, *item;
    size_t k;

    if (!call(&json, m, MUD_STR("joined_rooms")))
        return false;
    list = json_object_get(json, "joined_rooms");
    for (size_t i = 0; json && i < m->source->n_rooms; i++) {
        bool joined = false;

        json_array_foreach(list, k, item)
        {
            joined |= mud_str_eq(mud_str_of(json_string_value(item),
                                            json_string_length(item)),
                                 m->rooms[i]);
        }
        if (!joined) {
            m->rooms[i] = MUD_STR("");
            mud_report_skip(m->report, "not-a-member", m->source->rooms[i]);
        }
    }
    json_decref(json);
    return true;
}

static void make_filter(struct matrix *m)
{
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};

    mud_json_object(&json);
    mud_json_key(&json, "room");
    mud_json_object(&json);
    mud_json_key(&json, "rooms");
    mud_json_array(&json);
    for (size_t i = 0; i < m->source->n_rooms; i++) {
        if (m->rooms[i].n)
            mud_json_str(&json, m->rooms[i]);
    }
    mud_json_array_end(&json);
    mud_json_key(&json, "timeline");
    mud_json_object(&json);
    mud_json_kint(&json, "limit", 100);
    mud_json_object_end(&json);
    mud_json_key(&json, "ephemeral");
    mud_json_object(&json);
    mud_json_key(&json, "types");
    mud_json_array(&json);
    mud_json_array_end(&json);
    mud_json_object_end(&json);
    mud_json_object_end(&json);
    mud_json_key(&json, "presence");
    mud_json_object(&json);
    mud_json_key(&json, "types");
    mud_json_array(&json);
    mud_json_array_end(&json);
    mud_json_object_end(&json);
    mud_json_object_end(&json);
    m->filter = encoded(mud_buf_view(&text), m->arena);
    mud_buf_free(&text);
}

static bool token_good(struct mud_str token)
{
    return token.n > 0 && token.n < TOKEN_MAX &&
           mud_str_chr(token, ' ') == MUD_NPOS;
}

/* A room of an answer to /sync: where it left out, that is noted. */
static bool note_room(struct matrix *m, struct mud_str room, const json_t *json,
                      struct mud_str since)
{
    const json_t *timeline = json_object_get(json, "timeline");
    struct mud_str back = mud_json_get_str(timeline, "prev_batch"), known;

    if (!token_good(back))
        return true;
    if (!get_cursor(m, place_of(m, "past", room), &known))
        return false;
    if (!known.n) /* the first time that it is seen: its past comes later */
        return put_cursor(m, place_of(m, "past", room), back);
    if (!since.n || !mud_json_get_bool(timeline, "limited"))
        return true;
    struct mud_str place = place_of(m, "gap", room), older, skipped;
    if (!get_cursor(m, place, &older))
        return false;
    if (older.n && mud_str_cut(&older, ' ', &skipped)) /* both become one */
        since = older;
    return put_cursor(
        m,
        place,
        mud_str_printf(m->arena, "%.*s %.*s", MUD_FMT(back), MUD_FMT(since)));
}

/* Everything new, answer by answer; *more: this one held something. */
static bool sync_once(struct matrix *m, bool *more)
{
    struct mud_str since, next;
    const char *room;
    json_t *json, *value;
    bool good = true;

    *more = false;
    if (!get_cursor(m, MUD_STR(SYNC), &since) ||
        !call(&json,
              m,
              mud_str_printf(m->arena,
                             "sync?timeout=0&filter=%.*s%s%.*s",
                             MUD_FMT(m->filter),
                             since.n ? "&since=" : "",
                             MUD_FMT(encoded(since, m->arena)))))
        return false;
    if (!json)
        return true;
    json_t *joined = json_object_get(json_object_get(json, "rooms"), "join");
    json_object_foreach(joined, room, value)
    {
        good = good && note_room(m, mud_str_z(room), value, since);
        *more |= json_array_size(json_object_get(
                     json_object_get(value, "timeline"), "events")) > 0;
    }
    next = mud_str_dup(mud_json_get_str(json, "next_batch"), m->arena);
    json_decref(json);
    if (!token_good(next)) {
        mud_report_skip(m->report, "bad-answer", MUD_STR("sync"));
        *more = false;
        return good;
    }
    *more &= !mud_str_eq(next, since);
    return good && put_cursor(m, MUD_STR(SYNC), next);
}

/* Back from a token to another (or to the beginning), a page at a time. */
static bool go_back(struct matrix *m, struct mud_str room, struct mud_str place,
                    struct mud_str from, struct mud_str to, const char *whole)
{
    for (int i = 0; i < BACK_PAGES && from.n; i++) {
        json_t *json;

        if (m->over || mud_getter_enough(m->getter))
            return true;
        if (!call(&json,
                  m,
                  mud_str_printf(m->arena,
                                 "rooms/%.*s/messages?dir=b&limit=100&from="
                                 "%.*s%s%.*s",
                                 MUD_FMT(encoded(room, m->arena)),
                                 MUD_FMT(encoded(from, m->arena)),
                                 to.n ? "&to=" : "",
                                 MUD_FMT(encoded(to, m->arena)))))
            return false;
        if (!json)
            return true;
        struct mud_str end =
            mud_str_dup(mud_json_get_str(json, "end"), m->arena);
        bool last = !json_array_size(json_object_get(json, "chunk")) ||
                    !token_good(end) || mud_str_eq(end, from) ||
                    (to.n && mud_str_eq(end, to));
        json_decref(json);
        from = last ? MUD_STR("") : end;
        struct mud_str left =
            last   ? mud_str_z(whole)
            : to.n ? mud_str_printf(
                         m->arena, "%.*s %.*s", MUD_FMT(from), MUD_FMT(to))
                   : from;
        if (!put_cursor(m, place, left))
            return false;
    }
    return true;
}

static bool read_back(struct matrix *m, struct mud_str room)
{
    struct mud_str place = place_of(m, "gap", room), value, from;

    if (!room.n)
        return true;
    if (!get_cursor(m, place, &value))
        return false;
    if (value.n && mud_str_cut(&value, ' ', &from) &&
        !go_back(m, room, place, from, value, ""))
        return false;
    place = place_of(m, "past", room);
    if (!get_cursor(m, place, &value))
        return false;
    return mud_str_eqz(value, DONE) ||
           go_back(m, room, place, value, MUD_STR(""), DONE);
}

static bool go_round(struct matrix *m)
{
    bool more = true, waits;

    if (!mud_getter_waits(&waits, m->getter, m->err))
        return false;
    if (waits)
        return true;
    m->rooms =
        mud_arena_array(m->arena, m->source->n_rooms + 1, sizeof *m->rooms);
    for (size_t i = 0; i < m->source->n_rooms; i++) {
        if (!find_room(m, i))
            return false;
    }
    if (!keep_joined(m))
        return false;
    make_filter(m);
    for (int i = 0; i < SYNCS && more && !m->over; i++) {
        if (mud_getter_enough(m->getter))
            return true;
        if (!sync_once(m, &more))
            return false;
    }
    for (size_t i = 0; i < m->source->n_rooms && !m->over; i++) {
        if (!read_back(m, m->rooms[i]))
            return false;
    }
    return true;
}

bool mud_collect_matrix(struct mud_report *report, struct mud_worker *worker,
                        const struct mud_source *source,
                        const struct mud_crawl_options *options,
                        struct mud_error *err)
{
    struct matrix m = {.worker = worker,
                       .source = source,
                       .report = report,
                       .arena = mud_arena_new(),
                       .err = err};
    struct mud_secret *secret = NULL;
    struct mud_str token, header;
    bool good =
        mud_secret_open(&secret,
                        worker->home,
                        source->account.n ? source->account : source->name,
                        err) &&
        mud_secret_need(&token, secret, "token", err);

    if (good) { /* the head is sealed with "[withheld]" in its place */
        header = mud_str_printf(
            m.arena, "Authorization: Bearer %.*s", MUD_FMT(token));
        good =
            mud_getter_new(
                &m.getter, worker, source, options, &header, 1, report, err) &&
            go_round(&m);
        explicit_bzero((char *)(uintptr_t)header.s, header.n);
    }
    if (good && m.stop[0])
        good = mud_collect_stop(worker, source, m.stop, err);
    mud_getter_free(m.getter);
    mud_secret_free(secret);
    mud_arena_free(m.arena);
    return good;
}
