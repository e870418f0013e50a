#include "web/server.h"

#include "base/time.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 128
#define PER_ADDRESS 32
#define HEAD_BYTES  (64 * 1024)
#define PATIENCE    (10 * MUD_SECOND) /* for the head of a request */
#define LONGEST     (60 * MUD_SECOND) /* for an answer to be taken */

struct caller { /* an open connection and when it is cut */
    int fd;     /* -1: the slot is free */
    int64_t until;
};

struct mud_web_server {
    struct MHD_Daemon *daemon;
    const struct mud_web_route *routes;
    void *payload;
    bool loopback;
    char url[128];
    pthread_t watchman;
    bool watching;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wake;
    bool ending;
    struct caller callers[CONNECTIONS];
};

/* Cut the connections whose time is up: a client that drips its request byte by
 * byte is never silent, so that a time-out for silence does not end it. */
static void *watch(void *payload)
{
    struct mud_web_server *server = payload;

    pthread_mutex_lock(&server->lock);
    while (!server->ending) {
        struct timespec next;
        int64_t now = mud_monotonic();

        for (size_t i = 0; i < CONNECTIONS; i++) {
            struct caller *c = &server->callers[i];
            if (c->fd >= 0 && now > c->until)
                shutdown(c->fd, SHUT_RDWR);
        }
        clock_gettime(CLOCK_MONOTONIC, &next);
        next.tv_sec++;
        pthread_cond_timedwait(&server->wake, &server->lock, &next);
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

static void allow(struct mud_web_server *server, struct caller *caller,
                  int64_t span)
{
    pthread_mutex_lock(&server->lock);
    if (caller)
        caller->until = mud_monotonic() + span;
    pthread_mutex_unlock(&server->lock);
}

static void on_connection(void *payload, struct MHD_Connection *connection,
                          void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct mud_web_server *server = payload;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    pthread_mutex_lock(&server->lock);
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*context)
            ((struct caller *)*context)->fd = -1;
    } else if (info) {
        for (size_t i = 0; i < CONNECTIONS && !*context; i++) {
            if (server->callers[i].fd < 0)
                *context = &server->callers[i];
        }
        if (*context)
            *(struct caller *)*context =
                (struct caller){info->connect_fd, mud_monotonic() + PATIENCE};
    }
    pthread_mutex_unlock(&server->lock);
}

static struct caller *caller_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

static void on_completed(void *payload, struct MHD_Connection *connection,
                         void **state, enum MHD_RequestTerminationCode code)
{
    (void)state, (void)code;
    allow(payload, caller_of(connection), PATIENCE);
}

static enum MHD_Result reply(struct MHD_Connection *connection,
                             const struct mud_web_answer *answer,
                             const char *methods)
{
    static const char *const headers[][2] = {
        {"Cache-Control", "no-store"},
        {"X-Content-Type-Options", "nosniff"},
        {"Content-Security-Policy", "default-src 'none'"},
        {"Referrer-Policy", "no-referrer"},
    };
    struct mud_str body = mud_buf_view(&answer->body);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.n,
        (void *)(uintptr_t)(body.n ? body.s : ""),
        MHD_RESPMEM_MUST_COPY);

    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", answer->type);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
    if (methods)
        MHD_add_response_header(response, "Allow", methods);
    enum MHD_Result result =
        MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection,
                              unsigned status, const char *why,
                              const char *methods)
{
    struct mud_web_answer answer = {.status = status,
                                    .type = "text/plain; charset=utf-8"};

    mud_buf_printf(&answer.body, "%s\n", why);
    enum MHD_Result result = reply(connection, &answer, methods);
    mud_buf_free(&answer.body);
    return result;
}

/* A numeric address, or localhost, with or without a port. */
static bool is_local_name(const char *host)
{
    char name[64];
    unsigned char out[16];
    const char *end;

    if (!host)
        return false;
    if (*host == '[') {
        end = strchr(++host, ']');
    } else {
        end = strchr(host, ':');
        if (!end)
            end = host + strlen(host);
    }
    if (!end || (size_t)(end - host) >= sizeof name)
        return false;
    memcpy(name, host, (size_t)(end - host));
    name[end - host] = '\0';
    return strcmp(name, "localhost") == 0 ||
           inet_pton(AF_INET, name, out) == 1 ||
           inet_pton(AF_INET6, name, out) == 1;
}

static const struct mud_web_route *route_of(const struct mud_web_route *routes,
                                            const char *method,
                                            struct mud_str path,
                                            const char **allowed)
{
    *allowed = NULL;
    for (; routes->path; routes++) {
        if (!mud_str_eqz(path, routes->path))
            continue;
        if (strcmp(method, routes->method) == 0)
            return routes;
        *allowed =
            strcmp(routes->method, "GET") == 0 ? "GET, HEAD" : routes->method;
    }
    return NULL;
}

