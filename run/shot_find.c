#include "run/shot.h"

#include "base/charset.h"
#include "run/shot_mask.h"

#define PART_MAX  ((size_t)16 << 20) /* one picture, style or font */
#define PARTS_MAX ((size_t)64 << 20) /* all of a page */

/* Shown instead of a picture of which nobody knows what it shows. */
static const char withheld[] =
    "<svg xmlns='http://www.w3.org/2000/svg' width='240' height='80' viewBox='0 0 "
    "240 80'><rect width='240' height='80' fill='#ddd'/><text x='120' y='36' "
    "font-size='14' font-family='sans-serif' text-anchor='middle' fill='#555'>"
    "图片未予显示</text><text x='120' y='58' font-size='12' "
    "font-family='sans-serif' text-anchor='middle' fill='#555'>picture "
    "withheld</text></svg>";

static bool first_id(struct mud_id *id, bool *found, struct mud_pg *pg,
                     const char *sql, const struct mud_str *args, int n,
                     struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, sql, args, n, err))
        return false;
    *found = mud_rows_count(rows) > 0;
    if (*found)
        *id = mud_rows_id(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

/* The capture of that address from the page's source, next to it in time. */
static bool captured(struct mud_capture *out, bool *found, struct mud_str url,
                     const struct mud_shot_search *search,
                     struct mud_error *err)
{
    char at[MUD_TIME_TEXT];
    const struct mud_str args[] = {
        url,
        mud_str_printf(search->arena, "%d", search->page->source),
        mud_str_z(mud_time_text(at, search->page->at, true))};
    struct mud_id id;

    return first_id(&id,
                    found,
                    search->worker->pg,
                    mud_sql("shot_part"),
                    args,
                    3,
                    err) &&
           (!*found ||
            mud_capture_load(out, search->worker->pg, id, search->arena, err));
}

/* Was all that the picture says read, and is none of it victims' data? */
static bool harmless(bool *out, const struct mud_capture *image,
                     const struct mud_shot_search *search,
                     struct mud_error *err)
{
    char hex[MUD_HEX256];
    struct mud_pg *pg = search->worker->pg;
    struct mud_str sha = mud_str_z(mud_hex(hex, image->sha256, MUD_SHA256));
    struct mud_rows *rows;
    struct mud_str texts = {0};
    bool victims = false;

    *out = false;
    if (!mud_pg_query(&rows, pg, mud_sql("shot_image"), &sha, 1, err))
        return false;
    bool known = mud_rows_count(rows) > 0;
    if (known)
        texts = mud_str_dup(mud_rows_get(rows, 0, 0), search->arena);
    mud_rows_free(rows);
    if (!known)
        return true;
    const struct mud_str args[] = {
        texts, mud_str_printf(search->arena, "%d", MUD_ENT_VICTIM_DATA)};
    if (!mud_pg_query(&rows, pg, mud_sql("shot_victims"), args, 2, err))
        return false;
    victims = mud_rows_count(rows) > 0;
    mud_rows_free(rows);
    *out = !victims;
    return true;
}

static bool read_part(struct mud_browser_answer *out,
                      const struct mud_capture *part, bool style,
                      struct mud_shot_search *search, struct mud_error *err)
{
    struct mud_exchange exchange;
    struct mud_charset how;
    size_t covered = 0;
    bool whole;

    if (!mud_capture_exchange(&exchange,
                              search->worker->vault,
                              part,
                              PART_MAX,
                              search->arena,
                              err))
        return false;
    *out =
        (struct mud_browser_answer){.type = part->content_type, .status = 200};
    if (exchange.location.n && part->status >= 300 && part->status < 400) {
        out->location = exchange.location;
        out->status = part->status;
        return true;
    }
    if (!mud_exchange_decode(
            &out->body, &whole, &exchange, PART_MAX, search->arena, err))
        return false;
    search->bytes += out->body.n;
    if (!style || !search->shot->masked)
        return true;
    out->type = MUD_STR("text/css; charset=utf-8");
    bool good = mud_charset_text(&out->body,
                                 &how,
                                 out->body,
                                 mud_charset_of_type(part->content_type),
                                 search->arena,
                                 err) &&
                mud_shot_mask(&out->body,
                              &covered,
                              out->body,
                              false,
                              search->worker->reader,
                              search->arena,
                              err);
    search->shot->covered += covered;
    return good;
}

static void note_used(struct mud_shot_search *search, struct mud_id id)
{
    size_t n = (size_t)search->shot->used;

    search->used = mud_arena_grow(
        search->arena, search->used, &search->cap, n, sizeof(*search->used));
    search->used[n] = id;
    search->shot->used++;
}

bool mud_shot_find(struct mud_browser_answer *out, struct mud_str url,
                   const char *kind, void *payload)
{
    struct mud_shot_search *search = payload;
    struct mud_error odd = {0}; /* what cannot be read is not shown */
    struct mud_capture part;
    bool found = false, image = strcmp(kind, "Image") == 0, shown = true;

    if (search->bytes > PARTS_MAX ||
        !captured(&part, &found, url, search, &odd) || !found) {
        search->shot->not_there++;
        return false;
    }
    if (image && search->shot->masked &&
        !(part.status >= 300 && part.status < 400) &&
        (!harmless(&shown, &part, search, &odd) || !shown)) {
        search->shot->withheld++;
        *out = (struct mud_browser_answer){.type = MUD_STR("image/svg+xml"),
                                           .body = mud_str_z(withheld),
                                           .status = 200};
        return true;
    }
    if (!read_part(out, &part, strcmp(kind, "Stylesheet") == 0, search, &odd)) {
        search->shot->not_there++;
        return false;
    }
    note_used(search, part.id);
    return true;
}
