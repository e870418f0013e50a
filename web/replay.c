#include "web/replay.h"

#include "base/conf.h"
#include "base/json.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <zlib.h>

#define ENTRIES_MAX 100000
#define FILE_MAX    ((size_t)16 << 20)
#define INDEX_MAX   ((size_t)64 << 20)

struct entry {
    struct mud_str target; /* path and query */
    struct mud_str file, content_type;
    unsigned status;
    bool gzip;
};

struct mud_replay {
    struct mud_arena *arena;
    const char *folder;
    struct entry *entries; /* sorted by target */
    size_t n, cap;
    struct mud_str first; /* target of the first line */
    uint16_t port;
    struct MHD_Daemon *daemon;
    _Atomic uint64_t all, unknown;
    struct mud_replay_state state;
};

/* Path and query of an absolute or relative URL, without the fragment. */
static struct mud_str target_of(struct mud_str url, struct mud_str *host)
{
    size_t at = mud_str_find(url, MUD_STR("://"));
    size_t hash = mud_str_chr(url, '#');

    if (hash != MUD_NPOS)
        url = mud_str_sub(url, 0, hash);
    *host = (struct mud_str){0};
    if (at == MUD_NPOS)
        return url;
    struct mud_str rest = mud_str_sub(url, at + 3, url.n);
    size_t slash = mud_str_chr(rest, '/');
    *host = mud_str_sub(rest, 0, slash == MUD_NPOS ? rest.n : slash);
    if (slash == MUD_NPOS)
        return MUD_STR("/");
    return mud_str_sub(rest, slash, rest.n);
}

static int by_target(const void *a, const void *b)
{
    return mud_str_cmp(((const struct entry *)a)->target,
                       ((const struct entry *)b)->target);
}

/* A file of the folder: a plain name, or below it, never above. */
static bool safe_name(struct mud_str file)
{
    return file.n && file.s[0] != '/' &&
           mud_str_find(file, MUD_STR("..")) == MUD_NPOS;
}

static uint16_t loopback_port(struct mud_str host)
{
    size_t colon = mud_str_rchr(host, ':');
    uint64_t port = 0;

    if (!mud_str_starts(host, MUD_STR("127.0.0.1:")) ||
        !mud_str_u64(mud_str_sub(host, colon + 1, host.n), &port) ||
        port > 65535)
        return 0;
    return (uint16_t)port;
}

static bool add_line(struct mud_replay *replay, struct mud_str line,
                     unsigned number, uint16_t *port, struct mud_error *err)
{
    struct mud_str host;
    json_t *json = mud_json_read(line, err);

    if (!json)
        return mud_fail_in(err, "%s/index.jsonl:%u", replay->folder, number);
    struct mud_str url = mud_json_get_str(json, "url");
    struct mud_str file = mud_json_get_str(json, "file");
    if (!url.n || !safe_name(file) || replay->n >= ENTRIES_MAX) {
        json_decref(json);
        return mud_fail(err,
                        MUD_EINPUT,
                        "%s/index.jsonl:%u: no url, or no file of this folder",
                        replay->folder,
                        number);
    }
    struct entry e = {
        .target = mud_str_dup(target_of(url, &host), replay->arena),
        .file = mud_str_dup(file, replay->arena),
        .content_type =
            mud_str_dup(mud_json_get_str(json, "content_type"), replay->arena),
        .status = (unsigned)mud_json_get_int(json, "status", 200),
        .gzip = mud_str_eqz(mud_json_get_str(json, "content_encoding"), "gzip"),
    };
    if (e.status < 200 || e.status > 599)
        e.status = 200;
    if (!replay->n) {
        replay->first = e.target;
        if (!*port)
            *port = loopback_port(host);
    }
    json_decref(json);
    replay->entries = mud_grow(
        replay->entries, &replay->cap, replay->n, sizeof *replay->entries);
    replay->entries[replay->n++] = e;
    return true;
}

static bool load(struct mud_replay *replay, uint16_t *port,
                 struct mud_error *err)
{
    struct mud_str path =
        mud_str_printf(replay->arena, "%s/index.jsonl", replay->folder);
    struct mud_str text, line;
    unsigned number = 0;

    if (!mud_file_read(&text,
                       mud_str_cstr(path, replay->arena),
                       INDEX_MAX,
                       replay->arena,
                       err))
        return false;
    while (mud_str_line(&text, &line)) {
        number++;
        if (mud_str_trim(line).n && !add_line(replay, line, number, port, err))
            return false;
    }
    if (!replay->n)
        return mud_fail(err, MUD_EINPUT, "%.*s holds no entry", MUD_FMT(path));
    qsort(replay->entries, replay->n, sizeof *replay->entries, by_target);
    return true;
}

static enum MHD_Result collect_query(void *payload, enum MHD_ValueKind kind,
                                     const char *key, const char *value)
{
    struct mud_buf *target = payload;

    (void)kind;
    mud_buf_c(target,
              mud_str_chr(mud_buf_view(target), '?') == MUD_NPOS ? '?' : '&');
    mud_buf_z(target, key);
    if (value) {
        mud_buf_c(target, '=');
        mud_buf_z(target, value);
    }
    return MHD_YES;
}

static struct mud_str gzipped(struct mud_str body, struct mud_arena *arena)
{
    z_stream z = {0};

