#include "run/collect_irc.h"

#include "base/log.h"
#include "run/health.h"
#include "run/irc_listener.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {          /* seconds */
    LINGER = 5, /* of a round, after all was read */
    TERMS_EVERY = 60,
    TELL_EVERY = 10,
    QUIET_SEAL = 600,
    ROUND_SEAL = 30,
    OVERLAP = 60,     /* of history with what was heard: clocks differ */
    STEADY_FOR = 600, /* a connection that long was a good one */
    BACK_OFF = 3,     /* then doubled */
    BACK_OFF_MOST = 900
};

#define GOODBYE_LINES 100

enum ending {   /* of a connection */
    END_TOLD,   /* stopped, or the round is over, or the terms changed */
    END_LOST,   /* why says how; another one may go better */
    END_CLOSED, /* why says why none would */
    END_FAILED  /* ours: l->err */
};

static bool told_to_stop(const struct mud_irc_listener *l)
{
    return l->options->stop && *l->options->stop;
}

/* ---- the terms, again and again ---- */

static bool same_texts(const struct mud_str *a, size_t n_a,
                       const struct mud_str *b, size_t n_b)
{
    bool same = n_a == n_b;

    for (size_t i = 0; same && i < n_a; i++)
        same = mud_str_eq(a[i], b[i]);
    return same;
}

static bool same_terms(const struct mud_source *a, const struct mud_source *b)
{
    return mud_str_eq(a->url, b->url) && mud_str_eq(a->proxy, b->proxy) &&
           mud_str_eq(a->account, b->account) &&
           mud_str_eq(a->charset, b->charset) && a->rejoin == b->rejoin &&
           a->allow_private == b->allow_private &&
           same_texts(a->rooms, a->n_rooms, b->rooms, b->n_rooms) &&
           same_texts(a->hosts, a->n_hosts, b->hosts, b->n_hosts);
}

/* *on false: paused, expired, closed for the night, over its bytes, or not the
 * source it was; the next round begins with what it says then. */
static bool look_at_terms(struct mud_irc_listener *l, bool *on)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_source now;
    struct mud_error why = {0};
    int64_t spent, at = mud_now();
    bool anew;
    bool good =
        mud_source_load(&now, l->worker->pg, l->source->name, arena, l->err) &&
        mud_source_spent(&spent, l->worker->pg, l->source, l->err);

    if (good) {
        bool over = now.day_bytes &&
                    spent + (int64_t)mud_spool_size(l->spool) >= now.day_bytes;
        *on = mud_source_allowed(&now, at, &why) &&
              mud_source_opens(&now, at) <= at && same_terms(&now, l->source) &&
              !over;
        if (over)
            mud_report_skip(l->report, "refused: budget", l->source->url);
        l->spent = spent;
    }
    l->looked = at;
    mud_arena_free(arena);
    return good && mud_worker_refresh(l->worker, &anew, l->err);
}

/* ---- what happens on the connection ---- */

static void on_say(struct mud_str line, struct mud_str shown, void *payload)
{
    struct mud_irc_listener *l = payload;

    mud_irc_record_line(&l->record, '>', shown);
    if (!l->is_broken && !mud_wire_write(l->lines->wire, line, &l->broken))
        l->is_broken = true;
}

static void on_event(const struct mud_irc_event *event, void *payload)
{
    struct mud_irc_listener *l = payload;
    struct mud_irc_record *r = &l->record;
    char example[200];

    snprintf(example,
             sizeof example,
             "%.*s%s%.*s",
             MUD_FMT(mud_str_sub(event->room, 0, 80)),
             event->room.n && event->text.n ? ": " : "",
             MUD_FMT(mud_str_sub(event->text, 0, 100)));
    switch (event->what) {
    case MUD_IRC_READY:
    case MUD_IRC_NICK_NOW:
        snprintf(r->nick, sizeof r->nick, "%.*s", MUD_FMT(event->text));
        mud_irc_record_note(r, "nick %s", r->nick);
        break;
    case MUD_IRC_NETWORK:
        snprintf(r->network, sizeof r->network, "%.*s", MUD_FMT(event->text));
        mud_irc_record_note(r, "network %s", r->network);
        break;
    case MUD_IRC_IN:
        mud_irc_record_in(r, event->room);
        break;
    case MUD_IRC_OUT:
        mud_irc_record_out(r, event->room, event->text);
        mud_report_skip(l->report, "room-left", mud_str_z(example));
        break;
    case MUD_IRC_REFUSED:
        mud_report_skip(l->report, "room-closed", mud_str_z(example));
        break;
    case MUD_IRC_FILLED:
        mud_irc_record_filled(r, event->room, event->from, event->until);
        break;
    case MUD_IRC_UNASKED:
        mud_report_skip(l->report, "room-not-approved", mud_str_z(example));
        break;
    case MUD_IRC_ODD:
        mud_report_skip(l->report, "irc-note", mud_str_z(example));
        break;
    }
}

