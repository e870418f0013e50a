/*
 * Logs of IRC channels: one line, one message. Lines have a clock without a
 * zone; their day is on the line (weechat), in lines between (irssi) or in the
 * file's name (znc); where a clock runs back by more than half a day, a new
 * day has begun. The channel is in the file's name, or the first that a line
 * of the first LOOK names; the network is in weechat's file name only. Nobody
 * has an id: names are dated by their changes. Verified against logs of irssi
 * 1.4.3, weechat 3.8, znc 1.8.2 and events of libircclient 1.9.
 */
#include "parse/chat_irc.h"

#include "parse/chat_kit.h"
#include "parse/chat_lines.h"
#include "parse/irc_line.h"

#include <stdlib.h>

#define LOOK 200 /* lines */
#define DAY  86400

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_chat_lines *lines;
    struct mud_arena *arena, *all; /* of a line, of the file */
    struct mud_zone *zone;
    struct mud_chat_ids ids;
    enum mud_irc_writer writer;
    struct mud_str network, channel;
    int64_t day;  /* seconds: midnight of the day under the eye; 0 unknown */
    int64_t last; /* the last line's, of its day */
    uint64_t odd; /* lines that no rule knows */
    bool no_day_said;

    struct {
        struct mud_str text;
        struct mud_range at;
    } kept[LOOK];

    size_t n_kept;
};

/* ---- what the file's name tells ---- */

/* "2026-11-22" or "20261122" in it, as seconds; *at its place. */
static int64_t day_in(struct mud_str name, size_t *at)
{
    for (size_t i = 0; i + 8 <= name.n && i < 300; i++) {
        struct mud_civil t = {0};
        int digit[8];
        size_t n = 0, k = i;
        bool dashes = i + 10 <= name.n && name.s[i + 4] == '-';
        if (dashes && name.s[i + 7] != '-')
            continue;
        for (; n < 8 && k < name.n; k++) {
            if (dashes && (k == i + 4 || k == i + 7))
                continue;
            if (name.s[k] < '0' || name.s[k] > '9')
                break;
            digit[n++] = name.s[k] - '0';
        }
        if (n < 8 || (k < name.n && name.s[k] >= '0' && name.s[k] <= '9'))
            continue;
        t.year = digit[0] * 1000 + digit[1] * 100 + digit[2] * 10 + digit[3];
        t.month = digit[4] * 10 + digit[5];
        t.day = digit[6] * 10 + digit[7];
        if (t.year < 1988 || t.year > 2200 || !mud_civil_valid(&t))
            continue;
        *at = i;
        return mud_civil_to_unix(&t);
    }
    return 0;
}

static struct mud_str without_end(struct mud_str s)
{
    static const char *const ends[] = {".weechatlog", ".log", ".txt", "_", "."};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (mud_str_ends(s, mud_str_z(ends[i])))
            s = mud_str_sub(s, 0, s.n - strlen(ends[i]));
    return s;
}

static void read_name(struct reader *r, struct mud_str name)
{
    size_t at = MUD_NPOS, hash, irc;
    r->day = day_in(name, &at);
    struct mud_str bare = without_end(
        at == MUD_NPOS ? without_end(name) : mud_str_sub(name, 0, at));
    hash = mud_str_chr(bare, '#');
    irc = mud_str_find(bare, MUD_STR("irc."));
    if (irc != MUD_NPOS && r->writer == MUD_IRC_WEECHAT) {
        struct mud_str rest = mud_str_sub(bare, irc + 4, bare.n);
        size_t dot = mud_str_chr(rest, '.');
        if (dot != MUD_NPOS && dot > 0)
            r->network = mud_str_dup(mud_str_sub(rest, 0, dot), r->all);
    }
    if (hash != MUD_NPOS && bare.n - hash > 1)
        r->channel = mud_str_dup(mud_str_sub(bare, hash, bare.n), r->all);
}

/* ---- the first lines ---- */

