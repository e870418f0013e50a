/*
 * Inside evidence/: the vault's folder and the WARC file that this process
 * appends to. Whoever appends to a file holds flock on it; a file that nobody
 * has locked and that is longer than the database says was left by a process
 * that died. The public side is evidence/capture.h.
 */
#ifndef MUD_EVIDENCE_VAULT_H
#define MUD_EVIDENCE_VAULT_H

#include "evidence/facts.h"
#include "evidence/keys.h"
#include "evidence/ledger.h"
#include "evidence/warc.h"

#define MUD_VAULT_ROTATE ((int64_t)1 << 30) /* a new file from this size on */
#define MUD_VAULT_NAME   128                /* "2026-11/mudlark-....warc.gz" */

struct mud_vault {
    char *home, *root;
    char *actor, *access_mode;
    bool has_config, has_binary;
    uint8_t config[MUD_SHA256], binary[MUD_SHA256];
    int64_t rotate;

    char name[MUD_VAULT_NAME]; /* the file appended to; "" when none is */
    int fd;                    /* locked; -1 */
    int64_t end;               /* of what is sealed in it */
    struct mud_id warcinfo;
    bool recovered;
    bool unlooked; /* for strays: the database was empty so far */

    /* A commit whose end is not known: the file is sealed either to `end` or
     * to `unsure`. 0: none. */
    int64_t unsure;

    /* Reader of a WARC that is one gzip member, kept where it stands: records
     * that are asked for in order are unpacked once. */
    struct mud_warc *cursor;
    char *cursor_name;

    struct mud_warc_deflater *deflater;
    struct mud_buf buf;

    /* Sealing (evidence/keys.h): decided with the first seal. */
    struct mud_keys *keys;
    bool plain; /* told not to seal: [vault] seal = off */
    bool decided, seals;
    struct mud_sealer *sealer;
    struct mud_id key;           /* of the span being written */
    struct mud_sha256 *unsealed; /* digest of the span being written */
    struct mud_buf member;       /* a record on its way into buf */
};

#define MUD_SEALED_END ".sealed" /* names of sealed files end so */

/* Open a file of the vault to read records, unsealed on the way. */
MUD_MUST bool mud_vault_warc(struct mud_warc **out,
                             const struct mud_vault *vault, struct mud_str name,
                             struct mud_error *err);
/* Does this vault seal? Asked of the database once. */
MUD_MUST bool mud_vault_seals(struct mud_vault *vault, struct mud_pg *pg,
                              struct mud_error *err);

/*
 * The way of a capture's records into vault->buf, sealed or not: begin, records
 * (gzip members, or pieces of one), end, which fills f->seal.
 */
MUD_MUST bool mud_span_begin(struct mud_vault *vault, struct mud_pg *pg,
                             int32_t source, struct mud_error *err);
void mud_span_add(struct mud_vault *vault, struct mud_buf *out,
                  struct mud_str member, bool last);
void mud_span_end(struct mud_vault *vault, struct mud_facts *f);

/*
 * The gate: vault/.lock (in the vault, which hosts share, not beside it), locked while a file is made and until it
 * is locked itself, and while unlocked files without a row are looked for, so
 * that nobody takes a file that was just born for a dead one's. Closing the
 * descriptor opens the gate. -1 with err set.
 */
MUD_MUST int mud_vault_gate(const struct mud_vault *vault,
                            struct mud_error *err);

/* Set aside what no row knows, once the database knows anything at all. */
MUD_MUST bool mud_vault_strays(struct mud_vault *vault, struct mud_pg *pg,
                               struct mud_error *err);

/*
 * Make ready to append: recover what dead processes left (once), find out how
 * an interrupted commit ended, open, reuse or begin a file. Then vault->fd is
 * locked and as long as vault->end.
 */
MUD_MUST bool mud_vault_ready(struct mud_vault *vault, struct mud_pg *pg,
                              struct mud_error *err);

/* The last part of that: a file that is not full and of this month. */
MUD_MUST bool mud_vault_file(struct mud_vault *vault, struct mud_pg *pg,
                             struct mud_error *err);

