/*
 * The keys of a vault. A machine key (MUDLARK_HOME/keys/machine.key, or the
 * file that MUDLARK_KEY names, on another disk) opens the data keys, one a
 * month and retention class; those open captures (evidence/frame.h). A data key
 * stands, closed with the machine key, in mud.seal_key and in vault/keys/ID.key,
 * so that whoever reads the vault needs no database. Destroying it in both
 * places makes all that it sealed unreadable; vault/keys/ID.gone says when and
 * why. A capture that is held meanwhile has its own key in vault/keys/SALT.kept
 * and mud.seal_kept.
 *
 * Keys in memory are locked, kept out of core dumps, and wiped when freed.
 */
#ifndef MUD_EVIDENCE_KEYS_H
#define MUD_EVIDENCE_KEYS_H

#include "evidence/frame.h"
#include "store/pg.h"

#define MUD_KEY_CLASS 8 /* "10y" */

struct mud_keys;

/* Keys of home's vault at root. A missing machine key is no error yet. */
MUD_MUST bool mud_keys_open(struct mud_keys **out, const char *home,
                            const char *root, struct mud_error *err);
void mud_keys_free(struct mud_keys *keys); /* NULL is fine */

bool mud_keys_have(const struct mud_keys *keys); /* a machine key */
/* Its id; zero when there is none. */
struct mud_id mud_keys_machine(const struct mud_keys *keys);
/* The file it is in, or would be. */
const char *mud_keys_path(const struct mud_keys *keys);
/* Write a new machine key, or take the one that another process wrote just
 * now. MUD_EIO. */
MUD_MUST bool mud_keys_make(struct mud_keys *keys, struct mud_error *err);

/*
 * The key of a frame, valid until the next call. MUD_EDENIED: it was destroyed
 * (the text says when and why), the machine key is missing, or it is another
 * one's. MUD_ECORRUPT: there never was such a key here.
 */
MUD_MUST bool mud_keys_frame(const uint8_t **out, struct mud_keys *keys,
                             const struct mud_frame *frame,
                             struct mud_error *err);

/* Was this data key destroyed, and no copy kept of the capture's own? Then
 * *why (of size bytes) says when and why. */
bool mud_keys_gone(char *why, size_t size, struct mud_keys *keys,
                   struct mud_id key, struct mud_id salt);

/*
 * The data key to seal with now, for a source: of this month and of the class
 * that the source has. Made when there is none. MUD_EDENIED without machine
 * key; MUD_EDB.
 */
MUD_MUST bool mud_keys_now(struct mud_id *key, const uint8_t **data,
                           struct mud_keys *keys, struct mud_pg *pg,
                           int32_t source, struct mud_error *err);

/* Does this vault seal, and with what? A new vault gets a machine key; one that
 * was begun without stays plain. MUD_EDENIED: the machine key is missing. */
MUD_MUST bool mud_keys_decide(bool *seals, struct mud_keys *keys,
                              struct mud_pg *pg, struct mud_error *err);

/* Rows and copies beside the vault agree: what one lacks is put back from the
 * other, and what was destroyed stays destroyed after a restore. */
MUD_MUST bool mud_keys_sync(struct mud_keys *keys, struct mud_pg *pg,
                            struct mud_error *err);
/* Does the machine key open every living data key? MUD_EDENIED, MUD_ECORRUPT:
 * says which does not open, and why. */
MUD_MUST bool mud_keys_check(struct mud_keys *keys, struct mud_pg *pg,
                             struct mud_error *err);

/* A new machine key for all data keys; the old one is destroyed. Killed at any
 * point, everything stays readable and the next call goes on. *closed: how many
 * keys it opens now. */
MUD_MUST bool mud_keys_rotate(int64_t *closed, struct mud_keys *keys,
                              struct mud_pg *pg, struct mud_error *err);

/* Keep a capture's own key beside its data key. */
MUD_MUST bool mud_keys_keep(struct mud_keys *keys, struct mud_pg *pg,
                            struct mud_id key, struct mud_id salt,
                            struct mud_error *err);

