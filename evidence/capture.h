/*
 * A capture: one exchange or one file handed over, sealed. Its bytes are in a
 * WARC file of the vault (MUDLARK_HOME/vault), its row in Postgres and its
 * line in the ledger are written in one transaction after the bytes are on
 * disk. Everything else is derived from captures.
 */
#ifndef MUD_EVIDENCE_CAPTURE_H
#define MUD_EVIDENCE_CAPTURE_H

#include "base/hash.h"
#include "base/str.h"
#include "fetch/exchange.h"
#include "store/pg.h"

enum mud_capture_kind {
    MUD_CAPTURE_PAGE = 1, /* an exchange that this tool made */
    MUD_CAPTURE_FILE,     /* a file handed over (chat export, page, archive) */
    MUD_CAPTURE_RECORD    /* a response in a WARC of another tool, which is
                             itself a MUD_CAPTURE_FILE */
};

struct mud_capture {
    struct mud_id id; /* of "capture": url, time in us, SHA-256 in hex; for
                         files and records also the source's number */
    enum mud_capture_kind kind;
    int32_t source;              /* source_id */
    struct mud_str url;          /* or file:NAME for files */
    struct mud_str content_type; /* as declared; may be empty */
    int status;                  /* HTTP; 0 for files */
    int64_t at;                  /* us: end of the fetch, or when handed over */
    uint8_t sha256[MUD_SHA256];  /* of the payload: wire body or file bytes */
    int64_t size;                /* of the payload */
    struct mud_str warc;         /* file, relative to the vault */
    int64_t offset,
        length; /* of the response or resource record's gzip member */
    int64_t ledger_seq;
    struct mud_str supplier; /* who handed it over; empty for own fetches */
    int64_t inner; /* where in the unpacked member: only in a WARC of another
                      tool that is one gzip stream */
    bool whole; /* the payload is that file as it stands: a WARC handed over */
    int64_t request_offset, request_length; /* of the request's member, or 0 */
    struct mud_id parent; /* of a record: the capture of its WARC */
};

/* The vault of a MUDLARK_HOME, for reading and sealing. Not for use by two
 * threads at once; any number of processes may each have one open. */
struct mud_vault;

/*
 * Open MUDLARK_HOME/vault (made when missing). Nothing is locked or repaired
 * yet: the first seal does that (mud_vault_recover), since it needs Postgres.
 */
MUD_MUST bool mud_vault_open(struct mud_vault **out, const char *home,
                             struct mud_error *err);
void mud_vault_close(struct mud_vault *vault); /* NULL is fine */

/*
 * Is it the vault that this database speaks of, and can it be written to? Its mark,
 * vault/vault.id, holds the id that the database holds, too; where neither has one
 * they are paired. MUD_EDENIED: another vault, or none mounted, or a clock more than
 * ten minutes from the database's; MUD_EIO: read-only, full, or another user's. Each
 * says what to do.
 */
MUD_MUST bool mud_vault_claim(struct mud_vault *vault, struct mud_pg *pg,
                              struct mud_error *err);

/* Who seals, and how: goes into every capture sealed from now on. Texts are
 * copied. Without it: the user's name, no digest, "public". */
struct mud_custody {
    struct mud_str actor;         /* operator or worker */
    struct mud_str access_mode;   /* "public" or "member_account" */
    const uint8_t *config_sha256; /* of the settings in force, or NULL */
};

void mud_vault_custody(struct mud_vault *vault,
                       const struct mud_custody *custody);

/*
 * What killed processes left behind, in files that nobody has locked: complete
 * captures that no transaction knows are sealed late (ledger op "recover"),
 * an incomplete tail goes to vault/lost+found and is cut off. Also brings
 * ledger.jsonl up to the database, or, when that was restored from a backup, the
 * database up to it. MUD_ECORRUPT when they are not the same chain: then this
 * is not the vault's database.
 */
struct mud_recovered {
    int captures, tails; /* sealed late; cut off */
    int64_t cut_bytes;
};

MUD_MUST bool mud_vault_recover(struct mud_recovered *out,
                                struct mud_vault *vault, struct mud_pg *pg,
                                struct mud_error *err);

/*
 * Seal an exchange: WARC records to disk (fsync), then capture row and ledger
 * line in one transaction of pg, which must not be in one. On failure nothing
 * is half there: MUD_EIO (disk full...), MUD_EDB; MUD_EAGAIN when the server
 * went away: call again with a new connection and the same exchange, it is
 * sealed once. MUD_EINPUT when there was no response.
 */
