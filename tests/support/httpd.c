#include "tests/support/httpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/time.h"

#define HEAD_MAX  ((size_t)64 << 10)
#define PEERS_MAX 4096
#define FILE_MAX  ((size_t)64 << 20)

struct mud_httpd_peer {
    struct mud_httpd *httpd;
    pthread_t thread;
    int fd;
    unsigned number;
    bool gone;
};

struct mud_httpd {
    int fd;
    unsigned port;
    atomic_bool ending;
    atomic_uint requests, connections;
    pthread_t thread;
    mud_httpd_handler *handler;
    void *payload;
    struct mud_httpd_peer *peers[PEERS_MAX]; /* of the accepting thread */
};

static void die(const char *what)
{
    perror(what);
    abort();
}

/* Bytes that are there, within the server's life; 0: closed or ending. */
static ssize_t take(struct mud_httpd_peer *peer, char *to, size_t n)
{
    struct pollfd poll_for = {.fd = peer->fd, .events = POLLIN};
    while (!atomic_load(&peer->httpd->ending)) {
        int rc = poll(&poll_for, 1, 20);
        if (rc > 0)
            return recv(peer->fd, to, n, 0);
        if (rc < 0 && errno != EINTR)
            return -1;
    }
    return 0;
}

static bool read_head(struct mud_httpd_peer *peer, struct mud_buf *buf,
                      size_t *head_n)
{
    char bytes[4096];
    for (;;) {
        size_t end = mud_str_find(mud_buf_view(buf), MUD_STR("\r\n\r\n"));
        ssize_t n;
        if (end != MUD_NPOS) {
            *head_n = end + 4;
            return true;
        }
        if (buf->over)
            return false;
        n = take(peer, bytes, sizeof bytes);
        if (n <= 0)
            return false;
        mud_buf_put(buf, bytes, (size_t)n);
    }
}

/* Bytes of the body behind a head; false when they do not come. */
static bool read_body(struct mud_httpd_peer *peer, struct mud_buf *buf,
                      size_t head_n, size_t *body_n)
{
    struct mud_httpd_request request = {
        .head = mud_str_sub(mud_buf_view(buf), 0, head_n)};
    struct mud_str length = mud_httpd_value(&request, "Content-Length");
    uint64_t want = 0;
    char bytes[4096];

    *body_n = 0;
    if (!length.n)
        return true;
    if (!mud_str_u64(length, &want) || want > HEAD_MAX - head_n)
        return false;
    while (buf->n < head_n + want) {
        ssize_t n = take(peer, bytes, sizeof bytes);
        if (n <= 0)
            return false;
        mud_buf_put(buf, bytes, (size_t)n);
        if (buf->over)
            return false;
    }
    *body_n = want;
    return true;
}

static bool serve_one(struct mud_httpd_peer *peer, struct mud_str head,
                      struct mud_str body)
{
    struct mud_httpd *httpd = peer->httpd;
    struct mud_httpd_request request = {.head = head,
                                        .body = body,
                                        .connection = peer->number,
                                        .at = mud_monotonic()};
    struct mud_str rest = head, line;

    if (!mud_str_line(&rest, &line) ||
        !mud_str_cut(&line, ' ', &request.method) ||
        !mud_str_cut(&line, ' ', &request.target))
        return false;
    request.number = atomic_fetch_add(&httpd->requests, 1) + 1;
    return httpd->handler(peer, &request, httpd->payload) && !peer->gone;
}

static void *serve(void *payload)
{
    struct mud_httpd_peer *peer = payload;
    struct mud_buf buf = {.max = HEAD_MAX};
    size_t head_n = 0, body_n = 0;
    bool open = true;

    while (open && read_head(peer, &buf, &head_n) &&
           read_body(peer, &buf, head_n, &body_n) && buf.s) {
        struct mud_str all = mud_buf_view(&buf);
        open = serve_one(peer,
                         mud_str_sub(all, 0, head_n),
                         mud_str_sub(all, head_n, head_n + body_n));
        memmove(buf.s, buf.s + head_n + body_n, buf.n - head_n - body_n);
        buf.n -= head_n + body_n;
    }
    mud_buf_free(&buf);
    close(peer->fd);
    return NULL;
}

static void *accept_all(void *payload)
{
    struct mud_httpd *httpd = payload;
    struct pollfd poll_for = {.fd = httpd->fd, .events = POLLIN};
    int one = 1;

    while (!atomic_load(&httpd->ending)) {
        struct mud_httpd_peer *peer;
        unsigned n = atomic_load(&httpd->connections);
        int fd;
        if (poll(&poll_for, 1, 20) <= 0)
            continue;
        fd = accept(httpd->fd, NULL, NULL);
        if (fd < 0)
            continue;
        if (n == PEERS_MAX)
            die("too many connections");
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        peer = mud_calloc(1, sizeof *peer);
        peer->httpd = httpd;
        peer->fd = fd;
        peer->number = n + 1;
        httpd->peers[n] = peer;
        atomic_store(&httpd->connections, n + 1);
        if (pthread_create(&peer->thread, NULL, serve, peer))
            die("pthread_create");
    }
    return NULL;
}

struct mud_httpd *mud_httpd_start(mud_httpd_handler *handler, void *payload)
{
    struct mud_httpd *httpd = mud_calloc(1, sizeof *httpd);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;

    httpd->handler = handler;
    httpd->payload = payload;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    httpd->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (httpd->fd < 0 ||
        bind(httpd->fd, (struct sockaddr *)&address, sizeof address) ||
        listen(httpd->fd, 128) ||
        getsockname(httpd->fd, (struct sockaddr *)&address, &size))
        die("loopback server");
    httpd->port = ntohs(address.sin_port);
    if (pthread_create(&httpd->thread, NULL, accept_all, httpd))
        die("pthread_create");
    return httpd;
}

