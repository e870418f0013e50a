#include "evidence/ledger.h"

#include "base/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINES 1000                          /* fetched at once */
#define TAIL  ((size_t)2 * MUD_LEDGER_LINE) /* holds a whole line for sure */

struct mirror {
    char path[4096];
    int fd;
    int64_t size; /* of whole lines */
    int64_t seq;  /* of the last line, -1 when there is none */
    uint8_t hash[MUD_SHA256];
};

static bool io(const struct mirror *m, struct mud_error *err)
{
    return mud_fail_errno(err, MUD_EIO, "%s", m->path);
}

static bool open_locked(struct mirror *m, const char *home,
                        struct mud_error *err)
{
    int n = snprintf(m->path, sizeof(m->path), "%s/ledger", home);

    if (n < 0 || (size_t)n > sizeof(m->path) - 16)
        return mud_fail(err, MUD_EUSAGE, "%s: path too long", home);
    if (!mud_mkdirs(m->path, err))
        return false;
    memcpy(m->path + n, "/ledger.jsonl", sizeof("/ledger.jsonl"));
    m->fd = open(m->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (m->fd < 0)
        return io(m, err);
    while (flock(m->fd, LOCK_EX) != 0)
        if (errno != EINTR)
            return io(m, err);
    return true;
}

/* The last whole line; what follows it was torn off by a crash. */
static bool last_line(struct mirror *m, struct mud_error *err)
{
    char *tail = mud_malloc(TAIL);
    struct mud_ledger_line line;
    struct mud_str text;
    struct stat st;
    int64_t from = 0;
    ssize_t n = 0;
    size_t end, start;
    bool ok = fstat(m->fd, &st) == 0 || io(m, err);

    m->seq = -1;
    m->size = 0;
    if (ok) {
        from = st.st_size > (int64_t)TAIL ? st.st_size - (int64_t)TAIL : 0;
        n = pread(m->fd, tail, TAIL, from);
        ok = n >= 0 || io(m, err);
    }
    text = mud_str_of(tail, ok ? (size_t)n : 0);
    end = mud_str_rchr(text, '\n');
    if (ok && end != MUD_NPOS) {
        start = mud_str_rchr(mud_str_sub(text, 0, end), '\n');
        start = start == MUD_NPOS ? 0 : start + 1;
        m->size = from + (int64_t)end + 1;
        ok = mud_ledger_line_read(&line, mud_str_sub(text, start, end), err) ||
             mud_fail_in(err, "%s: last line", m->path);
        if (ok) {
            m->seq = line.seq;
            memcpy(m->hash, line.hash, MUD_SHA256);
        }
    } else if (ok && from > 0) {
        ok = mud_fail(
            err, MUD_ECORRUPT, "%s: its end is no ledger line", m->path);
    }
    free(tail);
    if (ok && m->size != st.st_size && ftruncate(m->fd, m->size) != 0)
        ok = io(m, err);
    return ok;
}

/* The last line must be one of the database's. */
static bool same_chain(const struct mirror *m, struct mud_pg *pg,
                       struct mud_error *err)
{
    char seq[32], hex[MUD_HEX256];
    struct mud_str arg;
    struct mud_rows *rows;
    bool ok;

    if (m->seq < 0)
        return true;
    snprintf(seq, sizeof(seq), "%lld", (long long)m->seq);
    arg = mud_str_z(seq);
    if (!mud_pg_query(&rows, pg, mud_sql("ledger_line"), &arg, 1, err))
        return false;
    ok = mud_rows_count(rows) == 1 &&
         mud_str_eqz(mud_rows_get(rows, 0, 6),
                     mud_hex(hex, m->hash, MUD_SHA256));
    mud_rows_free(rows);
    return ok ||
           mud_fail(err,
                    MUD_ECORRUPT,
                    "%s: line %lld is not in the database; this is not the "
                    "database of this vault, or an older copy of it",
                    m->path,
                    (long long)m->seq);
}

static bool put(struct mirror *m, struct mud_str bytes, struct mud_error *err)
{
    while (bytes.n > 0) {
        ssize_t n = pwrite(m->fd, bytes.s, bytes.n, m->size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io(m, err);
        bytes = mud_str_sub(bytes, (size_t)n, bytes.n);
        m->size += n;
    }
    return true;
}

/* Fetch and write the next lines; *n says how many. */
static bool catch_up(struct mirror *m, struct mud_pg *pg, size_t *n,
                     struct mud_error *err)
{
    char seq[32], most[32];
    struct mud_str args[2];
    struct mud_buf lines = {0};
    struct mud_rows *rows;
    bool ok;

    snprintf(seq, sizeof(seq), "%lld", (long long)m->seq);
    snprintf(most, sizeof(most), "%d", LINES);
    args[0] = mud_str_z(seq);
    args[1] = mud_str_z(most);
    if (!mud_pg_query(&rows, pg, mud_sql("ledger_after"), args, 2, err))
        return false;
    *n = mud_rows_count(rows);
    for (size_t i = 0; i < *n; i++) {
        mud_buf_str(&lines, mud_rows_get(rows, i, 1));
        mud_buf_c(&lines, '\n');
        m->seq = mud_rows_int(rows, i, 0);
    }
    mud_rows_free(rows);
    ok = put(m, mud_buf_view(&lines), err);
    mud_buf_free(&lines);
    return ok;
}

bool mud_ledger_mirror(struct mud_pg *pg, const char *home,
                       struct mud_error *err)
{
    struct mirror m = {.fd = -1};
    size_t n = LINES;
    bool ok = open_locked(&m, home, err) && last_line(&m, err) &&
              same_chain(&m, pg, err);

    while (ok && n == LINES)
        ok = catch_up(&m, pg, &n, err);
    if (m.fd >= 0)
        close(m.fd); /* and with it the lock */
    return ok;
}