/* Write at a place of the file; a full disk is MUD_EIO and says so. */
MUD_MUST bool mud_vault_write(struct mud_vault *vault, int64_t at,
                              const void *bytes, size_t n,
                              struct mud_error *err);
MUD_MUST bool mud_vault_sync(struct mud_vault *vault, struct mud_error *err);
/* Back to vault->end; a file that cannot be cut is given up. */
void mud_vault_undo(struct mud_vault *vault);
/* Unlock and forget the file; the next seal takes another. */
void mud_vault_drop(struct mud_vault *vault);

/* Path of a file of the vault. MUD_ECORRUPT for names that lead out of it. */
MUD_MUST bool mud_vault_path(char *out, size_t size,
                             const struct mud_vault *vault, struct mud_str name,
                             struct mud_error *err);
/* Sync a folder, so that a new name in it lasts. */
MUD_MUST bool mud_folder_sync(const char *path, struct mud_error *err);
/* Folder of this month in the vault, made when missing; month: "2026-11". */
MUD_MUST bool mud_vault_month(char *path, size_t size, char month[8],
                              const struct mud_vault *vault,
                              struct mud_error *err);

/* What every capture of this process has in common. */
void mud_vault_stamp(struct mud_facts *facts, const struct mud_vault *vault,
                     struct mud_arena *arena);

/*
 * One transaction: n captures (op "capture" or "recover") and their ledger
 * lines, in a file that is sealed to `to` afterwards (name NULL: no file
 * grows). Fills ledger_seq. When false: *unsure says whether it may have been
 * committed all the same. facts[i].sealed is set here.
 */
struct mud_commit {
    const char *op;
    const char *name;
    int64_t from, to;
    const char *handed; /* also register this file, of handed_size; or NULL */
    int64_t handed_size;
    /* Asked again inside the transaction: false with err set ends it. */
    bool (*check)(struct mud_pg *pg, void *payload, struct mud_error *err);
    void *payload;
};

MUD_MUST bool mud_commit(struct mud_facts *facts, size_t n, bool *unsure,
                         const struct mud_commit *commit, struct mud_pg *pg,
                         struct mud_error *err);

/* The rows of captures whose ledger lines are there. */
MUD_MUST bool mud_facts_insert(const struct mud_facts *facts, size_t n,
                               struct mud_pg *pg, struct mud_error *err);

/* Put back what a database restored from a backup lacks; see catch_up.c. Does
 * nothing when it is not an older state of this vault's. */
MUD_MUST bool mud_vault_catch_up(struct mud_vault *vault, struct mud_pg *pg,
                                 struct mud_error *err);

/* What the steps of one seal share. */
struct mud_seal {
    struct mud_vault *vault;
    struct mud_pg *pg;
    struct mud_arena *arena;
};

/* The metadata record of f, which belongs to record `of`, behind what
 * vault->buf holds. */
MUD_MUST bool mud_seal_metadata(struct mud_vault *vault, struct mud_facts *f,
                                struct mud_id of, struct mud_error *err);
/* The WARC-Record-ID of the response or resource record of a capture. */
struct mud_id mud_seal_record_id(const struct mud_facts *f);
/* Sync the file, which was written up to commit->to, and commit; then bring
 * the mirror up. On failure the file is cut back or its end left unsure. */
MUD_MUST bool mud_seal_finish(struct mud_facts *facts, size_t n,
                              struct mud_vault *vault,
                              struct mud_commit *commit, struct mud_pg *pg,
                              struct mud_error *err);

/* Statements on warc_file; see schema/query/capture_warc_*.sql. */
struct mud_warc_row {
    const char *name, *kind; /* kind: "own" or "handed" */
    int64_t sealed_to;
    struct mud_id warcinfo;        /* zero: none */
    const struct mud_vault *vault; /* whose program made it, or NULL */
};

MUD_MUST bool mud_warc_row_add(struct mud_pg *pg,
                               const struct mud_warc_row *row,
                               struct mud_error *err);
/* Locks the row. *found false: no such file. */
MUD_MUST bool mud_warc_row_sealed(int64_t *sealed_to, bool *found,
                                  struct mud_pg *pg, const char *name,
                                  struct mud_error *err);

#endif
