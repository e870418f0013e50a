/*
 * The analysts' book of terms: a table in Postgres with its history, and the
 * mirror of what is in use, MUDLARK_HOME/lexicon.tsv, which every reader of
 * texts takes. A change is made in one transaction under the table's lock:
 * checked by making a reader of it, recorded with who, when and why, its mirror
 * text remembered by digest; then the mirror is written, under the same lock.
 *
 * So the mirror is always one of: the text of today; a text of before (a
 * process was killed, or another host made the change), which is written anew
 * without asking; or a text that never was, changed by hand, which is never
 * overwritten unasked.
 */
#ifndef MUD_GRAPH_LEXBOOK_H
#define MUD_GRAPH_LEXBOOK_H

#include "base/json.h"
#include "base/time.h"
#include "nlp/reading.h"
#include "store/pg.h"

struct mud_lexrow {
    struct mud_str folded, kind, sense; /* with off: the key */
    bool off; /* switches built-in rows off instead of adding one */
    struct mud_str term, category, flags, since, source, note;
    int64_t weight;
    bool active;
    int64_t added, changed; /* us */
    struct mud_str added_by, changed_by, reason;
};

/* All rows, as the mirror orders them; texts in arena. */
MUD_MUST bool mud_lexbook_rows(struct mud_lexrow **out, size_t *n,
                               struct mud_pg *pg, struct mud_arena *arena,
                               struct mud_error *err);

/* The mirror's text of these rows: a table of nlp/lexicon.h. */
void mud_lexbook_tsv(struct mud_buf *out, const struct mud_lexrow *rows,
                     size_t n);

/* One row as JSON members (term kind sense category weight flags since source
 * note off state) of an open object. */
void mud_lexbook_json(struct mud_json *json, const struct mud_lexrow *row);

enum mud_lexbook_do {
    MUD_LEXBOOK_PUT = 0, /* add, or change what is there */
    MUD_LEXBOOK_DISABLE,
    MUD_LEXBOOK_ENABLE,
    MUD_LEXBOOK_REMOVE
};

struct mud_lexbook_edit {
    enum mud_lexbook_do what;
    struct mud_lexrow
        row; /* PUT: all but the times and persons; the key else */
};

struct mud_lexbook_by {
    const char *home, *who;
    struct mud_str reason; /* may be empty */
    const char *action; /* of the history for PUT: "import", "accept"; NULL */
    /* The mirror as changed by hand is what the edits come from. */
    bool from_mirror;
};

struct mud_lexbook_done {
    int64_t added, changed, removed, same; /* entries */
    bool mirrored; /* lexicon.tsv was written; false: it was so already */
};

/*
 * All edits or none. Edits of what is as wished already count as same and leave
 * no trace. MUD_EDENIED when the mirror was changed by hand, MUD_EMISSING when
 * an entry to be disabled, enabled or removed is not there, MUD_EINPUT when no
 * reader would take the result (err names row and reason).
 */
MUD_MUST bool mud_lexbook_edit(struct mud_lexbook_done *done, struct mud_pg *pg,
                               const struct mud_lexbook_edit *edits, size_t n,
                               const struct mud_lexbook_by *by,
                               struct mud_error *err);

/* Remember that a term was proposed and refused: not to be proposed again. */
MUD_MUST bool mud_lexbook_refuse(struct mud_pg *pg, struct mud_str term,
                                 struct mud_str folded, const char *who,
                                 struct mud_str reason, struct mud_error *err);

/* What was done to a term, in order: action, at, by, reason, was, becomes (JSON
 * or NULL). Free with mud_rows_free. */
MUD_MUST bool mud_lexbook_history(struct mud_rows **out, struct mud_pg *pg,
                                  struct mud_str folded, struct mud_error *err);

enum mud_lexbook_state {
    MUD_LEXBOOK_SAME = 0, /* the mirror is the table's */
    MUD_LEXBOOK_OLD,      /* missing, or one of before */
    MUD_LEXBOOK_HAND      /* changed by hand, or never ours */
};

MUD_MUST bool mud_lexbook_mirror(enum mud_lexbook_state *out, struct mud_pg *pg,
                                 const char *home, struct mud_error *err);

/*
 * Bring the mirror up to date. A mirror changed by hand stays and *state says
 * so, unless anyway: then it is kept beside as lexicon.tsv.old. *written (may be
 * NULL): the file was written.
 */
MUD_MUST bool mud_lexbook_sync(enum mud_lexbook_state *state, bool *written,
                               struct mud_pg *pg, const char *home, bool anyway,
                               struct mud_error *err);

#endif
