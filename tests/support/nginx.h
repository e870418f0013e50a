/*
 * A real nginx on loopback for tests, in the foreground of a child that does
 * not outlive the test program.
 */
#ifndef MUD_TESTS_SUPPORT_NGINX_H
#define MUD_TESTS_SUPPORT_NGINX_H

#include <stdbool.h>
#include <sys/types.h>

/* Is there one? Tests are left out where there is none. */
bool mud_nginx_there(void);

/* A port of loopback that nobody listens on, another one at each call. */
unsigned mud_nginx_port(void);

/*
 * Start it in dir with what stands in http { } (where to listen and so on);
 * it runs as who runs the test. Returns once `port` answers;
 * 0 when it does not within 5 s: dir/error.log says why.
 */
pid_t mud_nginx_start(const char *dir, const char *http, unsigned port);
void mud_nginx_stop(pid_t nginx); /* 0 is fine */
/* In the midst of what it was saying. It is one process. */
void mud_nginx_kill(pid_t nginx);
/* Start it again as it was, after a while; does not wait for it. */
pid_t mud_nginx_again(const char *dir, unsigned after_ms);

#endif
