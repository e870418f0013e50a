#include "tests/support/nginx.h"

#include "tests/support/mudtest.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NGINX "/usr/sbin/nginx"

bool mud_nginx_there(void)
{
    return access(NGINX, X_OK) == 0;
}

unsigned mud_nginx_port(void)
{
    static unsigned given[64];
    static size_t n;
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    unsigned port;
    bool again;

    do {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        address = (struct sockaddr_in){
            .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
        assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size),
                         0);
        close(fd);
        port = ntohs(address.sin_port);
        again = false;
        for (size_t i = 0; i < n; i++)
            again |= given[i] == port;
    } while (again);
    given[n++ % 64] = port;
    return port;
}

static bool listens(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    close(fd);
    return ok;
}

pid_t mud_nginx_again(const char *dir, unsigned after_ms)
{
    const char *conf = mudtest_text("%s/nginx.conf", dir);
    const char *log = mudtest_text("%s/error.log", dir);
    pid_t nginx = fork();

    if (nginx != 0)
        return nginx;
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* not to outlive an abort */
    usleep(after_ms * 1000);
    execl(NGINX, NGINX, "-p", dir, "-c", conf, "-e", log, (char *)NULL);
    _exit(127);
}

pid_t mud_nginx_start(const char *dir, const char *http, unsigned port)
{
    const char *conf = mudtest_text("%s/nginx.conf", dir);
    const char *log = mudtest_text("%s/error.log", dir);
    pid_t nginx;

    mudtest_write(
        conf,
        mud_str_z(mudtest_text(
            "daemon off;\nmaster_process off;\npid %s/pid;\nerror_log %s;\n"
            "events { worker_connections 256; }\n"
            "http {\n access_log off;\n types { text/html html; }\n"
            " client_body_temp_path %s/t1; proxy_temp_path %s/t2;\n"
            " fastcgi_temp_path %s/t3; uwsgi_temp_path %s/t4;\n"
            " scgi_temp_path %s/t5;\n%s\n}\n",
            dir,
            log,
            dir,
            dir,
            dir,
            dir,
            dir,
            http)));
    nginx = mud_nginx_again(dir, 0);
    for (int i = 0; i < 200 && !listens(port); i++)
        usleep(25000);
    if (listens(port))
        return nginx;
    mud_nginx_stop(nginx);
    return 0;
}

void mud_nginx_kill(pid_t nginx)
{
    (void)kill(nginx, SIGKILL);
    (void)waitpid(nginx, NULL, 0);
}

void mud_nginx_stop(pid_t nginx)
{
    if (nginx <= 0)
        return;
    (void)kill(nginx, SIGTERM);
    (void)waitpid(nginx, NULL, 0);
}
