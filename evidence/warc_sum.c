#include "evidence/warc.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <stdlib.h>

struct sum { /* one digest that a record states */
    EVP_MD_CTX *ctx;
    bool stated, live;
    char want[136]; /* behind the colon; 128 hex digits are the longest */
};

struct mud_warc_sum {
    struct sum block, payload;
    struct mud_sha256 *sha;
    struct mud_buf head;
    bool http, in_head, headless;
    int64_t size;
};

struct mud_warc_sum *mud_warc_sum_new(void)
{
    struct mud_warc_sum *sum = mud_calloc(1, sizeof(*sum));

    sum->sha = mud_sha256_new();
    sum->block.ctx = EVP_MD_CTX_new();
    sum->payload.ctx = EVP_MD_CTX_new();
    if (!sum->block.ctx || !sum->payload.ctx)
        mud_out_of_memory();
    sum->head.max = MUD_HTTP_HEAD;
    return sum;
}

void mud_warc_sum_free(struct mud_warc_sum *sum)
{
    if (!sum)
        return;
    EVP_MD_CTX_free(sum->block.ctx);
    EVP_MD_CTX_free(sum->payload.ctx);
    mud_sha256_free(sum->sha);
    mud_buf_free(&sum->head);
    free(sum);
}

static const EVP_MD *kind_of(struct mud_str name)
{
    if (mud_str_ieq(name, MUD_STR("sha256")) ||
        mud_str_ieq(name, MUD_STR("sha-256")))
        return EVP_sha256();
    if (mud_str_ieq(name, MUD_STR("sha1")) ||
        mud_str_ieq(name, MUD_STR("sha-1")))
        return EVP_sha1();
    return mud_str_ieq(name, MUD_STR("md5")) ? EVP_md5() : NULL;
}

static void sum_begin(struct sum *sum, struct mud_str stated)
{
    size_t colon = mud_str_chr(stated, ':');
    const EVP_MD *kind =
        colon == MUD_NPOS ? NULL : kind_of(mud_str_sub(stated, 0, colon));
    struct mud_str value = mud_str_sub(stated, colon + 1, stated.n);

    sum->stated = stated.n > 0;
    sum->live = false;
    if (!kind || value.n >= sizeof(sum->want))
        return;
    while (value.n && value.s[value.n - 1] == '=')
        value.n--;
    if (value.n)
        memcpy(sum->want, value.s, value.n);
    sum->want[value.n] = '\0';
    sum->live = EVP_DigestInit_ex2(sum->ctx, kind, NULL) == 1;
}

static void base32(char *out, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned bits = 0, hold = 0;

    for (size_t i = 0; i < n; i++) {
        hold = (hold << 8 | bytes[i]) & 0xfff;
        for (bits += 8; bits >= 5; bits -= 5)
            *out++ = digits[hold >> (bits - 5) & 31];
    }
    if (bits)
        *out++ = digits[hold << (5 - bits) & 31];
    *out = '\0';
}

static enum mud_warc_digest sum_end(struct sum *sum)
{
    uint8_t got[EVP_MAX_MD_SIZE];
    char text[2 * EVP_MAX_MD_SIZE + 1];
    unsigned n = 0;
    struct mud_str want = mud_str_z(sum->want);

    if (!sum->stated)
        return MUD_WARC_NO_DIGEST;
    if (!sum->live || EVP_DigestFinal_ex(sum->ctx, got, &n) != 1)
        return MUD_WARC_DIGEST_UNKNOWN;
    sum->live = false;
    if (mud_str_ieq(want, mud_str_z(mud_hex(text, got, n))))
        return MUD_WARC_DIGEST_GOOD;
    base32(text, got, n);
    return mud_str_ieq(want, mud_str_z(text)) ? MUD_WARC_DIGEST_GOOD
                                              : MUD_WARC_DIGEST_BAD;
}

static void sum_add(struct sum *sum, const void *bytes, size_t n)
{
    if (sum->live && n)
        sum->live = EVP_DigestUpdate(sum->ctx, bytes, n) == 1;
}

void mud_warc_sum_begin(struct mud_warc_sum *sum,
                        const struct mud_warc_record *record)
{
    uint8_t old[MUD_SHA256];

    sum_begin(&sum->block, record->block_digest);
    /* The payload digest of a revisit is that of a record elsewhere. */
    sum_begin(&sum->payload,
              record->type == MUD_WARC_REVISIT ? (struct mud_str){0}
                                               : record->payload_digest);
    mud_sha256_end(sum->sha, old);
    mud_buf_clear(&sum->head);
    sum->head.over = false;
    sum->http = sum->in_head = mud_warc_is_http(record);
    sum->headless = false;
    sum->size = 0;
}

static void payload_add(struct mud_warc_sum *sum, const void *bytes, size_t n)
{
    sum_add(&sum->payload, bytes, n);
    mud_sha256_add(sum->sha, bytes, n);
    sum->size += (int64_t)n;
}

size_t mud_http_head_end(struct mud_str s, size_t from)
{
    for (size_t i = from; i < s.n; i++) {
        if (s.s[i] != '\n')
            continue;
        if (i + 1 < s.n && s.s[i + 1] == '\n')
            return i + 2;
        if (i + 2 < s.n && s.s[i + 1] == '\r' && s.s[i + 2] == '\n')
            return i + 3;
    }
    return 0;
}

void mud_warc_sum_add(struct mud_warc_sum *sum, const void *bytes, size_t n)
{
    const char *from = bytes;
    size_t had = sum->head.n, room = MUD_HTTP_HEAD - had, end;

    sum_add(&sum->block, bytes, n);
    if (!sum->in_head) {
        if (!sum->headless)
            payload_add(sum, bytes, n);
        return;
    }
    mud_buf_put(&sum->head, from, n < room ? n : room);
    end = mud_http_head_end(mud_buf_view(&sum->head), had > 2 ? had - 2 : 0);
    if (end) {
        sum->in_head = false;
        sum->head.n = end;
        payload_add(sum, from + (end - had), n - (end - had));
    } else if (sum->head.n >= MUD_HTTP_HEAD) {
        sum->in_head = false;
        sum->headless = true;
    }
}

struct mud_warc_sums mud_warc_sum_end(struct mud_warc_sum *sum)
{
    struct mud_warc_sums out = {0};

    sum->headless = sum->headless || sum->in_head;
    out.block = sum_end(&sum->block);
    out.payload = sum_end(&sum->payload);
    if (sum->headless && out.payload != MUD_WARC_NO_DIGEST)
        out.payload = MUD_WARC_DIGEST_UNKNOWN;
    mud_sha256_end(sum->sha, out.sha256);
    out.size = sum->size;
    out.headless = sum->headless;
    if (sum->http && !sum->headless)
        out.http_head = mud_buf_view(&sum->head);
    return out;
}
