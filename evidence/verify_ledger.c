#include "evidence/ledger.h"
#include "evidence/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lines of a file, each at most MUD_LEDGER_LINE long. */
struct lines {
    const char *path;
    FILE *file;
    char *buf;
    int64_t left; /* bytes that were there when we began */
};

/* *line without its line end; *more false at the end; *whole false for a last
 * line without line end, or one that is too long. */
static bool lines_next(struct lines *lines, struct mud_str *line, bool *more,
                       bool *whole, struct mud_error *err)
{
    size_t n = 0;
    int c = EOF;

    while (lines->left > 0 && n < MUD_LEDGER_LINE &&
           (c = getc(lines->file)) != EOF) {
        lines->left--;
        if (c == '\n')
            break;
        lines->buf[n++] = (char)c;
    }
    if (ferror(lines->file))
        return mud_fail_errno(err, MUD_EIO, "%s", lines->path);
    *whole = c == '\n';
    *more = *whole || n > 0;
    *line = mud_str_of(lines->buf, n);
    return true;
}

static bool lines_open(struct lines *lines, const char *path,
                       struct mud_error *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    lines->path = path;
    if (fd < 0)
        return mud_fail_errno(
            err, errno == ENOENT ? MUD_EMISSING : MUD_EIO, "%s", path);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return mud_fail(err, MUD_EINPUT, "%s: not a regular file", path);
    }
    lines->left = st.st_size;
    lines->file = fdopen(fd, "r");
    if (!lines->file)
        mud_out_of_memory();
    lines->buf = mud_malloc(MUD_LEDGER_LINE + 1);
    return true;
}

static void lines_close(struct lines *lines)
{
    if (lines->file)
        fclose(lines->file);
    free(lines->buf);
}

struct chain { /* what the next line must continue */
    struct mud_verify *verify;
    const char *name;
    int64_t seq, at;
    uint8_t hash[MUD_SHA256];
    bool broken;
};

/* After a break the chain is taken up from the line as it stands, so that one
 * change is one or two findings and not a flood. */
static void link_check(struct chain *chain, struct mud_str line)
{
    struct mud_ledger_line l;
    struct mud_error e = {0};
    char where[300];

    snprintf(where,
             sizeof(where),
             "%s line %lld",
             chain->name,
             (long long)chain->seq);
    chain->verify->items++;
    if (!mud_ledger_line_read(&l, line, &e)) {
        mud_found(chain->verify, MUD_BAD, "ledger line", where, "%s", e.text);
    } else {
        if (l.seq != chain->seq)
            mud_found(chain->verify,
                      MUD_BAD,
                      "ledger line",
                      where,
                      "its number is %lld",
                      (long long)l.seq);
        if (memcmp(l.prev, chain->hash, MUD_SHA256) != 0)
            mud_found(chain->verify,
                      MUD_BAD,
                      "ledger chain",
                      where,
                      "it does not continue the line before");
        if (l.at < chain->at)
            mud_found(
                chain->verify, MUD_BAD, "ledger time", where, "time goes back");
        chain->at = l.at;
    }
    memcpy(chain->hash, l.hash, MUD_SHA256);
    chain->seq++;
}

static void head_found(const struct chain *chain, int64_t bad_before)
{
    char hex[MUD_HEX256];

    if (chain->verify->bad == bad_before)
        mud_found(chain->verify,
                  MUD_GOOD,
                  "ledger",
                  chain->name,
                  "%lld lines, head %s",
                  (long long)chain->seq,
                  mud_hex(hex, chain->hash, MUD_SHA256));
    else
        mud_found(chain->verify,
                  MUD_NOTE,
                  "ledger",
                  chain->name,
                  "%lld lines, head %s; not all of it holds, see above",
                  (long long)chain->seq,
                  mud_hex(hex, chain->hash, MUD_SHA256));
}

bool mud_verify_ledger_file(struct mud_verify *verify, const char *path,
                            struct mud_error *err)
{
    struct chain chain = {.verify = verify, .name = path};
    struct lines lines = {0};
    struct mud_str line;
    bool more = true, whole, ok = lines_open(&lines, path, err);
    int64_t total = lines.left, bad_before = verify->bad;

