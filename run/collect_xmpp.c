#include "run/collect_xmpp.h"

#include "base/hash.h"
#include "base/log.h"
#include "run/health.h"
#include "run/xmpp_inside.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ROUND_TRIES = 2,    /* connections of a round that ends */
    BACKOFF_MAX_S = 60, /* between those of one that does not */
    POLL_S = 30,        /* archives of rooms that are not entered */
    PING_S = 60,
    DEAD_S = 150, /* nothing at all was heard */
    ABSENT_S = 5, /* until a room that was not there is looked for again, */
    ABSENT_MAX_S = 300, /* doubled each time up to this */
    CHECK_S = 60,       /* is the source still to be read? */
    SETTLE_S = 5        /* what a room tells at first */
};

/* ---- shared by the parts ---- */

bool mud_xmpp_enough(const struct mud_xmpp_watch *w)
{
    const struct mud_crawl_options *o = w->options;

    return (o->stop && *o->stop) || (o->max_pages && w->pages >= o->max_pages);
}

struct mud_xmpp_room *mud_xmpp_room_of(const struct mud_xmpp_watch *w,
                                       struct mud_str jid)
{
    for (size_t i = 0; i < w->n_rooms; i++)
        if (mud_str_ieq(w->rooms[i].jid, jid))
            return &w->rooms[i];
    return NULL;
}

static bool spend(struct mud_xmpp_watch *w)
{
    w->left_bytes -= mud_xmpp_bytes(w->xmpp);
    return !w->source->day_bytes || w->left_bytes > 0 ||
           mud_fail(w->err,
                    MUD_EDENIED,
                    "source %.*s: the bytes of this day are spent",
                    MUD_FMT(w->source->name));
}

bool mud_xmpp_pump(struct mud_xmpp_watch *w, int64_t us, bool answer)
{
    int64_t end = mud_monotonic() + us, left;
    struct mud_xmpp_in in;

    do {
        left = end - mud_monotonic();
        int wait = left > 0 ? (int)(left / 1000) + 1 : 0;

        if (!mud_xmpp_next(&in, w->xmpp, wait, w->err) || !spend(w))
            return false;
        if (!in.raw.n && !in.too_large)
            break;
        if (!mud_xmpp_stanza(w, &in))
            return false;
        if (answer && w->asking.done)
            break;
    } while (left > 0 && !mud_xmpp_enough(w));
    return true;
}

/* ---- a connection ---- */

static bool wants_in(const struct mud_xmpp_watch *w,
                     const struct mud_xmpp_room *room)
{
    if (room->given_up || room->place != MUD_ROOM_OUTSIDE)
        return false;
    return mud_str_eqz(w->source->join, "always") ||
           (mud_str_eqz(w->source->join, "needed") &&
            room->archive == MUD_ARCHIVE_SHUT);
}

/* *any: into one at least. */
static bool go_in_all(struct mud_xmpp_watch *w, bool *any)
{
    *any = false;
    for (size_t i = 0; i < w->n_rooms && !mud_xmpp_enough(w); i++) {
        struct mud_xmpp_room *room = &w->rooms[i];

        if (!wants_in(w, room))
            continue;
        if (!mud_xmpp_go_in(w, room))
            return false;
        /* Some archives are open to who is in. */
        if (room->place == MUD_ROOM_INSIDE)
            room->archive = MUD_ARCHIVE_UNKNOWN;
        *any |= room->place == MUD_ROOM_INSIDE;
    }
    return true;
}

/* A room that tells us nothing is said, with what would help. */
static void say_shut(struct mud_xmpp_watch *w)
{
    for (size_t i = 0; i < w->n_rooms; i++) {
        struct mud_xmpp_room *room = &w->rooms[i];

        if (!room->given_up && room->archive == MUD_ARCHIVE_SHUT &&
            room->place == MUD_ROOM_OUTSIDE) {
            room->given_up = true;
            mud_xmpp_room_skip(w, room, "join-needed");
        }
    }
}