static enum mud_irc_writer writer_of(struct mud_str line)
{
    struct mud_irc_line parsed;
    for (int w = MUD_IRC_IRSSI; w <= MUD_IRC_EVENTS; w++)
        if (mud_irc_line(line, (enum mud_irc_writer)w, &parsed))
            return (enum mud_irc_writer)w;
    return MUD_IRC_NONE;
}

static bool look_ahead(struct reader *r, struct mud_str name, bool *more,
                       struct mud_error *err)
{
    struct mud_chat_line line;
    struct mud_irc_line parsed;
    struct mud_str channel = {0};
    size_t bytes = 0, dummy;
    *more = true;
    while (r->n_kept < LOOK && bytes < MUD_CHAT_LINE_MAX && !channel.n) {
        if (!mud_chat_lines_next(r->lines, &line, more, err))
            return false;
        if (!*more)
            break;
        bytes += line.text.n;
        r->kept[r->n_kept].text = mud_str_dup(line.text, r->all);
        r->kept[r->n_kept].at = line.at;
        if (!r->writer)
            r->writer = writer_of(line.text);
        if (r->writer &&
            mud_irc_line(r->kept[r->n_kept].text, r->writer, &parsed))
            channel = parsed.channel;
        r->n_kept++;
    }
    read_name(r, name);
    if (!r->channel.n)
        r->channel = channel;
    if (!r->channel.n) {
        size_t end = day_in(name, &dummy) ? dummy : name.n;
        struct mud_str bare = without_end(mud_str_sub(name, 0, end));
        r->channel =
            bare.n ? mud_str_dup(without_end(bare), r->all) : MUD_STR("?");
    }
    return true;
}

/* ---- messages ---- */

/* Seconds since 1970 as its writer's clock had it, and the day it is on. */
static int64_t when(struct reader *r, const struct mud_irc_line *line)
{
    int64_t clock =
        line->time.hour * 3600 + line->time.minute * 60 + line->time.second;
    if (line->dated || line->day)
        r->day = mud_civil_to_unix(&line->time) - clock;
    else if (r->day && clock + DAY / 2 < r->last)
        r->day += DAY;
    r->last = clock;
    return r->day ? r->day + clock : 0;
}

static struct mud_str role_of(char rank)
{
    switch (rank) {
    case '~':
        return MUD_STR("owner");
    case '&':
        return MUD_STR("admin");
    case '@':
        return MUD_STR("op");
    case '%':
        return MUD_STR("halfop");
    case '+':
        return MUD_STR("voice");
    default:
        return (struct mud_str){0};
    }
}

static bool emit(struct reader *r, const struct mud_irc_line *line,
                 struct mud_range at, int64_t wall, struct mud_error *err)
{
    struct mud_chat_list links = {0};
    struct mud_civil local = mud_civil_of_unix(wall);
    struct mud_str whom = line->whom;
    struct mud_str channel = line->channel.n ? line->channel : r->channel;
    struct mud_post post = {
        .engine = MUD_STR("irc"),
        .site = r->network.n ? r->network : r->channel,
        .thread = r->writer == MUD_IRC_EVENTS ? channel : r->channel,
        .thread_title = r->writer == MUD_IRC_EVENTS ? channel : r->channel,
        .author = line->nick,
        .author_role = role_of(line->rank),
        .body = line->text,
        .service = mud_str_z(line->service),
        .where = at,
    };
    if (wall) {
        post.posted =
            (line->utc ? wall : mud_zone_to_unix(r->zone, &local)) * MUD_SECOND;
        post.posted_precision = line->seconds ? MUD_TO_SECOND : MUD_TO_MINUTE;
    }
    if (whom.n) {
        post.members = &whom;
        post.n_members = 1;
    }
    mud_chat_links(&links, post.body, r->arena);
    post.links = links.items;
    post.n_links = links.n;
    if (!post.body.n)
        post.state = MUD_POST_EMPTY;
    post.post = mud_chat_ids_next(&r->ids, &post, r->arena);
    return r->sink->post(&post, r->sink->payload, err);
}

