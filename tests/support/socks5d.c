#include "tests/support/socks5d.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEERS_MAX 4096

enum { /* RFC 1928 */
    VERSION = 5,
    NO_LOGIN = 0,
    LOGIN = 2,
    NOTHING = 0xff,
    IPV4 = 1,
    NAME = 3,
    IPV6 = 4,
};

struct peer {
    struct mud_socks5d *socks;
    pthread_t thread;
    int fd;
};

struct mud_socks5d {
    int fd;
    unsigned port, target;
    pthread_t thread;
    atomic_bool ending;
    atomic_uint reply;
    atomic_size_t break_after;
    pthread_mutex_t lock; /* of what follows */
    char user[256], password[256];
    struct mud_socks5d_ask *asks;
    size_t n, cap;
    struct peer *peers[PEERS_MAX]; /* of the accepting thread */
    unsigned n_peers;
};

static void die(const char *what)
{
    perror(what);
    abort();
}

static bool get(struct peer *peer, void *to, size_t n)
{
    unsigned char *at = to;

    while (n) {
        struct pollfd wait = {.fd = peer->fd, .events = POLLIN};
        if (atomic_load(&peer->socks->ending))
            return false;
        if (poll(&wait, 1, 20) <= 0)
            continue;
        ssize_t got = recv(peer->fd, at, n, 0);
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

static bool put(struct peer *peer, const void *bytes, size_t n)
{
    return send(peer->fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n;
}

/* A length and so many bytes, as text. */
static bool get_text(struct peer *peer, char out[256])
{
    unsigned char n;

    memset(out, 0, 256);
    return get(peer, &n, 1) && get(peer, out, n);
}

static bool log_in(struct peer *peer, struct mud_socks5d_ask *ask)
{
    struct mud_socks5d *socks = peer->socks;
    unsigned char version;
    bool good;

    if (!get(peer, &version, 1) || !get_text(peer, ask->user) ||
        !get_text(peer, ask->password))
        return false;
    pthread_mutex_lock(&socks->lock);
    good = !socks->user[0] || (strcmp(socks->user, ask->user) == 0 &&
                               strcmp(socks->password, ask->password) == 0);
    pthread_mutex_unlock(&socks->lock);
    return put(peer, good ? "\1\0" : "\1\1", 2) && good;
}

/* Like Tor: whoever offers a log-in is asked for it. */
static bool greet(struct peer *peer, struct mud_socks5d_ask *ask)
{
    unsigned char head[2], ways[255], way = NOTHING;
    bool wanted;

    if (!get(peer, head, 2) || head[0] != VERSION || !get(peer, ways, head[1]))
        return false;
    pthread_mutex_lock(&peer->socks->lock);
    wanted = peer->socks->user[0] != 0;
    pthread_mutex_unlock(&peer->socks->lock);
    for (unsigned i = 0; i < head[1]; i++) {
        if (ways[i] == LOGIN)
            way = LOGIN;
        else if (ways[i] == NO_LOGIN && !wanted && way == NOTHING)
            way = NO_LOGIN;
    }
    unsigned char answer[2] = {VERSION, way};
    return put(peer, answer, 2) && way != NOTHING &&
           (way == NO_LOGIN || log_in(peer, ask));
}

static bool get_address(struct peer *peer, struct mud_socks5d_ask *ask)
{
    unsigned char head[4], bytes[16], port[2];

    if (!get(peer, head, 4) || head[0] != VERSION || head[1] != 1)
        return false;
    ask->name = head[3] == NAME;
    if (ask->name) {
        if (!get_text(peer, ask->host))
            return false;
    } else if (!get(peer, bytes, head[3] == IPV6 ? 16 : 4) ||
               !inet_ntop(head[3] == IPV6 ? AF_INET6 : AF_INET,
                          bytes,
                          ask->host,
                          sizeof ask->host)) {
        return false;
    }
    if (!get(peer, port, 2))
        return false;
    ask->port = (unsigned)port[0] << 8 | port[1];
    return true;
}

static void relay(struct peer *peer, int target)
{
    struct mud_socks5d *socks = peer->socks;
    struct pollfd both[2] = {{.fd = peer->fd, .events = POLLIN},
                             {.fd = target, .events = POLLIN}};
    size_t back = 0, limit;
    char bytes[16384];

    while (!atomic_load(&socks->ending)) {
        if (poll(both, 2, 20) <= 0)
            continue;
        for (int i = 0; i < 2; i++) {
            if (!both[i].revents)
                continue;
            ssize_t n = recv(both[i].fd, bytes, sizeof bytes, 0);
            if (n <= 0)
                return;
            limit = atomic_load(&socks->break_after);
            if (i == 1 && limit && back + (size_t)n > limit)
                n = (ssize_t)(limit - back);
            (void)!send(both[1 - i].fd, bytes, (size_t)n, MSG_NOSIGNAL);
            back += i == 1 ? (size_t)n : 0;
            if (limit && back >= limit)
                return;
        }
    }
}

static void record(struct mud_socks5d *socks, const struct mud_socks5d_ask *ask)
{
    pthread_mutex_lock(&socks->lock);
    socks->asks =
        mud_grow(socks->asks, &socks->cap, socks->n, sizeof *socks->asks);
    socks->asks[socks->n++] = *ask;
    pthread_mutex_unlock(&socks->lock);
}

static void talk(struct peer *peer)
{
    struct mud_socks5d *socks = peer->socks;
    struct mud_socks5d_ask ask = {0};
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)socks->target),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned char answer[10] = {VERSION, 0, 0, IPV4};

    if (!greet(peer, &ask) || !get_address(peer, &ask))
        return;
    record(socks, &ask);
    answer[1] = (unsigned char)atomic_load(&socks->reply);
    if (answer[1]) {
        (void)put(peer, answer, sizeof answer);
        return;
    }
    int target = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(target, (struct sockaddr *)&to, sizeof to) != 0)
        answer[1] = 5; /* refused */
    if (put(peer, answer, sizeof answer) && !answer[1])
        relay(peer, target);
    close(target);
}

