#include "evidence/anchor.h"

#include "base/json.h"
#include "base/time.h"
#include "evidence/anchor_copy.h"
#include "evidence/ledger.h"

#include <stdio.h>

#define LINES 1000 /* fetched at once */

void mud_anchor_write(struct mud_buf *out, const struct mud_anchor *anchor)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json); /* keys in order */
    mud_json_kz(&json, "day", anchor->day);
    mud_json_kint(&json, "first", anchor->first);
    mud_json_kint(&json, "format", 1);
    mud_json_khex(&json, "head", anchor->head, MUD_SHA256);
    mud_json_kint(&json, "lines", anchor->lines);
    mud_json_khex(&json, "root", anchor->root, MUD_SHA256);
    mud_json_kbool(&json, "whole", anchor->whole);
    mud_json_object_end(&json);
}

static bool is_day(struct mud_str day)
{
    char text[MUD_TIME_TEXT], back[MUD_TIME_TEXT];
    int64_t us;

    if (day.n != MUD_DAY_TEXT - 1)
        return false;
    (void)snprintf(text, sizeof(text), "%.*sT00:00:00Z", (int)day.n, day.s);
    return mud_time_parse(mud_str_z(text), &us) &&
           strcmp(mud_time_text(back, us, false), text) == 0;
}

bool mud_anchor_read(struct mud_anchor *out, struct mud_str text,
                     struct mud_error *err)
{
    json_t *json = mud_json_read(text, NULL);
    struct mud_str day = mud_json_get_str(json, "day");
    struct mud_buf again = {0};
    bool ok;

    *out = (struct mud_anchor){.first = mud_json_get_int(json, "first", -1),
                               .lines = mud_json_get_int(json, "lines", 0),
                               .whole = mud_json_get_bool(json, "whole")};
    ok = is_day(day) && out->first >= 0 && out->first <= INT64_MAX / 4 &&
         out->lines > 0 && out->lines <= INT64_MAX / 4 &&
         mud_unhex(mud_json_get_str(json, "root"), out->root, MUD_SHA256) &&
         mud_unhex(mud_json_get_str(json, "head"), out->head, MUD_SHA256);
    if (ok) {
        memcpy(out->day, day.s, day.n);
        mud_anchor_write(&again, out);
        ok = mud_str_eq(mud_buf_view(&again), text);
    }
    mud_buf_free(&again);
    json_decref(json);
    return ok || mud_fail(err, MUD_ECORRUPT, "not an anchor of a ledger");
}

const char *mud_anchor_name(char out[MUD_ANCHOR_NAME],
                            const struct mud_anchor *anchor)
{
    if (anchor->whole)
        (void)snprintf(out, MUD_ANCHOR_NAME, "%s.json", anchor->day);
    else
        (void)snprintf(out,
                       MUD_ANCHOR_NAME,
                       "%s-to-%lld.json",
                       anchor->day,
                       (long long)anchor->lines);
    return out;
}

/* Of one line; false in *same when it is of a later day. */
static bool walk_line(struct mud_anchor *anchor, bool *same,
                      struct mud_merkle *tree, struct mud_str text,
                      struct mud_error *err)
{
    struct mud_ledger_line line;
    char at[MUD_TIME_TEXT];

    if (!mud_ledger_line_read(&line, text, err)) {
        int64_t seq = anchor->first + anchor->lines;
        return mud_fail_in(err, "line %lld", (long long)seq);
    }
    (void)mud_time_text(at, line.at, false);
    if (!anchor->lines)
        (void)snprintf(anchor->day, MUD_DAY_TEXT, "%.10s", at);
    *same = strncmp(anchor->day, at, MUD_DAY_TEXT - 1) == 0;
    if (!*same)
        return true;
    mud_merkle_add(tree, text);
    memcpy(anchor->head, line.hash, MUD_SHA256);
    anchor->lines++;
    return true;
}

bool mud_anchor_walk(struct mud_anchor *anchor, bool *ended,
                     struct mud_merkle *tree, struct mud_pg *pg, int64_t first,
                     int64_t most, struct mud_error *err)
{
    char from[32], n[32];
    struct mud_str args[2];
    bool good = true, same = true;
    size_t got = LINES;

    *anchor = (struct mud_anchor){.first = first};
    *ended = false;
    while (good && same && got == LINES && anchor->lines < most) {
        struct mud_rows *rows;
        (void)snprintf(
            from, sizeof(from), "%lld", (long long)(first + anchor->lines - 1));
        (void)snprintf(n, sizeof(n), "%d", LINES);
        args[0] = mud_str_z(from);
        args[1] = mud_str_z(n);
        if (!mud_pg_query(&rows, pg, mud_sql("ledger_after"), args, 2, err))
            return false;
        got = mud_rows_count(rows);
        for (size_t i = 0; good && same && i < got && anchor->lines < most; i++)
            good =
                walk_line(anchor, &same, tree, mud_rows_get(rows, i, 1), err);
        mud_rows_free(rows);
    }
    *ended = !same;
    mud_merkle_root(tree, anchor->root);
    return good;
}

static bool insert(bool *added, struct mud_pg *pg,
                   const struct mud_anchor *anchor, struct mud_str statement,
                   struct mud_error *err)
{
    char lines[32], first[32];
    struct mud_rows *rows;

