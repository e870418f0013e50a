#include "tests/support/prosody.h"

#include "tests/support/mudtest.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROSODY "/usr/bin/prosody"

static const char *const module_folders[] = {"/usr/lib/prosody/modules",
                                             "/usr/share/prosody-modules"};

struct mud_prosody {
    const char *dir;
    unsigned port, tls_port;
    pid_t pid;
    bool moderates;
};

static bool has_module(const char *name)
{
    for (size_t i = 0; i < 2; i++)
        if (mudtest_exists(
                mudtest_text("%s/mod_%s.lua", module_folders[i], name)) ||
            mudtest_exists(mudtest_text(
                "%s/mod_%s/mod_%s.lua", module_folders[i], name, name)))
            return true;
    return false;
}

static unsigned free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static bool listens(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return ok;
}

static void write_config(const struct mud_prosody *p)
{
    const char *dir = p->dir;

    mudtest_write(
        mudtest_text("%s/prosody.cfg.lua", dir),
        mud_str_z(mudtest_text(
            "run_as_root = true\n"
            "daemonize = false\n"
            "data_path = \"%s/data\"\n"
            "pidfile = \"%s/pid\"\n"
            "plugin_paths = { \"/usr/share/prosody-modules\" }\n"
            "interfaces = { \"127.0.0.1\" }\n"
            "c2s_ports = { %u }\n"
            "c2s_direct_tls_ports = { %u }\n"
            "s2s_ports = { }\n"
            "modules_enabled = { \"roster\", \"saslauth\", \"tls\", \"disco\", "
            "\"ping\", \"stanza_debug\" }\n"
            "modules_disabled = { \"s2s\" }\n"
            "authentication = \"internal_hashed\"\n"
            "c2s_require_encryption = false\n"
            "allow_unencrypted_plain_auth = false\n"
            "ssl = { key = \"%s/key.pem\", certificate = \"%s/cert.pem\" }\n"
            "%s"
            "log = { { levels = { min = \"debug\" }, to = \"file\", "
            "filename = \"%s/log\" } }\n"
            "VirtualHost \"chat.example\"\n"
            "Component \"rooms.chat.example\" \"muc\"\n"
            "  modules_enabled = { \"muc_mam\"%s }\n"
            "  muc_room_default_public = true\n"
            "  muc_room_locking = false\n"
            "  muc_room_default_persistent = true\n"
            "  muc_log_expires_after = \"never\"\n"
            "Component \"bare.chat.example\" \"muc\"\n"
            "  muc_room_default_public = true\n"
            "  muc_room_locking = false\n"
            "  muc_room_default_persistent = true\n",
            dir,
            dir,
            p->port,
            p->tls_port,
            dir,
            dir,
            p->moderates ? "storage = { muc_log = \"sql\" }\n"
                           "sql = { driver = \"SQLite3\", database = "
                           "\"rooms.sqlite\" }\n"
                         : "",
            dir,
            p->moderates ? ", \"muc_moderation\"" : "")));
}

/* Passwords are hashed by the server when they are first used. */
static void write_accounts(const struct mud_prosody *p,
                           const char *const accounts[][2], size_t n)
{
    for (size_t i = 0; i < n; i++)
        mudtest_write(
            mudtest_text("%s/data/chat%%2eexample/accounts/%s.dat",
                         p->dir,
                         accounts[i][0]),
            mud_str_z(mudtest_text("return { [\"password\"] = \"%s\" };\n",
                                   accounts[i][1])));
}

struct mud_prosody *mud_prosody_start(const char *const accounts[][2], size_t n)
{
    struct mud_prosody *p;

    if (access(PROSODY, X_OK) != 0)
        return NULL;
    p = mud_calloc(1, sizeof *p);
    p->dir = mudtest_dir();
    p->port = free_port();
    do
        p->tls_port = free_port();
    while (p->tls_port == p->port);
    p->moderates = has_module("muc_moderation") &&
                   (mudtest_exists("/usr/lib/x86_64-linux-gnu/lua/5.4/dbd/"
                                   "sqlite3.so") ||
                    mudtest_exists("/usr/lib/aarch64-linux-gnu/lua/5.4/dbd/"
                                   "sqlite3.so"));
    write_config(p);
    write_accounts(p, accounts, n);
    struct mudtest_run run = mudtest_sh(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
        "-nodes -days 2 -subj /CN=chat.example -addext "
        "subjectAltName=DNS:chat.example -keyout %s/key.pem -out %s/cert.pem",
        p->dir,
        p->dir);
    assert_int_equal(run.code, 0);
    mud_prosody_again(p);
    return p;
}

void mud_prosody_again(struct mud_prosody *p)
{
    p->pid = fork();
    if (p->pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* not to outlive an abort */
        execl(PROSODY,
              PROSODY,
              "--config",
              mudtest_text("%s/prosody.cfg.lua", p->dir),
              (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 400 && !(listens(p->port) && listens(p->tls_port)); i++)
        usleep(25000);
    assert_true(listens(p->tls_port));
}

void mud_prosody_kill(struct mud_prosody *p)
{
    if (p->pid > 0) {
        (void)kill(p->pid, SIGKILL);
        (void)waitpid(p->pid, NULL, 0);
    }
    p->pid = 0;
}

void mud_prosody_stop(struct mud_prosody *p)
{
    if (!p)
        return;
    mud_prosody_kill(p);
    free(p);
}

unsigned mud_prosody_port(const struct mud_prosody *p)
{
    return p->port;
}

unsigned mud_prosody_tls_port(const struct mud_prosody *p)
{
    return p->tls_port;
}

const char *mud_prosody_ca(const struct mud_prosody *p)
{
    return mudtest_text("%s/cert.pem", p->dir);
}

struct mud_str mud_prosody_log(const struct mud_prosody *p)
{
    return mudtest_read(mudtest_text("%s/log", p->dir));
}

bool mud_prosody_moderates(const struct mud_prosody *p)
{
    return p->moderates;
}
