#include "tests/support/trap.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a source may be on: http, https, and the chats'. */
static const uint16_t ports[] = {80, 443, 5222, 5223, 6667, 6697};

#define PORTS (sizeof ports / sizeof *ports)

static atomic_uint queries, connections;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char last[256]; /* name asked for */

static void die(const char *what)
{
    perror(what);
    abort();
}

/* This interface, up, with this address. */
static void bring_up(int fd, const char *name, const char *address)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    struct ifreq request = {0};

    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    inet_pton(AF_INET, address, &at.sin_addr);
    memcpy(&request.ifr_addr, &at, sizeof at);
    if (ioctl(fd, SIOCSIFADDR, &request) != 0)
        die(address);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(fd, SIOCSIFFLAGS, &request) != 0)
        die(name);
}

/* path reads `text` in this program and what it starts. */
static void replace(const char *path, const char *text)
{
    char copy[] = "/tmp/mudlark-trap-XXXXXX";
    int fd;

    if (access(path, F_OK) != 0)
        return;
    fd = mkstemp(copy);
    if (fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, 0644) != 0 ||
        mount(copy, path, NULL, MS_BIND, NULL) != 0)
        die(path);
    close(fd);
    (void)unlink(copy);
}

static int bound(int type, uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

    if (type == SOCK_STREAM) /* loopback is the tests' own */
        inet_pton(AF_INET, MUD_TRAP_ADDRESS, &at.sin_addr);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        (type == SOCK_STREAM && listen(fd, 64) != 0))
        die("a port of the trap");
    return fd;
}

/* The name of a query (RFC 1035 4.1.2) in out; where its type begins, or 0. */
static size_t read_name(char out[256], const unsigned char *packet, size_t n)
{
    size_t at = 12, k = 0;

    while (at < n && packet[at]) {
        size_t label = packet[at++];
        if (label > 63 || at + label >= n || k + label + 2 > 256)
            return 0;
        if (k)
            out[k++] = '.';
        memcpy(out + k, packet + at, label);
        k += label;
        at += label;
    }
    out[k] = 0;
    return at + 5 <= n ? at + 1 : 0;
}

static void answer(int fd)
{
    static const unsigned char head[] = {
        0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};
    struct sockaddr_storage from;
    socklen_t size = sizeof from;
    unsigned char packet[1024];
    char name[256];
    ssize_t n = recvfrom(fd, packet, 512, 0, (struct sockaddr *)&from, &size);
    size_t type;

    if (n <= 12)
        return;
    atomic_fetch_add(&queries, 1);
    type = read_name(name, packet, (size_t)n);
    if (!type)
        return;
    pthread_mutex_lock(&lock);
    memcpy(last, name, sizeof last);
    pthread_mutex_unlock(&lock);
    packet[2] = 0x81; /* a response, recursion wanted and there */
    packet[3] = 0x80;
    memset(packet + 6, 0, 6);
    n = (ssize_t)type + 4;
    if (packet[type] == 0 && packet[type + 1] == 1) { /* A */
        packet[7] = 1;
        memcpy(packet + n, head, sizeof head);
        inet_pton(AF_INET, MUD_TRAP_ADDRESS, packet + n + sizeof head);
        n += (ssize_t)sizeof head + 4;
    }
    (void)!sendto(fd, packet, (size_t)n, 0, (struct sockaddr *)&from, size);
}

static void *watch(void *payload)
{
    struct pollfd *all = payload;

    for (;;) {
        if (poll(all, PORTS + 1, -1) <= 0)
            continue;
        if (all[PORTS].revents)
            answer(all[PORTS].fd);
        for (size_t i = 0; i < PORTS; i++) {
            if (!all[i].revents)
                continue;
            int fd = accept(all[i].fd, NULL, NULL);
            atomic_fetch_add(&connections, 1);
            close(fd);
        }
    }
    return NULL;
}

bool mud_trap_enter(void)
{
    static struct pollfd all[PORTS + 1];
    pthread_t thread;
    int fd;

    if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return false;
    replace("/etc/resolv.conf", "nameserver 127.0.0.1\n");
    replace("/etc/nsswitch.conf",
            "passwd: files\ngroup: files\nhosts: files dns\n");
    fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bring_up(fd, "lo", "127.0.0.1");
    bring_up(fd, "lo:1", MUD_TRAP_ADDRESS);
    close(fd);
    for (size_t i = 0; i < PORTS; i++)
        all[i] = (struct pollfd){.fd = bound(SOCK_STREAM, ports[i]),
                                 .events = POLLIN};
    all[PORTS] = (struct pollfd){.fd = bound(SOCK_DGRAM, 53), .events = POLLIN};
    if (pthread_create(&thread, NULL, watch, all) != 0)
        die("pthread_create");
    (void)pthread_detach(thread);
    return true;
}

unsigned mud_trap_queries(void)
{
    return atomic_load(&queries);
}

unsigned mud_trap_connections(void)
{
    return atomic_load(&connections);
}

const char *mud_trap_name(void)
{
    static char copy[256];

    pthread_mutex_lock(&lock);
    memcpy(copy, last, sizeof copy);
    pthread_mutex_unlock(&lock);
    return copy;
}

void mud_trap_empty(void)
{
    atomic_store(&queries, 0);
    atomic_store(&connections, 0);
    pthread_mutex_lock(&lock);
    last[0] = 0;
    pthread_mutex_unlock(&lock);
}