/* Destroy a data key, or a capture's own, beside the vault; rows are the
 * caller's, in the same transaction as the tombstones of captures. */
struct mud_key_end {
    struct mud_id key;  /* or salt */
    const char *suffix; /* "key" or "kept" */
    struct mud_str actor, reason;
    int64_t at;
};

MUD_MUST bool mud_keys_destroy(struct mud_keys *keys,
                               const struct mud_key_end *end,
                               struct mud_error *err);

/* The machine key, closed with a passphrase (argon2id), as a text for paper or
 * another disk; and back. MUD_EDENIED: wrong passphrase. */
MUD_MUST bool mud_keys_export(struct mud_buf *out, const struct mud_keys *keys,
                              struct mud_str passphrase, struct mud_error *err);
MUD_MUST bool mud_keys_import(struct mud_keys *keys, struct mud_str text,
                              struct mud_str passphrase, struct mud_error *err);

/* ------------------------------------------------- inside evidence/keys*.c */

#define MUD_KEY_WRAPPED (24 + MUD_FRAME_KEY + 16)
#define MUD_KEY_LABEL   160

struct mud_machine { /* in locked memory */
    uint8_t key[MUD_FRAME_KEY];
    struct mud_id id;
    bool have;
};

struct mud_data_key { /* in locked memory */
    uint8_t key[MUD_FRAME_KEY];
    struct mud_id id;
    char month[8], class[MUD_KEY_CLASS];
    struct mud_data_key *next;
};

struct mud_keys {
    char *path, *folder; /* of the machine key; vault/keys */
    bool looked;
    struct mud_machine *machine, *coming; /* the second while they rotate */
    struct mud_data_key *data;

    struct {
        uint8_t key[MUD_FRAME_KEY];
        struct mud_id id, salt;
        bool have;
    } * capture; /* the last one used */

    struct {
        int32_t source;
        char class[MUD_KEY_CLASS];
    } * classes;

    size_t n_classes, cap_classes;
    int64_t classes_at;
};

/* A file of vault/keys. */
struct mud_key_file {
    struct mud_id key, salt, machine; /* salt: of kept keys */
    char month[8], class[MUD_KEY_CLASS];
    uint8_t wrapped[MUD_KEY_WRAPPED];
};

/* Of row r: key, salt, machine, month, class, wrapped. False: it is damaged. */
bool mud_key_file_of(struct mud_key_file *out, const struct mud_rows *rows,
                     size_t r);
/* Machine keys from their files, if they were not read yet. */
MUD_MUST bool mud_keys_look(struct mud_keys *keys, struct mud_error *err);
void mud_key_wrap(struct mud_key_file *file, const struct mud_machine *machine,
                  const uint8_t key[MUD_FRAME_KEY]);
/* MUD_EDENIED: no machine key that opens it. MUD_ECORRUPT. */
MUD_MUST bool mud_key_unwrap(uint8_t key[MUD_FRAME_KEY],
                             const struct mud_keys *keys,
                             const struct mud_key_file *file,
                             struct mud_error *err);
/* suffix: "key" or "kept". MUD_EMISSING, MUD_ECORRUPT. */
MUD_MUST bool mud_key_file_read(struct mud_key_file *out,
                                const struct mud_keys *keys, struct mud_id name,
                                const char *suffix, struct mud_error *err);
MUD_MUST bool mud_key_file_write(const struct mud_keys *keys,
                                 const struct mud_key_file *file,
                                 const char *suffix, struct mud_error *err);
/* Overwrite, sync, unlink. A missing file is fine. */
MUD_MUST bool mud_key_file_wipe(const struct mud_keys *keys, struct mud_id name,
                                const char *suffix, struct mud_error *err);
MUD_MUST bool mud_key_file_put(const char *path, struct mud_str text,
                               struct mud_error *err);
/* A data key by its id, opened; kept in memory. */
MUD_MUST bool mud_keys_data(const struct mud_data_key **out,
                            struct mud_keys *keys, struct mud_id id,
                            struct mud_error *err);

#endif