/* What came in is told while it goes on: a round here may last for months. */
static bool tell(struct mud_irc_listener *l)
{
    l->told = mud_now();
    if (l->options->progress)
        l->options->progress(l->report->captures, 0, l->options->payload);
    if (!l->options->live || l->db.away)
        return true;
    if (!mud_health_note(l->worker->pg, l->source, l->report, l->err))
        return false;
    *l->report = (struct mud_report){0};
    return true;
}

/* A room whose history is not read yet goes on from where it was before. */
static void note_waiting(struct mud_irc_listener *l)
{
    for (size_t i = 0; l->irc && i < l->source->n_rooms; i++)
        l->record.rooms[i].waits = mud_irc_waits(l->irc, i);
}

/* The database went away: what is heard waits in the spool. */
static bool outlasts(struct mud_irc_listener *l)
{
    return mud_outlast(&l->db, l->source, l->options, l->err);
}

/* Seal what there is, read it, and remember until when rooms were heard. */
static bool seal_now(struct mud_irc_listener *l)
{
    char until[MUD_TIME_TEXT];

    note_waiting(l);
    if (!mud_spool_seal(l->spool, l->err))
        return false;
    l->record.worth = false;
    for (size_t i = 0; i < l->source->n_rooms; i++) {
        int64_t at = mud_irc_record_until(&l->record, i);

        if (at && !mud_cursor_put(l->worker->pg,
                                  l->source,
                                  mud_irc_place(l, i),
                                  mud_str_z(mud_time_text(until, at, true)),
                                  l->err))
            return false;
    }
    return tell(l);
}

static bool seal(struct mud_irc_listener *l)
{
    return l->db.away || seal_now(l) || outlasts(l);
}

static bool has_password(const struct mud_irc_listener *l)
{
    const struct mud_irc_options *o = &l->irc_options;

    return o->server_password.n || o->sasl_password.n || o->nickserv_password.n;
}

/* Connected, in clear or by TLS; passwords go over no wire in clear. */
static bool open_wire(struct mud_irc_listener *l, struct mud_wire **wire,
                      struct mud_error *why)
{
    struct mud_buf facts = {0};
    bool onion = mud_str_ends(l->to.host, MUD_STR(".onion"));

    if (!mud_wire_open(wire, &l->to, why))
        return false;
    bool good = !l->tls || mud_wire_secure(*wire, l->to.host, why);
    if (good && !l->tls && has_password(l) && !onion &&
        !mud_wire_is_local(*wire))
        good = mud_fail(why,
                        MUD_EUSAGE,
                        "passwords are not sent in clear: use ircs:// for "
                        "source %.*s",
                        MUD_FMT(l->source->name));
    if (!good) {
        mud_wire_close(*wire);
        *wire = NULL;
        return false;
    }
    mud_buf_z(&facts, "connected ");
    mud_wire_describe(&facts, *wire); /* with its chain longer than a note */
    mud_irc_record_line(&l->record, '=', mud_buf_view(&facts));
    mud_buf_free(&facts);
    return true;
}

/* One line, or none within half a second. */
static bool step(struct mud_irc_listener *l, bool *quiet, struct mud_error *why)
{
    struct mud_str line;
    bool any;
    int64_t at;

    *quiet = false;
    if (!mud_wire_line(&line, &any, l->lines, MUD_IRC_LINE_MAX, 500, why))
        return false;
    if (!any) {
        *quiet = true;
        return true;
    }
    if (mud_irc_approved(l->irc, line)) {
        at = mud_irc_record_line(&l->record, '<', line);
    } else {
        mud_report_skip(l->report, "room-not-approved", l->source->url);
        at = mud_now(); /* and not a word of it is kept */
    }
    return mud_irc_hear(l->irc, line, at, why);
}