/* What rooms tell who comes in: history, and their subject at the end. */
static bool settle(struct mud_xmpp_watch *w)
{
    int64_t end = mud_monotonic() + SETTLE_S * MUD_SECOND;
    bool waiting = true;

    while (waiting && mud_monotonic() < end && !mud_xmpp_enough(w)) {
        waiting = false;
        for (size_t i = 0; i < w->n_rooms; i++)
            waiting |=
                w->rooms[i].place == MUD_ROOM_INSIDE && !w->rooms[i].settled;
        if (waiting && !mud_xmpp_pump(w, MUD_SECOND / 5, false))
            return false;
    }
    return true;
}

static bool keep_alive(struct mud_xmpp_watch *w)
{
    int64_t now = mud_now(), silent = now - mud_xmpp_heard(w->xmpp);

    if (silent > DEAD_S * MUD_SECOND)
        return mud_fail(w->err, MUD_ENET, "the server is silent");
    if (silent < PING_S * MUD_SECOND || now - w->pinged < PING_S * MUD_SECOND)
        return true;
    w->pinged = now;
    return mud_xmpp_ping(w->xmpp, "ping", w->err);
}

/* The database went away: what is heard waits in the spool. */
static bool outlasts(struct mud_xmpp_watch *w)
{
    return mud_outlast(&w->db, w->source, w->options, w->err);
}

/* Paused, expired, outside its hours: then it is enough. */
static bool still_wanted(struct mud_xmpp_watch *w, bool *wanted)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_source now;
    struct mud_error why = {0};
    int64_t at = mud_now();

    w->checked = at;
    bool good =
        mud_source_load(&now, w->worker->pg, w->source->name, arena, w->err);
    *wanted = !good || (mud_source_allowed(&now, at, &why) &&
                        mud_source_opens(&now, at) <= at);
    mud_arena_free(arena);
    return good || outlasts(w);
}

/* The same, now and then; and the database is looked for where it is away. */
static bool goes_on(struct mud_xmpp_watch *w, bool *wanted)
{
    *wanted = true;
    if (!mud_outlast_find(wanted, &w->db, w->worker, w->source, w->err))
        return false;
    return !*wanted || w->db.away ||
           mud_now() - w->checked < CHECK_S * MUD_SECOND ||
           still_wanted(w, wanted);
}

static void progress(const struct mud_xmpp_watch *w)
{
    if (w->options->progress)
        w->options->progress(w->report->captures, 0, w->options->payload);
}

static bool flush(struct mud_xmpp_watch *w, bool all)
{
    if (!mud_xmpp_flush(w, all))
        return false;
    progress(w);
    return true;
}

static int64_t absent_for(const struct mud_xmpp_room *room)
{
    int64_t s = ABSENT_S;

    for (unsigned i = 1; i < room->absences && s < ABSENT_MAX_S; i++)
        s *= 2;
    return (s < ABSENT_MAX_S ? s : ABSENT_MAX_S) * MUD_SECOND;
}

/* Rooms that were not there: a server may have lost them for a while only, and a
 * room that is not kept is gone whenever the last one leaves it. True when one is
 * to be looked for. */
static bool look_again(struct mud_xmpp_watch *w)
{
    int64_t now = mud_monotonic();
    bool any = false;

    for (size_t i = 0; i < w->n_rooms; i++) {
        struct mud_xmpp_room *room = &w->rooms[i];

        if (!room->absent || now - room->absent < absent_for(room))
            continue;
        room->absent = 0;
        room->given_up = false;
        room->place = MUD_ROOM_OUTSIDE;
        room->archive = MUD_ARCHIVE_UNKNOWN;
        any = true;
    }
    return any;
}

/* What came in is told while it goes on: a round here may last for months. */
static bool tell(struct mud_xmpp_watch *w)
{
    if (!w->options->live || w->db.away)
        return true;
    if (!mud_health_note(w->worker->pg, w->source, w->report, w->err))
        return outlasts(w);
    *w->report = (struct mud_report){0};
    return true;
}

