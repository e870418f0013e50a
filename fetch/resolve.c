#include "fetch/resolve.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define STACK ((size_t)512 << 10)

struct mud_lookup {
    atomic_int holders; /* the fetcher and the thread */
    atomic_bool done;
    char *host;
    int wake, rc;
    struct addrinfo *answers;
};

static void drop(struct mud_lookup *lookup)
{
    if (atomic_fetch_sub(&lookup->holders, 1) != 1)
        return;
    if (lookup->answers)
        freeaddrinfo(lookup->answers);
    if (lookup->wake >= 0)
        close(lookup->wake);
    free(lookup->host);
    free(lookup);
}

static void *run(void *payload)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct mud_lookup *lookup = payload;
    const uint64_t one = 1;
    ssize_t n;

    lookup->rc = getaddrinfo(lookup->host, NULL, &hints, &lookup->answers);
    atomic_store(&lookup->done, true);
    n = write(lookup->wake, &one, sizeof one);
    (void)n; /* a fetcher that went away needs no waking */
    drop(lookup);
    return NULL;
}

struct mud_lookup *mud_lookup_start(struct mud_str host, int wake)
{
    struct mud_lookup *lookup = mud_calloc(1, sizeof *lookup);
    pthread_attr_t attr;
    pthread_t thread;
    int rc;

    lookup->host = mud_calloc(1, host.n + 1);
    memcpy(lookup->host, host.s, host.n);
    lookup->wake = dup(wake);
    atomic_store(&lookup->holders, 2);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    rc = pthread_create(&thread, &attr, run, lookup);
    pthread_attr_destroy(&attr);
    if (rc == 0)
        return lookup;
    atomic_store(&lookup->holders, 1);
    drop(lookup);
    return NULL;
}

bool mud_lookup_done(const struct mud_lookup *lookup)
{
    return atomic_load(&lookup->done);
}

const struct addrinfo *mud_lookup_answers(const struct mud_lookup *lookup,
                                          const char **why)
{
    if (lookup->rc)
        *why = gai_strerror(lookup->rc);
    else if (!lookup->answers)
        *why = "no address";
    return lookup->rc ? NULL : lookup->answers;
}

void mud_lookup_free(struct mud_lookup *lookup)
{
    if (lookup)
        drop(lookup);
}

const char *mud_address_text(char out[MUD_ADDRESS_TEXT],
                             const struct sockaddr *address, bool bracket)
{
    char *at = out;

    *out = 0;
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        inet_ntop(AF_INET, &in.sin_addr, at, INET_ADDRSTRLEN);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, address, sizeof in);
        if (bracket)
            *at++ = '[';
        inet_ntop(AF_INET6, &in.sin6_addr, at, INET6_ADDRSTRLEN);
        if (bracket)
            memcpy(at + strlen(at), "]", 2);
    }
    return out;
}
