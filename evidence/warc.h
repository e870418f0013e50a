/*
 * WARC files (ISO 28500, WARC 1.1), written and read.
 *
 * Written: every record is a gzip member of its own, so that it can be cut out
 * by offset and length and unpacked with zcat. Block and payload digests are
 * "sha256:" and lower-case hex.
 *
 * Read: those, and what other tools make: WARC 1.0, one gzip member around
 * everything, no gzip at all. The reader holds at most MUD_WARC_MEMORY bytes
 * whatever a file says of its sizes; contents are handed out in pieces. Errors
 * name file, byte offset and record. Offsets count bytes in the file.
 */
#ifndef MUD_EVIDENCE_WARC_H
#define MUD_EVIDENCE_WARC_H

#include "base/hash.h"
#include "base/str.h"
#include "base/time.h"

#define MUD_WARC_MEMORY  (1 << 20)   /* bound of one reader, all told */
#define MUD_WARC_HEAD    65536       /* longest header of a record */
#define MUD_HTTP_HEAD    (512 << 10) /* longest HTTP head in a record */
#define MUD_WARC_ID_TEXT 48          /* "<urn:uuid:...>" and NUL */

enum mud_warc_type {
    MUD_WARC_OTHER = 0, /* continuation, or a word of another tool */
    MUD_WARC_WARCINFO,
    MUD_WARC_REQUEST,
    MUD_WARC_RESPONSE,
    MUD_WARC_METADATA,
    MUD_WARC_RESOURCE,
    MUD_WARC_REVISIT,
    MUD_WARC_CONVERSION
};

/* ---------------------------------------------------------------- reading */

/* How the file departs from "each record its own member, CRLF CRLF behind". */
enum mud_warc_odd {
    MUD_WARC_PLAIN = 1,     /* not compressed */
    MUD_WARC_SHARED = 2,    /* its gzip member holds other records as well */
    MUD_WARC_LOOSE_END = 4, /* not ended by exactly CRLF CRLF */
    MUD_WARC_BARE_LF = 8    /* header lines end in LF alone */
};

/* The head of one record. Views hold until the next call with this reader. */
struct mud_warc_record {
    enum mud_warc_type type;
    unsigned number; /* from 1, counted from where reading began */
    int64_t offset;  /* of the gzip member, or of a record without gzip */
    int64_t inner;   /* where in the unpacked member; 0 in well-made files */
    int64_t length;  /* bytes in the file; 0 until mud_warc_end */
    int64_t size;    /* Content-Length: of the block */
    int64_t at;      /* WARC-Date, us; 0 when it is malformed */
    unsigned odd;    /* enum mud_warc_odd, complete after mud_warc_end */
    struct mud_str head; /* version line and all fields, as they stand */
    struct mud_str version, type_name, id, date, uri, content_type;
    struct mud_str block_digest, payload_digest, concurrent_to, refers_to,
        warcinfo_id, truncated, ip;
};

struct mud_warc; /* a reader */
struct mud_keys; /* evidence/keys.h */
struct mud_frame;

/* MUD_EMISSING, MUD_EIO. A file of any size. A sealed one is unsealed on the
 * way; keys NULL: reading it is MUD_EDENIED. */
MUD_MUST bool mud_warc_open(struct mud_warc **out, const char *path,
                            struct mud_keys *keys, struct mud_error *err);
void mud_warc_close(struct mud_warc *warc); /* NULL is fine */

/* Go to a record; reading there decides whether it is one. Going on inside the
 * same gzip member is cheap, going back unpacks it from its beginning. */
MUD_MUST bool mud_warc_seek(struct mud_warc *warc, int64_t offset,
                            int64_t inner, struct mud_error *err);
/* Read as if the file ended at this offset; 0: its real end. */
void mud_warc_until(struct mud_warc *warc, int64_t end);
/* Hash every byte of the file that is used up from now on; NULL: no more. */
void mud_warc_tap(struct mud_warc *warc, struct mud_sha256 *sha);
/* The same with the unsealed bytes, where the file is sealed. */
void mud_warc_tap_plain(struct mud_warc *warc, struct mud_sha256 *sha);
/* The last sealed frame that was read; false: none. */
MUD_MUST bool mud_warc_frame(struct mud_frame *out,
                             const struct mud_warc *warc);
bool mud_warc_sealed(const struct mud_warc *warc);
/* Where the next byte of the file would be taken from. */
int64_t mud_warc_at(const struct mud_warc *warc);

/*
 * The head of the next record (the one before is ended first, if need be).
 * *more is false at a clean end of the file. MUD_ECORRUPT names file, offset
 * and record; then mud_warc_resync may find a place to go on.
 */
MUD_MUST bool mud_warc_next(struct mud_warc_record *out, bool *more,
                            struct mud_warc *warc, struct mud_error *err);
/* Up to size bytes of the block; *n is 0 when all of it was read. */
MUD_MUST bool mud_warc_read(struct mud_warc *warc, void *out, size_t size,
                            size_t *n, struct mud_error *err);
