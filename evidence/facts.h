/*
 * All that is known of a capture: its row in Postgres, the metadata record that
 * stands beside it in the WARC (from which the row can be made again), and what
 * its ledger line says. Texts are valid UTF-8 without NUL; empty: not known.
 */
#ifndef MUD_EVIDENCE_FACTS_H
#define MUD_EVIDENCE_FACTS_H

#include "base/json.h"
#include "evidence/capture.h"

struct mud_facts {
    struct mud_capture c;
    int64_t started, sealed; /* us */
    struct mud_str location, referrer, access_mode, http_version;
    struct mud_str cut; /* WARC-Truncated: length, time, disconnect */
    struct mud_str peer_ip, proxy, dns, tls, clock; /* the last three: JSON */
    struct mud_str head; /* HTTP head that was handed over with a file */
    struct mud_str tool, actor;
    struct mud_str account; /* of the source, that fetched it; not a person */
    struct mud_str record_id;
    struct mud_str circumstances; /* JSON: circumstances.h */
    struct mud_str local_ip;      /* for it; not kept by itself */
    bool has_sm3;
    uint8_t sm3[MUD_SHA256]; /* of the payload, beside its SHA-256 */
    bool has_binary, has_config, has_span;
    uint8_t binary[MUD_SHA256], config[MUD_SHA256];
    /* All records of this capture in our own files, one behind the other: the
     * ledger line holds the digest of these bytes. */
    struct mud_str span_file;
    int64_t span_offset, span_length;
    uint8_t span_sha256[MUD_SHA256];

    /* Where its bytes are sealed (evidence/frame.h): by which data key and
     * salt, and what they are unsealed. A WARC that was handed over is a sealed
     * file of its own. */
    struct {
        bool sealed, file;
        struct mud_id key, salt, file_key, file_salt;
        uint8_t plain[MUD_SHA256], file_sha256[MUD_SHA256];
        int64_t file_size;
    } seal;
};

/* "page", "file", "record". */
const char *mud_capture_kind_name(enum mud_capture_kind kind);

/* A JSON object with the columns of mud.capture, for capture_insert.sql. */
void mud_facts_row(struct mud_json *json, const struct mud_facts *facts);

/* The same for mud.capture_seal, of a capture that is sealed. */
void mud_facts_seal_row(struct mud_json *json, const struct mud_facts *facts);

/* From a row of capture_load.sql and its kin. Copies into arena. */
void mud_facts_of_row(struct mud_facts *out, const struct mud_rows *rows,
                      size_t row, struct mud_arena *arena);

/* The block of the metadata record (JSON), and back. MUD_ECORRUPT. */
void mud_facts_metadata(struct mud_buf *out, const struct mud_facts *facts);
MUD_MUST bool mud_facts_of_metadata(struct mud_facts *out, struct mud_str json,
                                    struct mud_arena *arena,
                                    struct mud_error *err);

/* "sealed_file" of that, and of a ledger line's detail. False: malformed. */
MUD_MUST bool mud_facts_sealed_file(struct mud_facts *f, const json_t *json);

/* What the ledger line says of a capture: a JSON object. */
void mud_facts_detail(struct mud_buf *out, const struct mud_facts *facts);

/* JSON that came from elsewhere, if it is an object or array that Postgres
 * takes; else empty. */
struct mud_str mud_facts_json(struct mud_str json);

/* How far the system clock can be trusted now, by adjtimex(2). Microseconds. */
struct mud_clock {
    bool known;                       /* the kernel answered */
    bool synced;                      /* the clock is held to another one */
    int64_t offset, error, max_error; /* still to be worked off; estimated;
                                         largest */
};

struct mud_clock mud_clock_read(void);
/* The same as a JSON object. */
struct mud_str mud_clock_json(struct mud_arena *arena);

#endif
