#include "evidence/verify.h"

#include "evidence/verify_sealed.h"
#include "evidence/warc.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void mud_found(struct mud_verify *verify, enum mud_verdict verdict,
               const char *what, const char *where, const char *fmt, ...)
{
    struct mud_finding finding = {verdict, what, where, NULL};
    char text[600];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    finding.text = text;
    verify->good += verdict == MUD_GOOD;
    verify->notes += verdict == MUD_NOTE;
    verify->bad += verdict == MUD_BAD;
    if (verify->finding)
        verify->finding(&finding, verify->payload);
}

struct ref { /* a record that names another by its id */
    uint64_t id;
    int64_t offset;
};

struct check { /* of one WARC file */
    struct mud_verify *verify;
    const char *path;
    struct mud_warc *warc;
    struct mud_warc_sum *sum;
    uint64_t *ids;
    struct ref *refs;
    size_t n_ids, cap_ids, n_refs, cap_refs;
    int64_t size;
    bool undigested, shared;
    char where[512];
};

static void bad(struct check *c, const char *what, const char *text)
{
    mud_found(c->verify, MUD_BAD, what, c->where, "%s", text);
}

static uint64_t hash_id(struct mud_str id)
{
    return mud_hash64(id.s, id.n);
}

static void remember(struct check *c, const struct mud_warc_record *r)
{
    c->ids = mud_grow(c->ids, &c->cap_ids, c->n_ids, sizeof(*c->ids));
    c->ids[c->n_ids++] = hash_id(r->id);
    if (!r->concurrent_to.n)
        return;
    c->refs = mud_grow(c->refs, &c->cap_refs, c->n_refs, sizeof(*c->refs));
    c->refs[c->n_refs++] = (struct ref){hash_id(r->concurrent_to), r->offset};
}

static bool is_uuid(struct mud_str id)
{
    static const char form[] =
        "<urn:uuid:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx>";

    if (id.n != sizeof(form) - 1)
        return false;
    for (size_t i = 0; i < id.n; i++)
        if (form[i] == 'x' && i > 9 ? !isxdigit((unsigned char)id.s[i])
                                    : form[i] != id.s[i])
            return false;
    return true;
}

/* What the head of a record must have: ISO 28500, 5 and 6. */
static void check_head(struct check *c, const struct mud_warc_record *r)
{
    bool one_one = mud_str_eqz(r->version, "WARC/1.1");

    if (!one_one && !mud_str_eqz(r->version, "WARC/1.0"))
        bad(c, "version", "neither WARC/1.0 nor WARC/1.1");
    if (!r->type_name.n)
        bad(c, "head", "no WARC-Type");
    if (!r->id.n)
        bad(c, "head", "no WARC-Record-ID");
    else if (!is_uuid(r->id))
        mud_found(c->verify,
                  MUD_NOTE,
                  "head",
                  c->where,
                  "WARC-Record-ID is not <urn:uuid:...>");
    if (!r->at)
        bad(c, "head", "WARC-Date is missing or malformed");
    if (!r->uri.n &&
        (r->type == MUD_WARC_REQUEST || r->type == MUD_WARC_RESPONSE ||
         r->type == MUD_WARC_RESOURCE || r->type == MUD_WARC_REVISIT ||
         r->type == MUD_WARC_CONVERSION))
        bad(c, "head", "no WARC-Target-URI");
    if (one_one &&
        mud_str_starts(mud_warc_field(r, "WARC-Target-URI"), MUD_STR("<")))
        bad(c, "head", "WARC-Target-URI in <>, as in WARC 1.0");
    if (r->number == 1 && r->type != MUD_WARC_WARCINFO)
        mud_found(c->verify,
                  MUD_NOTE,
                  "order",
                  c->where,
                  "the first record is not a warcinfo");
}

static void check_sums(struct check *c, const struct mud_warc_record *r,
                       const struct mud_warc_sums *sums)
{
    if (sums->block == MUD_WARC_DIGEST_BAD)
        bad(c, "block digest", "the block is not what its digest says");
    if (sums->payload == MUD_WARC_DIGEST_BAD)
        bad(c, "payload digest", "the payload is not what its digest says");
    if (sums->headless)
        mud_found(
            c->verify, MUD_NOTE, "http", c->where, "its HTTP head has no end");
    if (sums->block == MUD_WARC_DIGEST_UNKNOWN ||
        (sums->payload == MUD_WARC_DIGEST_UNKNOWN && !sums->headless))
        mud_found(c->verify,
                  MUD_NOTE,
                  "digest",
                  c->where,
                  "of a kind that is not known here");
    c->undigested = c->undigested || (sums->block == MUD_WARC_NO_DIGEST &&
                                      sums->payload == MUD_WARC_NO_DIGEST);
    if (r->odd & MUD_WARC_LOOSE_END)
        bad(c, "end", "not ended by CRLF CRLF");
    if (r->odd & MUD_WARC_BARE_LF)
        bad(c, "head", "lines end in LF alone");
    c->shared = c->shared || (r->odd & MUD_WARC_SHARED);
}

