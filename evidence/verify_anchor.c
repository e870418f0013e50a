#include "evidence/anchor_copy.h"

#include "base/conf.h"
#include "evidence/verify.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES 100000 /* names looked at in one folder */

struct checking {
    struct mud_verify *verify;
    struct mud_pg *pg;
    struct mud_rows *rows; /* the table */
};

/* The ledger as it is, against what the anchor says of it. */
static bool check_walk(struct checking *c, const struct mud_anchor *anchor,
                       const char *where, struct mud_error *err)
{
    struct mud_merkle tree = {.n = 0};
    struct mud_error e = {0};
    struct mud_anchor now;
    bool ended;
    int64_t most = anchor->lines + anchor->whole;

    if (!mud_anchor_walk(&now, &ended, &tree, c->pg, anchor->first, most, &e)) {
        if (e.code != MUD_ECORRUPT)
            return mud_fail(err, e.code, "%s", e.text);
        mud_found(c->verify, MUD_BAD, "anchor", where, "%s", e.text);
        return true;
    }
    if (now.lines < anchor->lines)
        mud_found(
            c->verify,
            MUD_BAD,
            "anchor",
            where,
            "of its %lld lines from line %lld on the ledger has %lld: its "
            "end was cut off, or this is another ledger",
            (long long)anchor->lines,
            (long long)anchor->first,
            (long long)now.lines);
    else if (now.lines > anchor->lines)
        mud_found(c->verify,
                  MUD_BAD,
                  "anchor",
                  where,
                  "the day has lines that came after it was closed");
    else if (strcmp(now.day, anchor->day) != 0 ||
             memcmp(now.root, anchor->root, MUD_SHA256) != 0 ||
             memcmp(now.head, anchor->head, MUD_SHA256) != 0)
        mud_found(c->verify,
                  MUD_BAD,
                  "anchor",
                  where,
                  "the ledger's lines are not those that were anchored");
    else
        mud_found(c->verify,
                  MUD_GOOD,
                  "anchor",
                  where,
                  "%lld lines from line %lld on",
                  (long long)anchor->lines,
                  (long long)anchor->first);
    return true;
}

/* Whole days follow each other without a gap; parts begin where they end. */
static bool check_table(struct checking *c, struct mud_error *err)
{
    int64_t next = 0;
    bool good = true;

    for (size_t i = 0; good && i < mud_rows_count(c->rows); i++) {
        struct mud_anchor anchor;
        char name[MUD_ANCHOR_NAME];
        if (!mud_anchor_read(&anchor, mud_rows_get(c->rows, i, 0), NULL)) {
            mud_found(c->verify,
                      MUD_BAD,
                      "anchor",
                      "mud.anchor",
                      "row %zu is not an anchor",
                      i);
            continue;
        }
        (void)mud_anchor_name(name, &anchor);
        c->verify->items++;
        if (anchor.first != next)
            mud_found(c->verify,
                      MUD_BAD,
                      "anchor",
                      name,
                      "it begins with line %lld, not %lld: one before it is "
                      "missing",
                      (long long)anchor.first,
                      (long long)next);
        good = check_walk(c, &anchor, name, err);
        next = anchor.whole ? anchor.first + anchor.lines : anchor.first;
    }
    return good;
}

/* One file of a folder; seen: which rows of the table were met. */
static bool check_file(struct checking *c, const char *folder, const char *file,
                       bool *seen, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    char path[2 * MUD_ANCHOR_PATH], name[MUD_ANCHOR_NAME];
    struct mud_error e = {0};
    struct mud_anchor anchor;
    struct mud_str text;
    bool good = true, known = false;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, file);
    if (!mud_file_read(&text, path, MUD_ANCHOR_TEXT, arena, &e) ||
        !mud_anchor_read(&anchor, text, &e)) {
        mud_found(c->verify, MUD_BAD, "copy of an anchor", path, "%s", e.text);
    } else if (strcmp(mud_anchor_name(name, &anchor), file) != 0) {
        mud_found(c->verify,
                  MUD_BAD,
                  "copy of an anchor",
                  path,
                  "it is that of %s",
                  name);
    } else {
        for (size_t i = 0; i < mud_rows_count(c->rows); i++) {
            bool same = mud_str_eq(mud_rows_get(c->rows, i, 0), text);
            seen[i] |= same;
            known |= same;
        }
        if (!known) {
            mud_found(c->verify,
                      MUD_BAD,
                      "copy of an anchor",
                      path,
                      "the database does not have it (after a restore: mudlark "
                      "ledger anchor)");
            good = check_walk(c, &anchor, path, err);
        }
    }
    mud_arena_free(arena);
    return good;
}

static bool is_anchor_name(const char *name)
{
    size_t n = strlen(name);

    return name[0] != '.' && n > 5 && n < 256 &&
           strcmp(name + n - 5, ".json") == 0;
}

static void check_seen(struct checking *c, const char *folder, const bool *seen)
{
    size_t lacks = 0;

    for (size_t i = 0; i < mud_rows_count(c->rows); i++)
        lacks += !seen[i];
    if (lacks)
        mud_found(c->verify,
                  MUD_BAD,
                  "copies of anchors",
                  folder,
                  "%zu of %zu are missing or changed: mudlark ledger anchor "
                  "writes those that are missing",
                  lacks,
                  mud_rows_count(c->rows));
    else
        mud_found(c->verify,
                  MUD_GOOD,
                  "copies of anchors",
                  folder,
                  "all %zu are there",
                  mud_rows_count(c->rows));
}

static bool check_folder(struct checking *c, const char *folder,
                         struct mud_error *err)
{
    DIR *dir = opendir(folder);
    bool *seen, good = true;
    struct dirent *entry;
    size_t left = FILES;

    if (!dir && errno == ENOENT && mud_rows_count(c->rows) == 0)
        return true;
    if (!dir) {
        mud_found(c->verify,
                  MUD_BAD,
                  "copies of anchors",
                  folder,
                  "it cannot be read: %s",
                  strerror(errno));
        return true;
    }
    seen = mud_calloc(mud_rows_count(c->rows) + 1, sizeof(*seen));
    while (good && left > 0 && (entry = readdir(dir)) != NULL) {
        left--;
        if (is_anchor_name(entry->d_name))
            good = check_file(c, folder, entry->d_name, seen, err);
    }
    closedir(dir);
    if (good && !left)
        good = mud_fail(err, MUD_ELIMIT, "%s: above 100,000 files", folder);
    if (good)
        check_seen(c, folder, seen);
    free(seen);
    return good;
}

bool mud_verify_anchors(struct mud_verify *verify, const char *home,
                        struct mud_pg *pg, struct mud_error *err)
{
    struct checking c = {.verify = verify, .pg = pg};
    char own[MUD_ANCHOR_PATH], second[MUD_ANCHOR_PATH];
    bool good;

    if (!mud_anchor_folder(own, home, err) ||
        !mud_anchor_copy_folder(second, home, err) ||
        !mud_pg_query(&c.rows, pg, mud_sql("anchor_all"), NULL, 0, err))
        return false;
    good = check_table(&c, err) && check_folder(&c, own, err) &&
           (!*second || check_folder(&c, second, err));
    if (good && !*second && mud_rows_count(c.rows))
        mud_found(verify,
                  MUD_NOTE,
                  "copies of anchors",
                  "mudlark.conf",
                  "there is no second place: [ledger] copy = FOLDER");
    mud_rows_free(c.rows);
    return good;
}