MUD_MUST bool mud_seal_exchange(struct mud_capture *out,
                                struct mud_vault *vault, struct mud_pg *pg,
                                int32_t source,
                                const struct mud_exchange *exchange,
                                struct mud_arena *arena, struct mud_error *err);

/* Can the exchange be sealed at all? MUD_EINPUT: no response, or a head without
 * end; MUD_ELIMIT: a head or request above 512 KiB. */
MUD_MUST bool mud_seal_check(const struct mud_exchange *x,
                             struct mud_error *err);

/*
 * Seal several exchanges with one fsync and one transaction: all or none.
 * out has room for n.
 */
MUD_MUST bool mud_seal_exchanges(struct mud_capture *out,
                                 struct mud_vault *vault, struct mud_pg *pg,
                                 int32_t source,
                                 const struct mud_exchange *const *exchanges,
                                 size_t n, struct mud_arena *arena,
                                 struct mud_error *err);

/* The same for exchanges of several sources. */
struct mud_seal_item {
    int32_t source;
    struct mud_str account; /* of the source, that fetched it; empty: none, and
                               then the access mode is as the custody says */
    const struct mud_exchange *exchange;
};

MUD_MUST bool mud_seal_items(struct mud_capture *out, struct mud_vault *vault,
                             struct mud_pg *pg,
                             const struct mud_seal_item *items, size_t n,
                             struct mud_arena *arena, struct mud_error *err);

/*
 * Seal a file as handed over (any size, streamed). url: what to name it by
 * ("file:result.json") or the address it was saved from. A file with the same
 * digest, source and url is not sealed twice: *known is then true and *out the
 * capture that is there. A WARC is kept as a file of its own in the vault, so
 * that its records can be addressed; all else becomes a resource record.
 */
struct mud_handed {
    const char *path;
    struct mud_str url;
    struct mud_str content_type;
    struct mud_str supplier;    /* empty: this tool brought it in itself */
    struct mud_str access_mode; /* empty: "export_supplied" */
    struct mud_str referrer;    /* "capture:ID" of the export that names it */
    int64_t at; /* when the original was fetched, if known; else 0: now */
    struct mud_str head; /* HTTP response head saved with it, or empty */
    int status;
};

MUD_MUST bool mud_seal_file(struct mud_capture *out, bool *known,
                            struct mud_vault *vault, struct mud_pg *pg,
                            int32_t source, const struct mud_handed *handed,
                            struct mud_arena *arena, struct mud_error *err);

/*
 * Seal the responses (and HTTP resources) of a WARC that was handed over: each
 * becomes a MUD_CAPTURE_RECORD that points into it. `each` (may be NULL) gets
 * every one, also those known from an earlier call; false from it stops.
 * Damage in the WARC is no error: it is noted with its place and reading goes
 * on behind it. Runs in batches, each of which is all or nothing; calling
 * again goes on where it stopped.
 */
struct mud_warc_take {
    bool (*each)(const struct mud_capture *capture, bool known, void *payload,
                 struct mud_error *err);
    void (*note)(const char *text, void *payload); /* may be NULL */
    void *payload;
    int64_t responses, known, others; /* filled; others: of other types */
    int notes;                        /* filled */
};

MUD_MUST bool mud_seal_warc_records(struct mud_warc_take *take,
                                    struct mud_vault *vault, struct mud_pg *pg,
                                    const struct mud_capture *file,
                                    struct mud_error *err);

/* The capture with this id from Postgres. MUD_EMISSING. */
MUD_MUST bool mud_capture_load(struct mud_capture *out, struct mud_pg *pg,
                               struct mud_id id, struct mud_arena *arena,
                               struct mud_error *err);

/*
 * Read a capture back from the vault as an exchange, digest checked:
 * MUD_ECORRUPT names file and offset. At most max payload bytes, else
 * MUD_ELIMIT. Files have no heads, unless one was handed over with them: that
 * comes without its coding and length lines, which need not fit the file.
 */
MUD_MUST bool mud_capture_exchange(struct mud_exchange *out,
                                   struct mud_vault *vault,
                                   const struct mud_capture *capture,
                                   size_t max, struct mud_arena *arena,
                                   struct mud_error *err);

/* The payload as a stream, for large files. */
struct mud_capture_stream;
MUD_MUST bool mud_capture_stream_open(struct mud_capture_stream **out,
                                      struct mud_vault *vault,
                                      const struct mud_capture *capture,
                                      struct mud_error *err);
/* Up to size bytes; *n = 0 at the end, where the digest is checked. */
MUD_MUST bool mud_capture_stream_read(struct mud_capture_stream *stream,
                                      void *out, size_t size, size_t *n,
                                      struct mud_error *err);
void mud_capture_stream_close(struct mud_capture_stream *stream);

#endif