/* As it comes, until told to stop. */
static bool listen_on(struct mud_xmpp_watch *w)
{
    int64_t polled = mud_monotonic();
    bool wanted = true, any;

    while (wanted && !mud_xmpp_enough(w)) {
        if (!mud_xmpp_pump(w, MUD_SECOND, false) || !keep_alive(w))
            return false;
        /* in quiet rooms, too: it is how a worker shows it lives */
        progress(w);
        if (look_again(w) || mud_monotonic() - polled >= POLL_S * MUD_SECOND) {
            polled = mud_monotonic();
            if (!go_in_all(w, &any) || !mud_xmpp_catch_up(w) || !tell(w))
                return false;
        }
        if ((mud_spool_due(w->spool) ||
             mud_now() - w->said >= 3600 * MUD_SECOND) &&
            (!flush(w, false) || !tell(w)))
            return false;
        if (!goes_on(w, &wanted))
            return false;
    }
    return true;
}

static bool leave_all(struct mud_xmpp_watch *w)
{
    for (size_t i = 0; i < w->n_rooms; i++)
        if (w->rooms[i].place == MUD_ROOM_INSIDE &&
            !mud_xmpp_leave(
                w->xmpp, w->rooms[i].jid, mud_str_z(w->rooms[i].nick), w->err))
            return false;
    return true;
}

/* To health, while the round goes on: it stands (NULL), or why it does not. */
static bool say_connected(struct mud_xmpp_watch *w, const struct mud_error *why)
{
    if (!w->options->live || w->db.away)
        return true;
    if (!mud_health_broken(w->worker->pg, w->source, why, w->err))
        return outlasts(w);
    return tell(w);
}

/* Connected, from the first question to the end. */
static bool session(struct mud_xmpp_watch *w)
{
    bool any;

    for (size_t i = 0; i < w->n_rooms; i++) {
        if (w->rooms[i].place != MUD_ROOM_LOST)
            w->rooms[i].place = MUD_ROOM_OUTSIDE;
        w->rooms[i].caught_up = false;
        w->rooms[i].archive = MUD_ARCHIVE_UNKNOWN;
    }
    if (mud_str_eqz(w->source->join, "always") && !go_in_all(w, &any))
        return false;
    if (!mud_xmpp_catch_up(w) || !go_in_all(w, &any) ||
        (any && !mud_xmpp_catch_up(w)))
        return false;
    say_shut(w);
    if (!settle(w) || !flush(w, false))
        return false;
    return !w->options->live || (say_connected(w, NULL) && listen_on(w));
}

/* ---- the round ---- */

static bool is_the_network(const struct mud_error *err)
{
    return err->code == MUD_ENET;
}

/* What was heard is sealed, whatever became of the connection; what failed
 * before stays in err. */
static bool hang_up(struct mud_xmpp_watch *w, bool polite)
{
    struct mud_error late = {0};
    struct mud_error *err = w->err;

    w->err = &late;
    bool good = mud_xmpp_flush(w, true);
    if (!good && err->code == MUD_OK)
        *err = late;
    mud_error_clear(&late);
    if (polite && !leave_all(w))
        mud_error_clear(&late);
    w->err = err;
    mud_xmpp_close(w->xmpp);
    w->xmpp = NULL;
    return good;
}

/* Wrong names and passwords are not tried again: accounts get locked. */
static bool refuse(struct mud_xmpp_watch *w)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str note =
        mud_str_printf(arena,
                       "%s; put it right in its secrets, then: mudlark "
                       "source resume %.*s",
                       w->err->text,
                       MUD_FMT(w->source->name));

    mud_report_skip(w->report, "login-refused", w->source->url);
    mud_error_clear(w->err);
    bool good = mud_source_set_state(w->worker->pg,
                                     w->source->name,
                                     MUD_STR("stopped"),
                                     note,
                                     MUD_STR("mudlark"),
                                     w->err);
    mud_arena_free(arena);
    return good;
}

/* *wanted: connect again after it. */
static bool wait_a_while(struct mud_xmpp_watch *w, int tries, bool *wanted)
{
    int64_t s = tries < 6 ? (int64_t)1 << tries : BACKOFF_MAX_S;
    uint32_t jitter;

    mud_random(&jitter, sizeof jitter);
    s = s < BACKOFF_MAX_S ? s : BACKOFF_MAX_S;
    int64_t end = mud_monotonic() + s * MUD_SECOND + jitter % MUD_SECOND;
    *wanted = true;
    while (*wanted && mud_monotonic() < end && !mud_xmpp_enough(w)) {
        usleep(100000);
        progress(w);
        if (!goes_on(w, wanted))
            return false;
    }
    return true;
}

