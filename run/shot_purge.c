#include "run/shot.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/* Within home/shots, as mud_shot_keep names them. */
static bool remove_file(const char *home, struct mud_str path,
                        struct mud_error *err)
{
    char full[PATH_MAX];
    int n;

    if (!path.n || !mud_str_starts(path, MUD_STR("shots/")) ||
        mud_str_find(path, MUD_STR("..")) != MUD_NPOS)
        return mud_fail(
            err, MUD_ECORRUPT, "%.*s is no picture of ours", MUD_FMT(path));
    n = snprintf(full, sizeof(full), "%s/%.*s", home, (int)path.n, path.s);
    if (n < 0 || (size_t)n >= sizeof(full))
        return mud_fail(err, MUD_ELIMIT, "the path of a picture is too long");
    return unlink(full) == 0 || errno == ENOENT ||
           mud_fail_errno(err, MUD_EIO, "remove %s", full);
}

/* The file first: what is not noted yet is looked for again. */
bool mud_shot_purge(int64_t *gone, struct mud_pg *pg, const char *home,
                    struct mud_error *err)
{
    struct mud_rows *rows, *noted;
    bool good = true;

    *gone = 0;
    if (!mud_pg_query(&rows, pg, mud_sql("shot_purged"), NULL, 0, err))
        return false;
    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        struct mud_str path = mud_rows_get(rows, i, 0);

        good = remove_file(home, path, err) &&
               mud_pg_query(&noted, pg, mud_sql("shot_gone"), &path, 1, err);
        if (good)
            mud_rows_free(noted);
        *gone += good;
    }
    mud_rows_free(rows);
    return good;
}