    while (ok && more) {
        ok = lines_next(&lines, &line, &more, &whole, err);
        if (!ok || !more)
            break;
        link_check(&chain, line);
        if (!whole)
            mud_found(verify,
                      MUD_BAD,
                      "ledger line",
                      path,
                      "line %lld has no end",
                      (long long)chain.seq - 1);
        if (verify->progress)
            verify->progress(total - lines.left, total, verify->payload);
    }
    lines_close(&lines);
    if (ok && chain.seq == 0)
        mud_found(verify, MUD_BAD, "ledger", path, "it is empty");
    if (ok)
        head_found(&chain, bad_before);
    return ok;
}

struct both { /* the table and its copy, side by side */
    struct chain chain;
    struct lines mirror;
    bool has_mirror, mirror_ended, differs;
    int64_t lines;
};

static bool both_row(const struct mud_rows *row, void *payload,
                     struct mud_error *err)
{
    struct both *both = payload;
    struct mud_verify *verify = both->chain.verify;
    struct mud_str line = mud_rows_get(row, 0, 1), copy;
    uint8_t hash[MUD_SHA256];
    char where[80];
    bool more = false, whole = false;

    snprintf(
        where, sizeof(where), "ledger line %lld", (long long)both->chain.seq);
    link_check(&both->chain, line);
    if (!mud_rows_bytes(row, 0, 2, hash, MUD_SHA256) ||
        memcmp(hash, both->chain.hash, MUD_SHA256) != 0)
        mud_found(verify,
                  MUD_BAD,
                  "ledger line",
                  where,
                  "its digest in the table is another");
    if (verify->progress)
        verify->progress(both->chain.seq, both->lines, verify->payload);
    if (!both->has_mirror || both->mirror_ended || both->differs)
        return true;
    if (!lines_next(&both->mirror, &copy, &more, &whole, err))
        return false;
    both->mirror_ended = !more;
    both->differs = more && !(whole && mud_str_eq(line, copy));
    if (both->differs)
        mud_found(verify,
                  MUD_BAD,
                  "ledger copy",
                  both->mirror.path,
                  "line %lld is not that of the database",
                  (long long)both->chain.seq - 1);
    return true;
}

static bool count_lines(int64_t *out, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("ledger_count"), NULL, 0, err))
        return false;
    *out = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

/* What is left of the copy when the table is at its end. */
static void both_end(struct both *both)
{
    struct mud_verify *verify = both->chain.verify;

    if (!both->has_mirror) {
        if (both->chain.seq)
            mud_found(verify,
                      MUD_BAD,
                      "ledger copy",
                      both->mirror.path,
                      "it is missing");
    } else if (both->mirror_ended) {
        mud_found(verify,
                  MUD_NOTE,
                  "ledger copy",
                  both->mirror.path,
                  "it lacks the last lines; the next seal adds them");
    } else if (!both->differs && both->mirror.left > 0) {
        mud_found(verify,
                  MUD_BAD,
                  "ledger copy",
                  both->mirror.path,
                  "it goes on behind the last line of the database");
    } else if (!both->differs) {
        mud_found(verify,
                  MUD_GOOD,
                  "ledger copy",
                  both->mirror.path,
                  "equal to the database");
    }
}

bool mud_verify_ledger(struct mud_verify *verify, const char *home,
                       struct mud_pg *pg, struct mud_error *err)
{
    struct both both = {.chain = {.verify = verify, .name = "ledger"}};
    struct mud_error e = {0};
    char path[4200];
    int64_t bad_before = verify->bad;
    bool ok;

    snprintf(path, sizeof(path), "%s/ledger/ledger.jsonl", home);
    /* Opened first: what is added to both meanwhile is in the table then. */
    both.has_mirror = lines_open(&both.mirror, path, &e);
    if (!both.has_mirror && e.code != MUD_EMISSING)
        return mud_fail(err, e.code, "%s", e.text);
    ok = count_lines(&both.lines, pg, err) &&
         mud_pg_each(pg, mud_sql("ledger_all"), NULL, 0, both_row, &both, err);
    if (ok) {
        head_found(&both.chain, bad_before);
        both_end(&both);
    }
    lines_close(&both.mirror);
    return ok;
}