void mud_httpd_stop(struct mud_httpd *httpd)
{
    if (!httpd)
        return;
    atomic_store(&httpd->ending, true);
    (void)pthread_join(httpd->thread, NULL);
    for (unsigned i = 0; i < atomic_load(&httpd->connections); i++) {
        (void)pthread_join(httpd->peers[i]->thread, NULL);
        free(httpd->peers[i]);
    }
    close(httpd->fd);
    free(httpd);
}

unsigned mud_httpd_port(const struct mud_httpd *httpd)
{
    return httpd->port;
}

unsigned mud_httpd_connections(const struct mud_httpd *httpd)
{
    return atomic_load(&httpd->connections);
}

unsigned mud_httpd_requests(const struct mud_httpd *httpd)
{
    return atomic_load(&httpd->requests);
}

bool mud_httpd_send(struct mud_httpd_peer *peer, struct mud_str bytes)
{
    struct pollfd poll_for = {.fd = peer->fd, .events = POLLOUT};

    while (bytes.n && !peer->gone) {
        ssize_t n;
        if (atomic_load(&peer->httpd->ending))
            return false;
        if (poll(&poll_for, 1, 20) == 0)
            continue;
        n = send(peer->fd, bytes.s, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            peer->gone = true;
        if (n > 0)
            bytes = mud_str_sub(bytes, (size_t)n, bytes.n);
    }
    return !peer->gone && !atomic_load(&peer->httpd->ending);
}

bool mud_httpd_sendz(struct mud_httpd_peer *peer, const char *text)
{
    return mud_httpd_send(peer, mud_str_z(text));
}

bool mud_httpd_reply(struct mud_httpd_peer *peer, int status,
                     const char *headers, struct mud_str body)
{
    struct mud_buf buf = {0};
    bool ok;

    mud_buf_printf(&buf,
                   "HTTP/1.1 %d Status\r\n%sContent-Length: %zu\r\n\r\n",
                   status,
                   headers,
                   body.n);
    mud_buf_str(&buf, body);
    ok = mud_httpd_send(peer, mud_buf_view(&buf));
    mud_buf_free(&buf);
    return ok;
}

bool mud_httpd_chunked(struct mud_httpd_peer *peer, const char *headers,
                       struct mud_str body, size_t step, struct mud_buf *wire)
{
    struct mud_buf own = {0}, head = {0};
    struct mud_buf *buf = wire ? wire : &own;
    bool ok;

    for (size_t i = 0; i < body.n; i += step) {
        struct mud_str part = mud_str_sub(body, i, i + step);
        mud_buf_printf(buf, "%zx\r\n", part.n);
        mud_buf_str(buf, part);
        mud_buf_z(buf, "\r\n");
    }
    mud_buf_z(buf, "0\r\n\r\n");
    mud_buf_printf(&head,
                   "HTTP/1.1 200 OK\r\n%sTransfer-Encoding: chunked\r\n\r\n",
                   headers);
    ok = mud_httpd_send(peer, mud_buf_view(&head)) &&
         mud_httpd_send(peer, mud_buf_view(buf));
    mud_buf_free(&own);
    mud_buf_free(&head);
    return ok;
}

void mud_httpd_reset(struct mud_httpd_peer *peer)
{
    struct linger now = {.l_onoff = 1};
    (void)setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    peer->gone = true;
}

void mud_httpd_pause(struct mud_httpd_peer *peer, unsigned ms)
{
    int64_t end = mud_monotonic() + INT64_C(1000) * ms;
    while (mud_monotonic() < end && !atomic_load(&peer->httpd->ending))
        (void)poll(NULL, 0, 5);
}

static const char *type_of(struct mud_str name)
{
    static const struct {
        const char *ending, *type;
    } rows[] = {
        {".html", "text/html"},
        {".htm", "text/html"},
        {".xml", "application/xml"},
        {".json", "application/json"},
        {".txt", "text/plain"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (mud_str_ends(name, mud_str_z(rows[i].ending)))
            return rows[i].type;
    return "application/octet-stream";
}

bool mud_httpd_file(struct mud_httpd_peer *peer, const char *folder,
                    const struct mud_httpd_request *request)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str name = request->target, path, body = {0};
    size_t query = mud_str_chr(name, '?');
    char header[80];
    bool ok;

    if (query != MUD_NPOS)
        name.n = query;
    path = mud_str_printf(arena, "%s%.*s", folder, MUD_FMT(name));
    ok = mud_str_find(name, MUD_STR("..")) == MUD_NPOS &&
         mud_file_read(&body, mud_str_cstr(path, arena), FILE_MAX, arena, NULL);
    (void)snprintf(
        header, sizeof header, "Content-Type: %s\r\n", type_of(name));
    ok = ok ? mud_httpd_reply(peer, 200, header, body)
            : mud_httpd_reply(peer, 404, "", MUD_STR("no such file\n"));
    mud_arena_free(arena);
    return ok;
}

struct mud_str mud_httpd_value(const struct mud_httpd_request *request,
                               const char *name)
{
    struct mud_str rest = request->head, line;

    while (rest.n && mud_str_line(&rest, &line)) {
        size_t colon = mud_str_chr(line, ':');
        if (colon != MUD_NPOS &&
            mud_str_ieq(mud_str_sub(line, 0, colon), mud_str_z(name)))
            return mud_str_trim(mud_str_sub(line, colon + 1, line.n));
    }
    return (struct mud_str){0};
}