static enum ending ending_of(const struct mud_error *why)
{
    return why->code == MUD_EDENIED ? END_CLOSED : END_LOST;
}

/* As it may be, between two looks at the terms. */
static bool is_over_budget(const struct mud_irc_listener *l)
{
    return l->source->day_bytes &&
           l->spent + (int64_t)mud_spool_size(l->spool) >= l->source->day_bytes;
}

/* Greetings between servers alone are sealed less often; what a round that ends
 * hears, at its end. */
static bool is_worth_it(const struct mud_irc_listener *l)
{
    if (!l->options->live)
        return mud_spool_size(l->spool) >= MUD_SPOOL_BYTES ||
               mud_now() - mud_spool_since(l->spool) > ROUND_SEAL * MUD_SECOND;
    return l->record.worth || mud_spool_size(l->spool) >= MUD_SPOOL_BYTES ||
           mud_now() - mud_spool_since(l->spool) > QUIET_SEAL * MUD_SECOND;
}

/* Sealing, terms, health; *on false: the connection is to be left. */
static bool ask_database(struct mud_irc_listener *l, bool *on)
{
    bool sealed = mud_spool_due(l->spool) && is_worth_it(l);
    if (sealed && !seal_now(l))
        return false;
    if ((sealed || is_over_budget(l) ||
         mud_now() - l->looked > TERMS_EVERY * MUD_SECOND) &&
        !look_at_terms(l, on))
        return false;
    return mud_now() - l->told < TELL_EVERY * MUD_SECOND || tell(l);
}

/* Anything that is due beside reading; *over: the connection is to be left. */
static bool chores(struct mud_irc_listener *l, bool *over)
{
    bool on = true;

    *over = false;
    if (l->record.failed) {
        *l->err = l->record.err;
        return false;
    }
    if (!mud_outlast_find(&on, &l->db, l->worker, l->source, l->err) ||
        (on && !l->db.away && !ask_database(l, &on) && !outlasts(l)))
        return false;
    *over = !on || told_to_stop(l);
    return true;
}

static bool say_settled(struct mud_irc_listener *l)
{
    return !l->options->live || l->db.away ||
           mud_health_broken(l->worker->pg, l->source, NULL, l->err) ||
           outlasts(l);
}

static enum ending talk(struct mud_irc_listener *l, struct mud_error *why)
{
    int64_t ticked = 0, settled = 0;
    bool quiet, over;

    mud_irc_begin(l->irc, mud_now());
    for (;;) {
        if (!step(l, &quiet, why))
            return ending_of(why);
        int64_t now = mud_now();
        if (quiet || now - ticked > MUD_SECOND / 2 || now < ticked ||
            mud_spool_due(l->spool) || is_over_budget(l)) {
            ticked = now;
            if (!mud_irc_tick(l->irc, now, why))
                return ending_of(why);
            if (!chores(l, &over))
                return END_FAILED;
            if (over)
                return END_TOLD;
        }
        if (l->is_broken) {
            *why = l->broken;
            return END_LOST;
        }
        if (!settled && mud_irc_settled(l->irc) && !say_settled(l))
            return END_FAILED;
        settled = !mud_irc_settled(l->irc) ? 0 : settled ? settled : now;
        if (!l->options->live && settled && now - settled > LINGER * MUD_SECOND)
            return END_TOLD;
    }
}

/* What the server says to a goodbye is heard for a moment. */
static void say_goodbye(struct mud_irc_listener *l)
{
    struct mud_error ignored = {0};
    int64_t until = mud_monotonic() + MUD_SECOND;
    struct mud_str line;
    bool any = true;

    mud_irc_quit(l->irc);
    for (int i = 0; i < GOODBYE_LINES && !l->is_broken; i++) {
        if (mud_monotonic() > until || (!any && told_to_stop(l)) ||
            !mud_wire_line(
                &line, &any, l->lines, MUD_IRC_LINE_MAX, 200, &ignored))
            break;
        if (any && mud_irc_approved(l->irc, line))
            mud_irc_record_line(&l->record, '<', line);
    }
}

static enum ending connection(struct mud_irc_listener *l, struct mud_error *why)
{
    struct mud_wire *wire = NULL;
    enum ending ending;