    if (deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        mud_out_of_memory();
    size_t room = deflateBound(&z, body.n);
    char *out = mud_arena_alloc(arena, room);
    z.next_in = (Bytef *)(uintptr_t)body.s;
    z.avail_in = (uInt)body.n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    deflate(&z, Z_FINISH);
    deflateEnd(&z);
    return mud_str_of(out, z.total_out);
}

static enum MHD_Result respond(struct MHD_Connection *connection,
                               unsigned status, struct mud_str body,
                               const char *type, bool gzip)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.n,
        (void *)(uintptr_t)(body.n ? body.s : ""),
        MHD_RESPMEM_MUST_COPY);

    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    if (gzip)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_entry(struct mud_replay *replay,
                                    struct MHD_Connection *connection,
                                    const struct entry *entry)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_error err = {0};
    struct mud_str body;
    const char *accepts = MHD_lookup_connection_value(
        connection, MHD_HEADER_KIND, "Accept-Encoding");
    bool gzip = entry->gzip && accepts && strstr(accepts, "gzip");
    struct mud_str path =
        mud_str_printf(arena, "%s/%.*s", replay->folder, MUD_FMT(entry->file));
    enum MHD_Result result;

    if (!mud_file_read(
            &body, mud_str_cstr(path, arena), FILE_MAX, arena, &err)) {
        result = respond(connection,
                         500,
                         mud_str_z(err.text),
                         "text/plain; charset=utf-8",
                         false);
    } else {
        result = mud_replay_tell(&replay->state,
                                 connection,
                                 entry->status,
                                 gzip ? gzipped(body, arena) : body,
                                 entry->content_type.n
                                     ? mud_str_cstr(entry->content_type, arena)
                                     : "text/html; charset=utf-8",
                                 gzip);
    }
    mud_arena_free(arena);
    return result;
}

static enum MHD_Result answer(void *payload, struct MHD_Connection *connection,
                              const char *url, const char *method,
                              const char *version, const char *data,
                              /* NOLINTNEXTLINE: the type is libmicrohttpd's */
                              size_t *data_n, void **state)
{
    struct mud_replay *replay = payload;
    struct mud_buf target = {.max = 16384};
    static int begun;

    (void)version, (void)data, (void)data_n;
    if (!*state) { /* first call: headers only */
        *state = &begun;
        return MHD_YES;
    }
    replay->all++;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return respond(
            connection, 405, MUD_STR("GET only\n"), "text/plain", false);
    mud_buf_z(&target, url);
    MHD_get_connection_values(
        connection, MHD_GET_ARGUMENT_KIND, collect_query, &target);
    struct entry key = {.target = mud_buf_view(&target)};
    const struct entry *found =
        bsearch(&key, replay->entries, replay->n, sizeof key, by_target);
    enum MHD_Result result;
    bool refused =
        mud_replay_refuse(&result, &replay->state, connection, key.target);
    mud_buf_free(&target);
    if (refused)
        return result;
    if (found)
        return answer_entry(replay, connection, found);
    replay->unknown++;
    return respond(connection,
                   404,
                   MUD_STR("not in this folder\n"),
                   "text/plain; charset=utf-8",
                   false);
}

/* The query is matched as it was sent, not decoded. */
static size_t keep_escapes(void *payload, struct MHD_Connection *connection,
                           char *s)
{
    (void)payload, (void)connection;
    return strlen(s);
}

bool mud_replay_start(struct mud_replay **out, const char *folder,
                      uint16_t port, struct mud_error *err)
{
    return mud_replay_start_moody(
        out, folder, port, &(struct mud_replay_mood){0}, err);
}

bool mud_replay_start_moody(struct mud_replay **out, const char *folder,
                            uint16_t port, const struct mud_replay_mood *mood,
                            struct mud_error *err)
{
    struct mud_replay *replay = mud_calloc(1, sizeof *replay);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    replay->arena = mud_arena_new();
    replay->folder = mud_arena_dup(replay->arena, folder, strlen(folder));
    if (!load(replay, &port, err)) {
        mud_replay_stop(replay);
        return false;
    }
    at.sin_port = htons(port);
    replay->state.mood = *mood;
    replay->state.first = replay->first;
    /* What is slow waits in a thread of its own. */
    replay->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD |
            (mood->slow ? MHD_USE_THREAD_PER_CONNECTION : MHD_USE_AUTO),
        port,
        NULL,
        NULL,
        answer,
        replay,
        MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&at,
        MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes,
        NULL,
        MHD_OPTION_CONNECTION_TIMEOUT,
        30u,
        MHD_OPTION_CONNECTION_LIMIT,
        64u,
        MHD_OPTION_END);
    if (!replay->daemon) {
        mud_fail_errno(err, MUD_EIO, "listen on 127.0.0.1:%u", port);
        mud_replay_stop(replay);
        return false;
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(replay->daemon, MHD_DAEMON_INFO_BIND_PORT);
    replay->port = info ? info->port : port;
    *out = replay;
    return true;
}

void mud_replay_stop(struct mud_replay *replay)
{
    if (!replay)
        return;
    atomic_store(&replay->state.ending, true);
    if (replay->daemon)
        MHD_stop_daemon(replay->daemon);
    free(replay->entries);
    mud_arena_free(replay->arena);
    free(replay);
}

uint16_t mud_replay_port(const struct mud_replay *replay)
{
    return replay->port;
}

size_t mud_replay_entries(const struct mud_replay *replay)
{
    return replay->n;
}

struct mud_str mud_replay_url(const struct mud_replay *replay)
{
    return mud_str_printf(replay->arena,
                          "http://127.0.0.1:%u%.*s",
                          replay->port,
                          MUD_FMT(replay->first));
}

void mud_replay_counts(const struct mud_replay *replay, uint64_t *all,
                       uint64_t *unknown)
{
    *all = replay->all;
    *unknown = replay->unknown;
}
