/*
 * History by draft/chathistory (ircv3.net/specs/extensions/chathistory): what
 * was said while nobody listened, forwards from what was heard last; of a room
 * never heard before some of its past, backwards. One room at a time.
 */
#include "fetch/irc_inside.h"

#include <stdio.h>

enum {
    PAGE = 100, /* messages asked for at once */
    PAGES_AFTER = 200,
    PAGES_BEFORE = 50,
    PATIENCE = 30, /* s */
    PACE = 1
};

static const struct mud_str nothing = {0};

static void stamp(char out[64], int64_t us)
{
    struct mud_civil t = mud_civil_of_unix(us / MUD_SECOND);

    snprintf(out,
             64,
             "timestamp=%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
             t.year,
             t.month,
             t.day,
             t.hour,
             t.minute,
             t.second,
             (int)(us % MUD_SECOND / 1000));
}

static void ask(struct mud_irc *irc, int64_t now)
{
    const char *name = irc->past.at->past == MUD_PAST_AFTER ? "AFTER"
                       : irc->past.cursor                   ? "BEFORE"
                                                            : "LATEST";
    long limit = irc->history_limit > 0 && irc->history_limit < PAGE
                     ? irc->history_limit
                     : PAGE;
    char from[64] = "*";

    if (irc->past.cursor)
        stamp(from, irc->past.cursor);
    irc->past.asked = now;
    irc->past.count = 0;
    irc->past.first = irc->past.last = 0;
    irc->past.reading = false;
    irc->quiet = now + PACE * MUD_SECOND;
    mud_irc_say(irc,
                nothing,
                "CHATHISTORY %s %.*s %s %ld",
                name,
                MUD_FMT(irc->past.at->room->name),
                from,
                limit);
}

/* The room's history is read, as far as it is to be had. */
static void done(struct mud_irc *irc, bool whole, const char *why)
{
    struct mud_irc_at *at = irc->past.at;
    bool after = at->past == MUD_PAST_AFTER;
    struct mud_irc_event event = {
        .what = MUD_IRC_FILLED,
        .room = at->room->name,
        .from = after ? at->room->since : irc->past.cursor,
        .until = !after || whole ? at->entered : irc->past.cursor};

    irc->past.at = NULL;
    at->past = MUD_PAST_NONE;
    if (event.from && event.until > event.from)
        irc->o.event(&event, irc->o.payload);
    if (why)
        mud_irc_tell(irc, MUD_IRC_ODD, at->room->name, mud_str_z(why));
}

void mud_irc_past_tick(struct mud_irc *irc, int64_t now)
{
    struct mud_irc_at *at = irc->past.at;

    if (at && !irc->past.asked)
        ask(irc, now);
    else if (at && now - irc->past.asked > PATIENCE * MUD_SECOND)
        done(irc, false, "the history was not answered");
    for (size_t i = 0; !irc->past.at && i < irc->o.n_rooms; i++) {
        at = &irc->at[i];
        if (at->past != MUD_PAST_WAITS || at->place != MUD_PLACE_IN)
            continue;
        irc->past.at = at;
        irc->past.pages = 0;
        irc->past.cursor = at->room->since > irc->behind
                               ? at->room->since - irc->behind
                               : at->room->since;
        at->past = at->room->since ? MUD_PAST_AFTER : MUD_PAST_BEFORE;
        ask(irc, now);
    }
}

void mud_irc_past_drop(struct mud_irc *irc, const struct mud_irc_at *at)
{
    if (irc->past.at == at)
        done(irc, false, NULL);
    irc->at[at - irc->at].past = MUD_PAST_NONE;
}

/* A page is whole: is there another one? */
static void page_over(struct mud_irc *irc)
{
    bool after = irc->past.at->past == MUD_PAST_AFTER;
    unsigned most = after ? PAGES_AFTER : PAGES_BEFORE;
    int64_t next = after ? irc->past.last : irc->past.first;
    int64_t had = irc->past.cursor;
    bool on =
        irc->past.count && next && (after ? next > had : !had || next < had);

    irc->past.reading = false;
    if (on)
        irc->past.cursor = next;
    if (!on)
        done(irc, true, NULL);
    else if (++irc->past.pages >= most)
        done(irc, false, "there is more history than is read at once");
    else
        irc->past.asked = 0; /* with the next tick */
}

static void on_batch(struct mud_irc *irc, const struct mud_irc_message *m)
{
    struct mud_str ref = mud_irc_param(m, 0);
    struct mud_str bare = mud_str_sub(ref, 1, ref.n);

    if (!ref.n || !bare.n || bare.n >= sizeof irc->past.ref)
        return;
    if (ref.s[0] == '+' && mud_str_eqz(mud_irc_param(m, 1), "chathistory") &&
        mud_irc_same(mud_irc_param(m, 2), irc->past.at->room->name)) {
        memcpy(irc->past.ref, bare.s, bare.n);
        irc->past.ref[bare.n] = '\0';
        irc->past.reading = true;
    } else if (ref.s[0] == '-' && irc->past.reading &&
               mud_str_eqz(bare, irc->past.ref)) {
        page_over(irc);
    }
}

void mud_irc_past_line(struct mud_irc *irc, const struct mud_irc_message *m)
{
    struct mud_str value;
    int64_t at;

    if (!irc->past.at)
        return;
    if (mud_irc_is(m, "BATCH")) {
        on_batch(irc, m);
    } else if (mud_irc_is(m, "FAIL") &&
               mud_str_eqz(mud_irc_param(m, 0), "CHATHISTORY")) {
        done(irc, false, "the server refuses its history");
    } else if (mud_irc_is(m, "421") &&
               mud_str_eqz(mud_irc_param(m, 1), "CHATHISTORY")) {
        done(irc, false, "the server knows no CHATHISTORY");
    } else if (irc->past.reading &&
               mud_irc_tag(m, "batch", &value, irc->scratch) &&
               mud_str_eqz(value, irc->past.ref) &&
               mud_irc_tag(m, "time", &value, irc->scratch) &&
               mud_time_parse(value, &at)) {
        irc->past.count++;
        if (!irc->past.first || at < irc->past.first)
            irc->past.first = at;
        if (at > irc->past.last)
            irc->past.last = at;
    }
}