/* Read what is left of the record and its end; fills length and odd. */
MUD_MUST bool mud_warc_end(struct mud_warc_record *record,
                           struct mud_warc *warc, struct mud_error *err);
/* After an error: move to the next place that begins like a record. */
MUD_MUST bool mud_warc_resync(struct mud_warc *warc, bool *found,
                              struct mud_error *err);

/* A named field of the head, trimmed; empty when it is not there. */
struct mud_str mud_warc_field(const struct mud_warc_record *record,
                              const char *name);
/* Fill out from a header of n bytes, which is changed in place (folded lines
 * are joined). False when Content-Length is missing or no number. */
MUD_MUST bool mud_warc_head_parse(struct mud_warc_record *out, char *head,
                                  size_t n);
/* Content-Type is application/http (a block of HTTP head and body). */
bool mud_warc_is_http(const struct mud_warc_record *record);

/* ---------------------------------------------------------------- digests */

/*
 * Recomputes what a record says of itself while its block goes by. sha256, sha1
 * and md5 are known, in hex or base32; of another kind nothing is said.
 */
enum mud_warc_digest {
    MUD_WARC_NO_DIGEST = 0,
    MUD_WARC_DIGEST_GOOD,
    MUD_WARC_DIGEST_BAD,
    MUD_WARC_DIGEST_UNKNOWN
};

/* The length of an HTTP head with its empty line (CRLF or LF), looked for from
 * byte `from` on; 0 when it has no end. */
size_t mud_http_head_end(struct mud_str s, size_t from);

struct mud_warc_sum; /* holds MUD_HTTP_HEAD bytes at most */

struct mud_warc_sum *mud_warc_sum_new(void);
void mud_warc_sum_free(struct mud_warc_sum *sum);
void mud_warc_sum_begin(struct mud_warc_sum *sum,
                        const struct mud_warc_record *record);
void mud_warc_sum_add(struct mud_warc_sum *sum, const void *bytes, size_t n);

struct mud_warc_sums {
    enum mud_warc_digest block, payload;
    uint8_t sha256[MUD_SHA256]; /* of the payload, whatever the record says */
    int64_t size;               /* of the payload */
    struct mud_str http_head;   /* to its empty line; empty if not HTTP */
    bool headless; /* said to be HTTP, but no end of the head was found */
};

/* Views hold until the next begin. */
struct mud_warc_sums mud_warc_sum_end(struct mud_warc_sum *sum);

/* ---------------------------------------------------------------- writing */

struct mud_warc_head { /* empty or 0: the field is left out */
    enum mud_warc_type type;
    struct mud_id id;
    int64_t at;         /* us */
    struct mud_str uri; /* made safe for a header line */
    const char *content_type;
    struct mud_id concurrent_to;
    struct mud_id warcinfo;
    struct mud_str ip;
    struct mud_str protocols[2]; /* "h2", "tls/1.3": WARC-Protocol, as the IIPC
                                    proposes; the block is in the form of 1.1 */
    const char *truncated;
    struct mud_str filename; /* of a warcinfo */
    const uint8_t *block_sha256;
    const uint8_t *payload_sha256;
    int64_t size; /* of the block */
};

/* The header of a record, up to and with its empty line. */
void mud_warc_head_write(struct mud_buf *out, const struct mud_warc_head *head);

/*
 * One whole record as a gzip member (libdeflate, level 6) added to out. The
 * block is `first` followed by `second`; its digest and size are set here.
 * MUD_ELIMIT above 1 GiB.
 */
struct mud_warc_deflater; /* scratch memory, reused */
struct mud_warc_deflater *mud_warc_deflater_new(void);
void mud_warc_deflater_free(struct mud_warc_deflater *deflater);
MUD_MUST bool mud_warc_member(struct mud_buf *out,
                              struct mud_warc_deflater *deflater,
                              struct mud_warc_head *head, struct mud_str first,
                              struct mud_str second, struct mud_error *err);

/*
 * A record of any size as a gzip member, streamed through zlib (level 6) in
 * pieces: begin, add the block (head->size bytes; its digest is in head), end.
 * Compressed bytes go to `write` as they come; false from it stops.
 */
struct mud_warc_stream;
typedef bool mud_warc_sink(void *payload, const void *bytes, size_t n,
                           struct mud_error *err);
MUD_MUST bool mud_warc_stream_begin(struct mud_warc_stream **out,
                                    const struct mud_warc_head *head,
                                    mud_warc_sink *write, void *payload,
                                    struct mud_error *err);
MUD_MUST bool mud_warc_stream_add(struct mud_warc_stream *stream,
                                  const void *bytes, size_t n,
                                  struct mud_error *err);
/* Frees in every case. MUD_EINPUT when the block was not head->size long. */
MUD_MUST bool mud_warc_stream_end(struct mud_warc_stream *stream,
                                  struct mud_error *err);
void mud_warc_stream_abort(struct mud_warc_stream *stream);

const char *mud_warc_id_text(char out[MUD_WARC_ID_TEXT], struct mud_id id);

#endif
