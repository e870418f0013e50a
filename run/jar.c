#include "run/jar.h"

#include "base/conf.h"

#include <stdio.h>

bool mud_jar_path(char *out, size_t size, const char *home,
                  struct mud_str source, struct mud_str account,
                  struct mud_error *err)
{
    size_t n =
        (size_t)snprintf(out, size, "%s/cookies/%.*s.d", home, MUD_FMT(source));

    if (n < size && !mud_mkdirs(out, err))
        return false;
    if (n < size)
        n += (size_t)snprintf(out + n,
                              size - n,
                              "/%s%.*s",
                              account.n ? "account-" : "guest",
                              MUD_FMT(account));
    return n < size ||
           mud_fail(err, MUD_ELIMIT, "%s/cookies: too long a path", home);
}