static void *run_peer(void *payload)
{
    struct peer *peer = payload;

    talk(peer);
    (void)shutdown(peer->fd, SHUT_RDWR);
    close(peer->fd);
    return NULL;
}

static void *accept_all(void *payload)
{
    struct mud_socks5d *socks = payload;
    struct pollfd wait = {.fd = socks->fd, .events = POLLIN};

    while (!atomic_load(&socks->ending)) {
        if (poll(&wait, 1, 20) <= 0)
            continue;
        int fd = accept(socks->fd, NULL, NULL);
        if (fd < 0)
            continue;
        if (socks->n_peers == PEERS_MAX)
            die("too many connections");
        struct peer *peer = mud_calloc(1, sizeof *peer);
        peer->socks = socks;
        peer->fd = fd;
        socks->peers[socks->n_peers++] = peer;
        if (pthread_create(&peer->thread, NULL, run_peer, peer))
            die("pthread_create");
    }
    return NULL;
}

struct mud_socks5d *mud_socks5d_start(unsigned target)
{
    struct mud_socks5d *socks = mud_calloc(1, sizeof *socks);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    socks->target = target;
    socks->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socks->fd < 0 ||
        bind(socks->fd, (struct sockaddr *)&address, size) != 0 ||
        listen(socks->fd, 64) != 0 ||
        getsockname(socks->fd, (struct sockaddr *)&address, &size) != 0)
        die("a port for the SOCKS proxy");
    socks->port = ntohs(address.sin_port);
    pthread_mutex_init(&socks->lock, NULL);
    if (pthread_create(&socks->thread, NULL, accept_all, socks))
        die("pthread_create");
    return socks;
}

void mud_socks5d_stop(struct mud_socks5d *socks)
{
    if (!socks)
        return;
    atomic_store(&socks->ending, true);
    (void)pthread_join(socks->thread, NULL);
    for (unsigned i = 0; i < socks->n_peers; i++) {
        (void)pthread_join(socks->peers[i]->thread, NULL);
        free(socks->peers[i]);
    }
    close(socks->fd);
    pthread_mutex_destroy(&socks->lock);
    free(socks->asks);
    free(socks);
}

unsigned mud_socks5d_port(const struct mud_socks5d *socks)
{
    return socks->port;
}

size_t mud_socks5d_asked(struct mud_socks5d *socks)
{
    pthread_mutex_lock(&socks->lock);
    size_t n = socks->n;
    pthread_mutex_unlock(&socks->lock);
    return n;
}

struct mud_socks5d_ask mud_socks5d_ask(struct mud_socks5d *socks, size_t i)
{
    struct mud_socks5d_ask ask = {0};

    pthread_mutex_lock(&socks->lock);
    if (i < socks->n)
        ask = socks->asks[i];
    pthread_mutex_unlock(&socks->lock);
    return ask;
}

void mud_socks5d_forget(struct mud_socks5d *socks)
{
    pthread_mutex_lock(&socks->lock);
    socks->n = 0;
    pthread_mutex_unlock(&socks->lock);
}

void mud_socks5d_login(struct mud_socks5d *socks, const char *user,
                       const char *password)
{
    pthread_mutex_lock(&socks->lock);
    snprintf(socks->user, sizeof socks->user, "%s", user);
    snprintf(socks->password, sizeof socks->password, "%s", password);
    pthread_mutex_unlock(&socks->lock);
}

void mud_socks5d_refuse(struct mud_socks5d *socks, unsigned reply)
{
    atomic_store(&socks->reply, reply);
}

void mud_socks5d_break_after(struct mud_socks5d *socks, size_t bytes)
{
    atomic_store(&socks->break_after, bytes);
}
