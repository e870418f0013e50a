#include "fetch/fetcher.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define EVENTS_MAX 64

static int on_socket(CURL *curl, curl_socket_t socket, int what, void *payload,
                     void *known)
{
    struct mud_loop *loop = payload;
    struct epoll_event event = {.data.fd = socket};

    (void)curl;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, socket, NULL);
        (void)curl_multi_assign(loop->multi, socket, NULL);
        return 0;
    }
    if (what != CURL_POLL_OUT)
        event.events |= EPOLLIN;
    if (what != CURL_POLL_IN)
        event.events |= EPOLLOUT;
    if (epoll_ctl(loop->epoll,
                  known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
                  socket,
                  &event) != 0)
        return -1; /* the transfer then fails */
    (void)curl_multi_assign(loop->multi, socket, loop);
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *payload)
{
    struct mud_loop *loop = payload;

    (void)multi;
    loop->timer = ms < 0 ? -1 : mud_monotonic() + INT64_C(1000) * ms;
    return 0;
}

bool mud_poll_begin(struct mud_loop *loop, struct mud_error *err)
{
    struct epoll_event event = {.events = EPOLLIN};

    loop->timer = -1;
    loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    event.data.fd = loop->wake;
    if (loop->wake < 0 || loop->epoll < 0 ||
        epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake, &event) != 0)
        return mud_fail_errno(err, MUD_EIO, "epoll");
    (void)curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    (void)curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
    (void)curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    (void)curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
    return true;
}

void mud_poll_end(struct mud_loop *loop)
{
    if (loop->wake >= 0)
        close(loop->wake);
    if (loop->epoll >= 0)
        close(loop->epoll);
}

static int bits_of(uint32_t events)
{
    return (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
           (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
           (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
}

void mud_poll_wait(struct mud_loop *loop, int64_t us)
{
    struct epoll_event events[EVENTS_MAX];
    int64_t now = mud_monotonic();
    uint64_t woken;
    int n, busy;

    if (loop->timer >= 0 && loop->timer - now < us)
        us = loop->timer > now ? loop->timer - now : 0;
    n = epoll_wait(
        loop->epoll, events, EVENTS_MAX, us > 0 ? (int)((us + 999) / 1000) : 0);
    for (int i = 0; i < n; i++) {
        if (events[i].data.fd != loop->wake)
            (void)curl_multi_socket_action(loop->multi,
                                           events[i].data.fd,
                                           bits_of(events[i].events),
                                           &busy);
        else if (read(loop->wake, &woken, sizeof woken) < 0)
            woken = 0; /* nothing to take: another wake took it */
    }
    if (loop->timer >= 0 && loop->timer <= mud_monotonic()) {
        loop->timer = -1;
        (void)curl_multi_socket_action(
            loop->multi, CURL_SOCKET_TIMEOUT, 0, &busy);
    }
}