static bool no_day(struct reader *r, uint64_t byte, struct mud_error *err)
{
    if (r->no_day_said)
        return true;
    r->no_day_said = true;
    return mud_chat_note(r->sink,
                         "warning",
                         "no-date",
                         byte,
                         MUD_STR("neither the log nor its file's name tells "
                                 "the day: messages have no time"),
                         err);
}

static bool one_line(struct reader *r, struct mud_str text, struct mud_range at,
                     struct mud_error *err)
{
    struct mud_irc_line line;
    mud_arena_reset(r->arena);
    if (!mud_irc_line(text, r->writer, &line)) {
        if (!mud_str_trim(text).n || r->odd++ >= 100)
            return true;
        return mud_chat_note(
            r->sink,
            "warning",
            "odd-line",
            at.start,
            MUD_STR("a line that the log's form does not know"),
            err);
    }
    int64_t wall = when(r, &line);
    if (line.day)
        return true;
    /* What a server says to its client alone is no part of a channel. */
    if (r->writer == MUD_IRC_EVENTS && line.service && !line.channel.n &&
        !strcmp(line.service, "system"))
        return true;
    return (wall || no_day(r, at.start, err)) && emit(r, &line, at, wall, err);
}

static bool set_zone(struct reader *r, const struct mud_chat_in *in,
                     struct mud_error *err)
{
    struct mud_error bad = {0};
    if (in->zone.n && mud_zone_new(&r->zone, in->zone, &bad))
        return true;
    if (!in->zone.n && r->writer == MUD_IRC_EVENTS)
        return mud_zone_new(&r->zone, MUD_STR("+00:00"), err);
    bool ok =
        in->zone.n
            ? mud_chat_note(
                  r->sink, "error", "bad-zone", 0, mud_str_z(bad.text), err)
            : mud_chat_note(r->sink,
                            "info",
                            "zone-assumed",
                            0,
                            MUD_STR("wall times are taken as UTC, for the log "
                                    "names no zone"),
                            err);
    mud_error_clear(&bad);
    return ok && mud_zone_new(&r->zone, MUD_STR("+00:00"), err);
}

static bool read_all(struct reader *r, const struct mud_chat_in *in,
                     struct mud_error *err)
{
    struct mud_chat_line line;
    bool more, ok = look_ahead(r, in->name, &more, err) && set_zone(r, in, err);
    for (size_t i = 0; ok && i < r->n_kept; i++)
        ok = one_line(r, r->kept[i].text, r->kept[i].at, err);
    while (ok && more) {
        ok = mud_chat_lines_next(r->lines, &line, &more, err);
        if (ok && more)
            ok = one_line(r, line.text, line.at, err);
    }
    return ok;
}

static bool is(struct mud_str head, struct mud_str name)
{
    enum mud_irc_writer first = MUD_IRC_NONE;
    struct mud_irc_line parsed;
    struct mud_str line;
    size_t lines = 0;
    (void)name;
    if (mud_str_starts(head, MUD_STR("\xEF\xBB\xBF")))
        head = mud_str_sub(head, 3, head.n);
    while (lines < 5 && mud_str_line(&head, &line)) {
        if (!mud_str_trim(line).n)
            continue;
        if (!first)
            first = writer_of(line);
        if (!first || (head.n && !mud_irc_line(line, first, &parsed)))
            return false;
        lines++;
    }
    return first != MUD_IRC_NONE;
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader *r = mud_calloc(1, sizeof(*r));
    r->sink = sink;
    r->arena = mud_arena_new();
    r->all = mud_arena_new();
    r->lines = mud_chat_lines_new(in);
    bool ok = read_all(r, in, err);
    mud_chat_lines_free(r->lines);
    mud_arena_free(r->arena);
    mud_arena_free(r->all);
    mud_zone_free(r->zone);
    mud_chat_ids_free(&r->ids);
    free(r);
    return ok;
}

const struct mud_chat_format mud_chat_irc = {"irc", is, read};