    (void)snprintf(lines, sizeof(lines), "%lld", (long long)anchor->lines);
    (void)snprintf(first, sizeof(first), "%lld", (long long)anchor->first);
    const struct mud_str args[] = {mud_str_z(anchor->day),
                                   mud_str_z(lines),
                                   mud_str_z(anchor->whole ? "true" : "false"),
                                   mud_str_z(first),
                                   statement};
    if (!mud_pg_query(&rows, pg, mud_sql("anchor_insert"), args, 5, err))
        return false;
    *added = mud_rows_changed(rows) > 0;
    mud_rows_free(rows);
    return true;
}

/*
 * Under the ledger's lock: does the day still end where the walk ended? A line
 * that waited for the lock at midnight may have come behind. Then it is not
 * kept, and the caller walks again.
 */
static bool keep(bool *kept, bool *added, struct mud_pg *pg,
                 const struct mud_anchor *anchor, struct mud_str actor,
                 bool ended, struct mud_error *err)
{
    struct mud_buf statement = {0};
    struct mud_ledger_entry entry = {
        .op = "anchor", .object = mud_str_z(anchor->day), .actor = actor};
    struct mud_rows *rows;
    bool good;

    if (!mud_pg_query(&rows, pg, mud_sql("ledger_head"), NULL, 0, err))
        return false;
    *kept = !anchor->whole || ended ||
            mud_rows_int(rows, 0, 0) == anchor->first + anchor->lines - 1;
    mud_rows_free(rows);
    if (!*kept)
        return true;
    mud_anchor_write(&statement, anchor);
    entry.detail = mud_buf_view(&statement);
    good = insert(added, pg, anchor, entry.detail, err) &&
           (!*added || mud_ledger_append(pg, &entry, 1, err));
    mud_buf_free(&statement);
    return good;
}

/* One anchor, in a transaction of its own. */
static bool keep_one(bool *kept, bool *added, struct mud_pg *pg,
                     const char *home, const struct mud_anchor *anchor,
                     struct mud_str actor, bool ended, struct mud_error *err)
{
    *added = false;
    if (!mud_pg_begin(pg, err))
        return false;
    if (!keep(kept, added, pg, anchor, actor, ended, err) ||
        !mud_pg_commit(pg, err)) {
        mud_pg_rollback(pg);
        return false;
    }
    return !*added || mud_ledger_mirror(pg, home, err);
}

static bool next_line(int64_t *first, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("anchor_next"), NULL, 0, err))
        return false;
    *first = mud_rows_int(rows, 0, 0); /* 0 for NULL */
    mud_rows_free(rows);
    return true;
}

/* Is that day over? By this clock; lines of a later day say so as well. */
static bool is_over(const struct mud_anchor *anchor)
{
    char now[MUD_TIME_TEXT];

    return strncmp(anchor->day,
                   mud_time_text(now, mud_now(), false),
                   MUD_DAY_TEXT - 1) < 0;
}

bool mud_anchor_make(struct mud_anchored *out, struct mud_pg *pg,
                     const char *home, struct mud_str actor, bool now,
                     struct mud_error *err)
{
    bool more = true, ended, kept, added;
    int64_t first;

    *out = (struct mud_anchored){.days = 0};
    /* After a restore the ledger may have more of them than the table. */
    if (!mud_pg_query(NULL, pg, mud_sql("anchor_adopt"), NULL, 0, err))
        return false;
    while (more) {
        struct mud_merkle one = {.n = 0}, tree = {.n = 0};
        struct mud_anchor anchor;
        /* One line tells the day; most often it is today. */
        if (!next_line(&first, pg, err) ||
            !mud_anchor_walk(&anchor, &ended, &one, pg, first, 1, err))
            return false;
        if (!anchor.lines || (!is_over(&anchor) && !now))
            break;
        if (!mud_anchor_walk(&anchor, &ended, &tree, pg, first, INT64_MAX, err))
            return false;
        anchor.whole = ended || is_over(&anchor);
        more = anchor.whole;
        if (!keep_one(&kept, &added, pg, home, &anchor, actor, ended, err))
            return mud_fail_in(err, "anchor of %s", anchor.day);
        if (kept && added) {
            out->days += anchor.whole;
            out->part = !anchor.whole;
            out->last = anchor;
        }
    }
    return mud_anchor_copy(pg, home, err);
}

bool mud_anchor_state(struct mud_anchor_state *out, struct mud_pg *pg,
                      struct mud_error *err)
{
    struct mud_rows *rows;
    bool good;

    *out = (struct mud_anchor_state){.lines = 0};
    if (!mud_pg_query(&rows, pg, mud_sql("anchor_state"), NULL, 0, err))
        return false;
    out->days = mud_rows_int(rows, 0, 0);
    out->parts = mud_rows_int(rows, 0, 1);
    (void)snprintf(out->last,
                   sizeof(out->last),
                   "%.*s",
                   MUD_FMT(mud_rows_get(rows, 0, 2)));
    out->anchored = mud_rows_int(rows, 0, 3);
    out->lines = mud_rows_int(rows, 0, 4);
    good = !out->lines || mud_rows_bytes(rows, 0, 5, out->head, MUD_SHA256) ||
           mud_fail(err, MUD_ECORRUPT, "ledger: head without digest");
    out->since = mud_rows_time(rows, 0, 6);
    mud_rows_free(rows);
    return good;
}