    for (size_t i = 0; i < l->source->n_rooms; i++) {
        int64_t until = mud_irc_record_until(&l->record, i);
        l->rooms[i].since = until ? until - OVERLAP * MUD_SECOND : 0;
    }
    if (!open_wire(l, &wire, why)) {
        bool ours = why->code == MUD_EDENIED || why->code == MUD_EUSAGE;
        if (ours)
            *l->err = *why;
        return ours ? END_FAILED : told_to_stop(l) ? END_TOLD : END_LOST;
    }
    mud_log_event(
        MUD_LOG_INFO, l->source->name, "connected", NULL, 0, l->record.server);
    l->lines = mud_calloc(1, sizeof *l->lines);
    l->lines->wire = wire;
    l->is_broken = false;
    if (mud_irc_new(&l->irc, &l->irc_options, l->err)) {
        ending = talk(l, why);
        if (ending != END_LOST)
            say_goodbye(l);
        note_waiting(l);
        mud_irc_record_gone(&l->record,
                            ending == END_TOLD     ? MUD_STR("as told")
                            : ending == END_FAILED ? MUD_STR("a fault of ours")
                                                   : mud_str_z(why->text));
    } else {
        ending = END_FAILED;
    }
    mud_irc_free(l->irc);
    l->irc = NULL;
    free(l->lines);
    l->lines = NULL;
    mud_wire_close(wire);
    return ending;
}

/* ---- one connection after the other ---- */

/* False in *on: told to stop, or the terms ended it. */
static bool wait_before(struct mud_irc_listener *l, int64_t seconds, bool *on)
{
    int64_t until = mud_monotonic() + seconds * MUD_SECOND +
                    mud_now() % (seconds * MUD_SECOND / 4 + 1);

    *on = true;
    while (*on && mud_monotonic() < until) {
        bool over;

        usleep(200000);
        if (!chores(l, &over))
            return false;
        *on = !over;
    }
    return true;
}

/* No connection, or none any more: said at once. */
static bool say_broken(struct mud_irc_listener *l, const struct mud_error *why)
{
    mud_log_event(
        MUD_LOG_WARN, l->source->name, "broken", NULL, 0, mud_str_z(why->text));
    mud_report_skip(l->report, "network", mud_str_z(why->text));
    return !l->options->live || l->db.away ||
           (mud_health_broken(l->worker->pg, l->source, why, l->err) &&
            tell(l)) ||
           outlasts(l);
}

static bool listen_on(struct mud_irc_listener *l)
{
    int64_t back_off = BACK_OFF;
    bool on = true;

    while (on) {
        struct mud_error why = {0};
        int64_t began = mud_monotonic();
        enum ending ending = connection(l, &why);

        if (ending == END_FAILED) { /* that is sealed is not lost */
            struct mud_error kept = *l->err;
            if (l->worker->pg && !l->record.failed && seal(l))
                mud_error_clear(l->err);
            *l->err = kept;
            return false;
        }
        if (!seal(l))
            return false;
        if (ending == END_TOLD)
            return true;
        if (ending == END_CLOSED)
            return mud_collect_stop(l->worker, l->source, why.text, l->err);
        if (!say_broken(l, &why))
            return false;
        if (!l->options->live) {
            *l->err = why;
            return mud_fail_in(l->err, "source %.*s", MUD_FMT(l->source->name));
        }
        if (mud_monotonic() - began > STEADY_FOR * MUD_SECOND)
            back_off = BACK_OFF;
        if (!wait_before(l, back_off, &on))
            return false;
        back_off = back_off * 2 < BACK_OFF_MOST ? back_off * 2 : BACK_OFF_MOST;
    }
    return true;
}

bool mud_collect_irc(struct mud_report *report, struct mud_worker *worker,
                     const struct mud_source *source,
                     const struct mud_crawl_options *options,
                     struct mud_error *err)
{
    struct mud_irc_listener *l = mud_calloc(1, sizeof *l);

    l->worker = worker;
    l->source = source;
    l->options = options;
    l->report = report;
    l->err = err;
    l->arena = mud_arena_new();
    l->irc_options.say = on_say;
    l->irc_options.event = on_event;
    l->irc_options.payload = l;
    bool good = mud_irc_prepare(l) && listen_on(l) &&
                mud_outlast_end(&l->db, source, err);
    mud_spool_free(l->spool);
    mud_secret_free(l->secret);
    mud_secret_free(l->way);
    mud_arena_free(l->arena);
    free(l);
    return good;
}
