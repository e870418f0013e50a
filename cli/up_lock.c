#include "cli/up_lock.h"

#include "base/conf.h"
#include "base/lang.h"
#include "base/time.h"
#include "cli/session.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define WHO_MAX 400

/* Who holds it: what it wrote there, one line. */
static const char *holder(char who[WHO_MAX], int fd)
{
    ssize_t n = pread(fd, who, WHO_MAX - 1, 0);

    who[n > 0 ? n : 0] = 0;
    who[strcspn(who, "\n")] = 0;
    return *who ? who : "?";
}

static bool sign(int fd, const char *who, struct mud_error *err)
{
    char host[128] = "", line[WHO_MAX], now[MUD_TIME_TEXT];

    (void)gethostname(host, sizeof host - 1);
    int n = snprintf(line,
                     sizeof line,
                     "%s, process %ld on %s, since %s\n",
                     who,
                     (long)getpid(),
                     host,
                     mud_time_text(now, mud_now(), false));
    return (ftruncate(fd, 0) == 0 && pwrite(fd, line, (size_t)n, 0) == n) ||
           mud_fail_errno(err, MUD_EIO, "up.lock");
}

static bool take(int *lock, const struct mud_session *session,
                 struct mud_error *err)
{
    char path[4200], who[WHO_MAX];

    if (!mud_mkdirs(session->home, err)) /* the first time */
        return false;
    snprintf(path, sizeof path, "%s/up.lock", session->home);
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*lock < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    if (flock(*lock, LOCK_EX | LOCK_NB) != 0)
        return mud_fail(
            err,
            MUD_EDENIED,
            mud_t("mudlark up runs already for %s (%s): stop that one first, "
                  "or add a worker to it with mudlark work",
                  "%s 已有 mudlark up 在运行（%s）：请先停止它，或用 mudlark "
                  "work 增加工作进程"),
            session->home,
            holder(who, *lock));
    return sign(*lock, session->who, err);
}

bool mud_up_lock(int *lock, const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    bool good =
        mud_session_home(&session, args, err) && take(lock, &session, err);

    mud_session_close(&session);
    return good;
}

void mud_up_unlock(int lock)
{
    if (lock >= 0)
        (void)close(lock);
}
