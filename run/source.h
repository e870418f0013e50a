/*
 * Sources: what may be watched, why, until when and how far. Each has a legal
 * basis, a scope and an expiry; outside them nothing is fetched. Credentials
 * are never stored here: a proxy's come from the environment.
 */
#ifndef MUD_RUN_SOURCE_H
#define MUD_RUN_SOURCE_H

#include "base/time.h"
#include "fetch/policy.h"
#include "store/pg.h"

struct mud_source {
    int32_t id;
    struct mud_str name, kind, url; /* kind: see mud_source_add */
    struct mud_str legal_basis, zone;
    struct mud_str state, state_note; /* active, paused, stopped */
    int64_t expires;                  /* us: nothing is fetched from then on */
    int64_t waits;                    /* us: its site is left alone until then
                                         (run/wall.h); 0 */
    int64_t created;
    struct mud_str created_by;
    const struct mud_str *hosts, *paths; /* scope; paths empty: all */
    size_t n_hosts, n_paths;
    int64_t delay_ms, parallel, page_bytes, day_bytes;
    int64_t page_s;    /* longest request; 0: a minute */
    int64_t day_pages; /* most pages of a UTC day; 0 in a new one: by
                                      its kind, for those that are fetched */
    int64_t round_s;   /* longest round; 0: no limit */
    const struct mud_str *headers; /* "Name: value", sent with each request */
    size_t n_headers;
    struct mud_str proxy, user_agent;
    bool allow_private;
    bool media;           /* images of its posts may be taken and opened */
    bool any_certificate; /* TLS as old and as unknown as it may be */
    const struct mud_str *rooms; /* rooms, channels, chats that are read */
    size_t n_rooms;
    struct mud_str account; /* whose secrets it uses (secret.h); may be empty */
    struct mud_str robots;  /* ignore (also when empty), note or obey */
    struct mud_str folder;  /* of kind folder: where files are dropped */
    int64_t every_s;        /* between rounds; 0: as `up` says */
    /* Error budget (health.h); 0 in a new one: 50 %, 24 h, 20 requests. */
    int64_t error_share, error_hours, error_least;
    struct mud_str hours;   /* of its zone, when it is fetched (hours.h) */
    struct mud_str charset; /* of lines that are no UTF-8; empty: gb18030 */
    bool rejoin;            /* enter a room again that we were kicked from */
    struct mud_str join;    /* of kind xmpp, rooms are entered: never (also when
                             empty), needed (no archive) or always */
    bool plain; /* of kind xmpp: without TLS, on this machine only */
};

/*
 * Kinds: forum; telegram (public channels by t.me/s), botapi, matrix, xmpp, irc,
 * feed (RSS, Atom) and folder (exports dropped there) are collected from by
 * themselves; chat and import take files by hand.
 *
 * Check and store a new source (id, state and created are set here). The host
 * of url is added to the scope. MUD_EUSAGE names what is missing or malformed;
 * MUD_EDENIED when url is outside the scope given.
 */
MUD_MUST bool mud_source_add(struct mud_source *source, struct mud_pg *pg,
                             struct mud_arena *arena, struct mud_error *err);

/* MUD_EMISSING when there is no source of that name. */
MUD_MUST bool mud_source_load(struct mud_source *out, struct mud_pg *pg,
                              struct mud_str name, struct mud_arena *arena,
                              struct mud_error *err);
/* All, by name. */
MUD_MUST bool mud_source_list(struct mud_source **out, size_t *n,
                              struct mud_pg *pg, struct mud_arena *arena,
                              struct mud_error *err);
/* state: active, paused or stopped; note says why (may be empty). A change is
 * recorded under who: a person, or "mudlark" by itself. What is active again
 * waits for nothing. */
MUD_MUST bool mud_source_set_state(struct mud_pg *pg, struct mud_str name,
                                   struct mud_str state, struct mud_str note,
                                   struct mud_str who, struct mud_error *err);
/* MUD_EDENIED when the source holds captures. */
MUD_MUST bool mud_source_remove(struct mud_pg *pg, struct mud_str name,
                                struct mud_error *err);

/*
 * Change the source (by id) to what it says now: url, basis, expiry, zone,
 * state, scope and options. Each difference is recorded under who, with note;
 * *n counts them. Fails as mud_source_add.
 */
MUD_MUST bool mud_source_set(size_t *n, struct mud_source *source,
                             struct mud_str who, struct mud_str note,
                             struct mud_pg *pg, struct mud_arena *arena,
                             struct mud_error *err);

struct mud_source_change {
    int64_t at; /* us */
    struct mud_str by, field, was, becomes, note;
};

/* The last `most` changes, newest first. */
MUD_MUST bool mud_source_changes(struct mud_source_change **out, size_t *n,
                                 struct mud_pg *pg,
                                 const struct mud_source *source, size_t most,
                                 struct mud_arena *arena,
                                 struct mud_error *err);

/* Wire bytes that were fetched of it on this day (UTC). */
MUD_MUST bool mud_source_spent(int64_t *bytes, struct mud_pg *pg,
                               const struct mud_source *source,
                               struct mud_error *err);

/* And pages. */
MUD_MUST bool mud_source_spent_pages(int64_t *pages, struct mud_pg *pg,
                                     const struct mud_source *source,
                                     struct mud_error *err);

/* What a fetcher may do for the source, which spent so many bytes today. Points
 * into source. */
struct mud_policy mud_source_policy(const struct mud_source *source,
                                    int64_t spent);

/* May be fetched now: active, basis there, not expired; else MUD_EDENIED with
 * the reason. */
MUD_MUST bool mud_source_allowed(const struct mud_source *source, int64_t now,
                                 struct mud_error *err);

/* When it may be fetched next: now, when its hours are open (or it has none) and
 * its site is not being left alone. Files that are handed over have no hours. */
int64_t mud_source_opens(const struct mud_source *source, int64_t now);

#endif