static bool check_record(struct check *c, struct mud_warc_record *r,
                         struct mud_error *err)
{
    struct mud_warc_sums sums;
    char buf[16384];
    size_t n = 1;
    int64_t bad_before = c->verify->bad;

    c->verify->items++;
    snprintf(c->where,
             sizeof(c->where),
             "%s: record %u (%.*s) at byte %lld",
             c->path,
             r->number,
             MUD_FMT(r->type_name),
             (long long)r->offset);
    check_head(c, r);
    remember(c, r);
    mud_warc_sum_begin(c->sum, r);
    while (n > 0) {
        if (!mud_warc_read(c->warc, buf, sizeof(buf), &n, err))
            return false;
        mud_warc_sum_add(c->sum, buf, n);
    }
    sums = mud_warc_sum_end(c->sum);
    if (!mud_warc_end(r, c->warc, err))
        return false;
    check_sums(c, r, &sums);
    if (c->verify->bad == bad_before)
        mud_found(c->verify,
                  MUD_GOOD,
                  "record",
                  c->where,
                  "%lld bytes",
                  (long long)r->size);
    if (c->verify->progress)
        c->verify->progress(mud_warc_at(c->warc), c->size, c->verify->payload);
    return true;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void check_refs(struct check *c)
{
    if (c->n_ids)
        qsort(c->ids, c->n_ids, sizeof(*c->ids), by_value);
    for (size_t i = 0; i < c->n_refs; i++) {
        if (bsearch(
                &c->refs[i].id, c->ids, c->n_ids, sizeof(*c->ids), by_value))
            continue;
        snprintf(c->where,
                 sizeof(c->where),
                 "%s: record at byte %lld",
                 c->path,
                 (long long)c->refs[i].offset);
        bad(c, "reference", "WARC-Concurrent-To names no record of this file");
    }
}

static bool check_all(struct check *c, struct mud_error *err)
{
    struct mud_error damage = {0};
    struct mud_warc_record r;
    bool more = true;

    while (more) {
        if (mud_warc_next(&r, &more, c->warc, &damage) &&
            (!more || check_record(c, &r, &damage)))
            continue;
        if (damage.code != MUD_ECORRUPT)
            return mud_fail(err, damage.code, "%s", damage.text);
        mud_found(c->verify, MUD_BAD, "form", c->path, "%s", damage.text);
        mud_error_clear(&damage);
        if (!mud_warc_resync(c->warc, &more, err))
            return false;
    }
    check_refs(c);
    if (c->verify->items == 0)
        mud_found(c->verify, MUD_BAD, "form", c->path, "no record at all");
    if (c->undigested)
        mud_found(c->verify,
                  MUD_NOTE,
                  "digest",
                  c->path,
                  "some records have none: changes there cannot be seen");
    if (c->shared)
        mud_found(
            c->verify, MUD_NOTE, "gzip", c->path, "records share gzip members");
    return true;
}

bool mud_verify_warc(struct mud_verify *verify, const char *path,
                     struct mud_error *err)
{
    struct check c = {.verify = verify, .path = path};
    struct stat st;
    bool ok = mud_warc_open(&c.warc, path, NULL, err);

    if (!ok)
        return false;
    c.size = stat(path, &st) == 0 ? st.st_size : 0;
    c.sum = mud_warc_sum_new();
    verify->items = 0;
    ok = check_all(&c, err);
    mud_warc_close(c.warc);
    mud_warc_sum_free(c.sum);
    free(c.ids);
    free(c.refs);
    return ok;
}

bool mud_verify_path(struct mud_verify *verify, const char *path,
                     struct mud_error *err)
{
    uint8_t first[MUD_SEALED_HEAD] = {0};
    enum mud_sealed_layout layout;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    ssize_t n = fd < 0 ? -1 : read(fd, first, sizeof(first));

    if (n < 0) {
        mud_fail_errno(
            err, errno == ENOENT ? MUD_EMISSING : MUD_EIO, "%s", path);
        if (fd >= 0)
            close(fd);
        return false;
    }
    close(fd);
    if (first[0] == 0x1f || memcmp(first, "WARC/", 5) == 0)
        return mud_verify_warc(verify, path, err);
    if (mud_sealed_head_read(&layout, first))
        return mud_verify_frames(verify, path, err);
    if (first[0] == '{')
        return mud_verify_ledger_file(verify, path, err);
    return mud_fail(err, MUD_EINPUT, "%s: neither a WARC nor a ledger", path);
}