/* One connection; *again: it was cut off and may be tried once more. */
static bool connect_once(struct mud_xmpp_watch *w, bool *again, bool *worked)
{
    bool refused = false;

    *again = *worked = false;
    if (!mud_xmpp_open(&w->xmpp, &w->to, &refused, w->err)) {
        w->xmpp = NULL;
        if (refused)
            return refuse(w);
        *again = is_the_network(w->err);
        return *again || w->err->code == MUD_EAGAIN;
    }
    *worked = true;
    if (session(w))
        return hang_up(w, true);
    *again = is_the_network(w->err);
    return hang_up(w, false) && *again;
}

/* No connection, or none any more: said at once, not when it is over. */
static bool say_broken(struct mud_xmpp_watch *w)
{
    struct mud_error why = *w->err;

    mud_error_clear(w->err);
    mud_log_event(
        MUD_LOG_WARN, w->source->name, "broken", NULL, 0, mud_str_z(why.text));
    mud_report_skip(w->report, "network", mud_str_z(why.text));
    return say_connected(w, &why);
}

static bool go_round(struct mud_xmpp_watch *w)
{
    bool again = true, worked;

    for (int tries = 0; again && !mud_xmpp_enough(w); tries++) {
        if (!connect_once(w, &again, &worked))
            return false;
        if (!again)
            break;
        if (!say_broken(w))
            return false;
        tries = worked && w->options->live ? 0 : tries;
        if (!w->options->live && tries + 1 >= ROUND_TRIES)
            break;
        if (!wait_a_while(w, tries, &again))
            return false;
    }
    mud_error_clear(w->err);
    return true;
}

/* ---- what it needs ---- */

static bool add_rooms(struct mud_xmpp_watch *w)
{
    w->rooms = mud_arena_array(w->arena, w->source->n_rooms, sizeof *w->rooms);
    for (size_t i = 0; i < w->source->n_rooms; i++) {
        struct mud_str jid = mud_str_lower(w->source->rooms[i], w->arena);
        struct mud_xmpp_room *room = &w->rooms[w->n_rooms];

        if (!mud_jid_local(jid).n || !mud_jid_host(jid).n ||
            mud_jid_resource(jid).n || jid.n > MUD_XMPP_ROOM_MAX ||
            mud_xmpp_room_of(w, jid)) {
            mud_report_skip(w->report, "bad-room", jid);
            continue;
        }
        *room = (struct mud_xmpp_room){.jid = jid};
        room->fin.max = (size_t)64 << 10;
        w->n_rooms++;
        if (!mud_xmpp_cursor_load(w, room))
            return false;
    }
    return true;
}

static void clear(struct mud_xmpp_watch *w)
{
    mud_xmpp_close(w->xmpp);
    mud_spool_free(w->spool);
    for (size_t i = 0; i < w->n_rooms; i++) {
        mud_buf_free(&w->rooms[i].fin);
        mud_xmpp_lines_free(&w->rooms[i].memory);
    }
    mud_arena_free(w->arena);
}

bool mud_collect_xmpp(struct mud_report *report, struct mud_worker *worker,
                      const struct mud_source *source,
                      const struct mud_crawl_options *options,
                      struct mud_error *err)
{
    struct mud_error own = {0};
    struct mud_secret *secret = NULL, *way = NULL;
    struct mud_xmpp_watch w = {.report = report,
                               .worker = worker,
                               .source = source,
                               .options = options,
                               .arena = mud_arena_new(),
                               .said = mud_now(),
                               .checked = mud_now(),
                               .err = &own};
    bool good =
        mud_xmpp_prepare(&w, &secret, &way) &&
        mud_spool_open(
            &w.spool, worker, source, "application/xmpp", report, &own) &&
        add_rooms(&w) && go_round(&w) && mud_outlast_end(&w.db, source, &own);

    clear(&w);
    mud_secret_free(way);
    mud_secret_free(secret);
    return good || mud_fail(err, own.code, "%s", own.text);
}