static enum MHD_Result answer(void *payload, struct MHD_Connection *connection,
                              const char *url, const char *method,
                              const char *version, const char *data,
                              /* NOLINTNEXTLINE: the type is libmicrohttpd's */
                              size_t *data_n, void **state)
{
    struct mud_web_server *server = payload;
    struct mud_web_request request = {.path = mud_str_z(url),
                                      .connection = connection};
    struct mud_web_answer given = {.status = 200,
                                   .type = "text/plain; charset=utf-8"};
    const char *allowed;
    static int begun;

    (void)version, (void)data;
    if (!*state) { /* first call: headers only */
        *state = &begun;
        allow(server, caller_of(connection), LONGEST);
        return MHD_YES;
    }
    if (*data_n) { /* a body nobody asked for */
        *data_n = 0;
        return MHD_YES;
    }
    request.method = strcmp(method, "HEAD") == 0 ? "GET" : method;
    if (server->loopback &&
        !is_local_name(MHD_lookup_connection_value(
            connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST)))
        return refuse(
            connection, 421, "served under a loopback name only", NULL);
    const struct mud_web_route *route =
        route_of(server->routes, request.method, request.path, &allowed);
    if (!route && allowed)
        return refuse(connection, 405, "not by this method", allowed);
    if (!route)
        return refuse(connection, 404, "no such page", NULL);
    route->answer(&given, &request, server->payload);
    enum MHD_Result result = reply(connection, &given, NULL);
    mud_buf_free(&given.body);
    return result;
}

const char *mud_web_query(const struct mud_web_request *request,
                          const char *name)
{
    return MHD_lookup_connection_value(
        request->connection, MHD_GET_ARGUMENT_KIND, name);
}

/* What a listen address says. */
static bool address_of(struct sockaddr_storage *out, bool *loopback,
                       const char *listen, struct mud_error *err)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)out;
    const char *colon = strrchr(listen, ':');
    char host[64];
    uint64_t port;

    memset(out, 0, sizeof *out);
    if (colon && (size_t)(colon - listen) < sizeof host &&
        mud_str_u64(mud_str_z(colon + 1), &port) && port < 65536) {
        size_t n = (size_t)(colon - listen), skip = 0;
        if (n > 1 && listen[0] == '[' && listen[n - 1] == ']') {
            skip = 1;
            n -= 2;
        }
        memcpy(host, listen + skip, n);
        host[n] = '\0';
        if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
            v4->sin_family = AF_INET;
            v4->sin_port = htons((uint16_t)port);
            *loopback = ntohl(v4->sin_addr.s_addr) >> 24 == 127;
            return true;
        }
        if (skip && inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
            v6->sin6_family = AF_INET6;
            v6->sin6_port = htons((uint16_t)port);
            *loopback = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
            return true;
        }
    }
    return mud_fail(err,
                    MUD_EUSAGE,
                    "--listen is ADDRESS:PORT, such as " MUD_WEB_LISTEN
                    " or [::1]:8087, not %s",
                    listen);
}

static bool start(struct mud_web_server *server,
                  const struct sockaddr_storage *at)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO;

    if (at->ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    server->daemon = MHD_start_daemon(flags,
                                      0,
                                      NULL,
                                      NULL,
                                      answer,
                                      server,
                                      MHD_OPTION_SOCK_ADDR,
                                      (const struct sockaddr *)at,
                                      MHD_OPTION_CONNECTION_TIMEOUT,
                                      30u,
                                      MHD_OPTION_CONNECTION_LIMIT,
                                      (unsigned)CONNECTIONS,
                                      MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                                      (unsigned)PER_ADDRESS,
                                      MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                      (size_t)HEAD_BYTES,
                                      MHD_OPTION_NOTIFY_CONNECTION,
                                      on_connection,
                                      server,
                                      MHD_OPTION_NOTIFY_COMPLETED,
                                      on_completed,
                                      server,
                                      MHD_OPTION_END);
    return server->daemon != NULL;
}

static void say_url(struct mud_web_server *server, const char *listen)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);

    snprintf(server->url,
             sizeof server->url,
             "http://%.*s:%u/",
             (int)(strrchr(listen, ':') - listen),
             listen,
             info ? info->port : 0u);
}

bool mud_web_serve(struct mud_web_server **out, const char *listen,
                   const struct mud_web_route *routes, void *payload,
                   struct mud_error *err)
{
    struct mud_web_server *server = mud_calloc(1, sizeof *server);
    struct sockaddr_storage at;
    pthread_condattr_t monotonic;

    server->routes = routes;
    server->payload = payload;
    for (size_t i = 0; i < CONNECTIONS; i++)
        server->callers[i].fd = -1;
    pthread_mutex_init(&server->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&server->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (!address_of(&at, &server->loopback, listen, err)) {
        mud_web_end(server);
        return false;
    }
    if (!start(server, &at)) {
        mud_fail_errno(err, MUD_EIO, "listen on %s", listen);
        mud_web_end(server);
        return false;
    }
    say_url(server, listen);
    server->watching =
        pthread_create(&server->watchman, NULL, watch, server) == 0;
    if (!server->watching) {
        mud_fail(err, MUD_EIO, "start a thread for the web server");
        mud_web_end(server);
        return false;
    }
    *out = server;
    return true;
}

void mud_web_end(struct mud_web_server *server)
{
    if (!server)
        return;
    if (server->watching) {
        pthread_mutex_lock(&server->lock);
        server->ending = true;
        pthread_cond_signal(&server->wake);
        pthread_mutex_unlock(&server->lock);
        pthread_join(server->watchman, NULL);
    }
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    pthread_cond_destroy(&server->wake);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

const char *mud_web_url(const struct mud_web_server *server)
{
    return server->url;
}
