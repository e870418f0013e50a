#include "tests/support/ircd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "tests/support/mudtest.h"

#define WAIT_MS 10000

struct mud_ircd {
    pid_t pid;
    unsigned port;
    const char *folder, *conf;
};

struct mud_ircc {
    int fd;
    struct mud_buf heard;
    size_t answered; /* how much of it was looked at for PINGs */
};

static void die(const char *what)
{
    perror(what);
    abort();
}

static const char *program(void)
{
    static const char *const places[] = {"/usr/sbin/ngircd",
                                         "/usr/local/sbin/ngircd"};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return NULL;
}

bool mud_ircd_there(void)
{
    return program() != NULL;
}

static struct sockaddr_in address_of(unsigned port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return at;
}

static unsigned free_port(void)
{
    struct sockaddr_in at = address_of(0);
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &n) != 0)
        die("a free port");
    close(fd);
    return ntohs(at.sin_port);
}

static int dial(unsigned port)
{
    struct sockaddr_in at = address_of(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        die("socket");
    if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    close(fd);
    return -1;
}

void mud_ircd_restart(struct mud_ircd *ircd)
{
    const char *ngircd = program();
    const char *log = mudtest_text("%s/ngircd.log", ircd->folder);

    if (!ngircd)
        die("ngircd");
    ircd->pid = fork();
    if (ircd->pid == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(fd, 1);
        dup2(fd, 2);
        execl(ngircd, ngircd, "-n", "-f", ircd->conf, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 200; i++) {
        int fd = dial(ircd->port);
        if (fd >= 0) {
            close(fd);
            return;
        }
        poll(NULL, 0, 50);
    }
    fprintf(stderr, "%.*s\n", MUD_FMT(mudtest_read(log)));
    die("ngircd does not answer");
}

struct mud_ircd *mud_ircd_start(const char *password)
{
    struct mud_ircd *ircd = mud_calloc(1, sizeof *ircd);

    ircd->folder = mudtest_dir();
    ircd->port = free_port();
    ircd->conf = mudtest_text("%s/ngircd.conf", ircd->folder);
    /* It gives up root: what it reads must be for all. */
    (void)chmod(ircd->folder, 0755);
    mudtest_write(ircd->conf,
                  mud_str_z(mudtest_text("[Global]\n"
                                         "Name = irc.lo.example\n"
                                         "Info = made up\n"
                                         "MotdPhrase = hello\n"
                                         "AdminInfo1 = nobody\n"
                                         "Listen = 127.0.0.1\n"
                                         "Ports = %u\n"
                                         "ServerUID = nobody\n"
                                         "ServerGID = nogroup\n"
                                         "%s%s\n"
                                         "[Limits]\n"
                                         "MaxConnectionsIP = 0\n"
                                         "MaxNickLength = 30\n"
                                         "MaxPenaltyTime = 0\n"
                                         "PingTimeout = 5\n"
                                         "PongTimeout = 5\n"
                                         "[Options]\n"
                                         "DNS = no\n"
                                         "Ident = no\n"
                                         "PAM = no\n"
                                         "MorePrivacy = no\n"
                                         "SyslogFacility = local1\n",
                                         ircd->port,
                                         password ? "Password = " : "",
                                         password ? password : "")));
    (void)chmod(ircd->conf, 0644);
    mud_ircd_restart(ircd);
    return ircd;
}

unsigned mud_ircd_port(const struct mud_ircd *ircd)
{
    return ircd->port;
}

void mud_ircd_kill(struct mud_ircd *ircd)
{
    if (ircd->pid > 0) {
        kill(ircd->pid, SIGKILL);
        waitpid(ircd->pid, NULL, 0);
    }
    ircd->pid = 0;
}

void mud_ircd_stop(struct mud_ircd *ircd)
{
    mud_ircd_kill(ircd);
    free(ircd);
}

/* ---- a client ---- */

void mud_ircc_say(struct mud_ircc *client, const char *fmt, ...)
{
    char line[1024];
    va_list list;

    va_start(list, fmt);
    int n = vsnprintf(line, sizeof line - 2, fmt, list);
    va_end(list);
    line[n++] = '\r';
    line[n++] = '\n';
    if (send(client->fd, line, (size_t)n, MSG_NOSIGNAL) != n)
        die("send to ngircd");
}

static void answer_pings(struct mud_ircc *client)
{
    struct mud_str all = mud_buf_view(&client->heard), line, rest;

    rest = mud_str_sub(all, client->answered, all.n);
    while (mud_str_chr(rest, '\n') != MUD_NPOS && mud_str_line(&rest, &line))
        if (mud_str_starts(line, MUD_STR("PING ")))
            mud_ircc_say(
                client, "PONG %.*s", MUD_FMT(mud_str_sub(line, 5, line.n)));
    client->answered = all.n - rest.n;
}

static bool listen_for(struct mud_ircc *client, int ms)
{
    struct pollfd at = {.fd = client->fd, .events = POLLIN};
    char bytes[4096];

    if (poll(&at, 1, ms) <= 0)
        return true;
    ssize_t n = recv(client->fd, bytes, sizeof bytes, 0);
    if (n <= 0)
        return false;
    mud_buf_put(&client->heard, bytes, (size_t)n);
    answer_pings(client);
    return true;
}

void mud_ircc_wait(struct mud_ircc *client, const char *part)
{
    int64_t until = mud_monotonic() + WAIT_MS * INT64_C(1000);

    while (mud_str_find(mud_buf_view(&client->heard), mud_str_z(part)) ==
           MUD_NPOS) {
        if (mud_monotonic() > until || !listen_for(client, 50)) {
            fprintf(stderr,
                    "never heard: %s\nbut:\n%.*s\n",
                    part,
                    MUD_FMT(mud_buf_view(&client->heard)));
            abort();
        }
    }
}

struct mud_ircc *mud_ircc_new(unsigned port, const char *nick,
                              const char *password)
{
    struct mud_ircc *client = mud_calloc(1, sizeof *client);

    client->fd = dial(port);
    if (client->fd < 0)
        die("connect to ngircd");
    if (password)
        mud_ircc_say(client, "PASS %s", password);
    mud_ircc_say(client, "NICK %s", nick);
    mud_ircc_say(client, "USER %s 0 * :made up", nick);
    mud_ircc_wait(client, " 376 ");
    return client;
}

void mud_ircc_forget(struct mud_ircc *client)
{
    while (client->answered < client->heard.n && listen_for(client, 10))
        ; /* a line that is under way */
    mud_buf_clear(&client->heard);
    client->answered = 0;
}

void mud_ircc_free(struct mud_ircc *client)
{
    if (!client)
        return;
    close(client->fd);
    mud_buf_free(&client->heard);
    free(client);
}

struct mud_str mud_ircc_heard(const struct mud_ircc *client)
{
    return mud_buf_view(&client->heard);
}
