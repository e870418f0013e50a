/* A room of a Matrix homeserver (spec.matrix.org, client-server API), served by
 * tests/support/httpd.h. */
#ifndef MUD_TESTS_RUN_HOMESERVER_H
#define MUD_TESTS_RUN_HOMESERVER_H

#include "tests/support/httpd.h"
#include "tests/support/mudtest.h"

#include <stdio.h>
#include <stdlib.h>

#define TOKEN "900001:made-up-Token_1"

static inline char *target_of(const struct mud_httpd_request *request)
{
    static _Thread_local char target[4096];

    snprintf(target, sizeof target, "%.*s", MUD_FMT(request->target));
    return target;
}

static inline int64_t number_behind(const char *text, const char *name)
{
    const char *at = strstr(text, name);

    return at ? atoll(at + strlen(name)) : -1;
}

static inline bool reply_json(struct mud_httpd_peer *peer, int status,
                              struct mud_str body)
{
    return mud_httpd_reply(
        peer, status, "Content-Type: application/json\r\n", body);
}

#define ROOM "!market:hs.example"

/* A room with events 1 to newest; tokens are "s" and the event before them. */
struct homeserver {
    int newest, limit; /* events in a timeline of /sync */
    int redacted;      /* by the newest event */
    bool member;
    int syncs, backs;
    char refused[64]; /* errcode of every answer */
};

static inline void put_event(struct mud_buf *out, const struct homeserver *hs,
                             int id, bool with_room)
{
    const char *room = with_room ? ",\"room_id\":\"" ROOM "\"" : "";

    if (hs->redacted && id == hs->newest) {
        mud_buf_printf(
            out,
            "{\"type\":\"m.room.redaction\",\"event_id\":\"$e%d\","
            "\"redacts\":\"$e%d\",\"content\":{\"redacts\":\"$e%d\"},"
            "\"sender\":\"@wang:hs.example\",\"origin_server_ts\":"
            "17095160%05d%s}",
            id,
            hs->redacted,
            hs->redacted,
            id,
            room);
        return;
    }
    mud_buf_printf(out,
                   "{\"type\":\"m.room.message\",\"event_id\":\"$e%d\","
                   "\"sender\":\"@wang:hs.example\",\"origin_server_ts\":"
                   "17095160%05d,\"content\":{\"msgtype\":\"m.text\",\"body\":"
                   "\"第%d批鸡\"}%s}",
                   id,
                   id,
                   id,
                   room);
}

static inline void put_sync(struct mud_buf *out, const struct homeserver *hs,
                            int since)
{
    int first = hs->newest - hs->limit + 1;

    first = first > since + 1 ? first : since + 1;
    mud_buf_printf(out, "{\"next_batch\":\"s%d\"", hs->newest);
    if (first <= hs->newest) {
        mud_buf_printf(out,
                       ",\"rooms\":{\"join\":{\"" ROOM "\":{\"timeline\":{"
                       "\"limited\":%s,\"prev_batch\":\"s%d\",\"events\":[",
                       first > since + 1 ? "true" : "false",
                       first - 1);
        for (int id = first; id <= hs->newest; id++) {
            mud_buf_z(out, id > first ? "," : "");
            put_event(out, hs, id, false);
        }
        mud_buf_z(out, "]}}}}");
    }
    mud_buf_c(out, '}');
}

static inline void put_back(struct mud_buf *out, const struct homeserver *hs,
                            int from, int to)
{
    int id = from, n = 0;

    mud_buf_printf(out, "{\"start\":\"s%d\",\"chunk\":[", from);
    for (; id > (to > 0 ? to : 0) && n < 3; id--) {
        mud_buf_z(out, n++ ? "," : "");
        /* some servers leave out the room, which was asked for */
        put_event(out, hs, id, id % 2);
    }
    mud_buf_z(out, "]");
    if (id > 0)
        mud_buf_printf(out, ",\"end\":\"s%d\"", id);
    mud_buf_c(out, '}');
}

static inline bool answer_matrix(struct mud_httpd_peer *peer,
                                 const struct mud_httpd_request *request,
                                 void *payload)
{
    struct homeserver *hs = payload;
    const char *target = target_of(request);
    struct mud_buf out = {0};
    int status = 200;

    if (!mud_str_eqz(mud_httpd_value(request, "Authorization"),
                     "Bearer " TOKEN) ||
        hs->refused[0]) {
        status = strcmp(hs->refused, "M_LIMIT_EXCEEDED") == 0 ? 429 : 401;
        mud_buf_printf(&out,
                       "{\"errcode\":\"%s\",\"error\":\"x\","
                       "\"retry_after_ms\":60000}",
                       hs->refused[0] ? hs->refused : "M_UNKNOWN_TOKEN");
    } else if (strstr(target, "/v3/directory/room/%23market%3Ahs.example")) {
        mud_buf_z(&out, "{\"room_id\":\"" ROOM "\",\"servers\":[]}");
    } else if (strstr(target, "/v3/directory/room/")) {
        status = 404;
        mud_buf_z(&out, "{\"errcode\":\"M_NOT_FOUND\",\"error\":\"x\"}");
    } else if (strstr(target, "/v3/joined_rooms")) {
        mud_buf_printf(&out,
                       "{\"joined_rooms\":[\"!other:hs.example\"%s]}",
                       hs->member ? ",\"" ROOM "\"" : "");
    } else if (strstr(target, "/v3/sync?")) {
        hs->syncs++;
        put_sync(&out, hs, (int)number_behind(target, "since=s"));
    } else if (strstr(target, "/messages?dir=b")) {
        hs->backs++;
        put_back(&out,
                 hs,
                 (int)number_behind(target, "from=s"),
                 (int)number_behind(target, "to=s"));
    } else { /* nothing else is ever asked for: no join, no send */
        fail_msg("asked for %s", target);
    }
    bool good = reply_json(peer, status, mud_buf_view(&out));
    mud_buf_free(&out);
    return good;
}

#endif
