#include "run/shot.h"

#include "base/charset.h"
#include "base/time.h"
#include "evidence/show.h"
#include "run/shot_mask.h"

#define WIRE_MAX ((size_t)32 << 20)

static bool is_type(struct mud_str type, const char *name)
{
    return mud_str_istarts(mud_str_trim(type), mud_str_z(name));
}

/* "text/html" or "text/plain", by what was declared or, where nothing was, by how
 * it begins. */
static bool kind_of_page(const char **out, const struct mud_capture *capture,
                         struct mud_str body, struct mud_error *err)
{
    struct mud_str type = capture->content_type;
    struct mud_str head = mud_str_trim(mud_str_sub(body, 0, 1024));

    if (is_type(type, "text/html") || is_type(type, "application/xhtml") ||
        (!type.n &&
         (mud_str_ifind(head, MUD_STR("<html")) != MUD_NPOS ||
          mud_str_ifind(head, MUD_STR("<!doctype html")) != MUD_NPOS)))
        *out = "text/html; charset=utf-8";
    else if (is_type(type, "text/plain"))
        *out = "text/plain; charset=utf-8";
    else
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%.*s is no page that can be drawn: its type is %.*s",
                        MUD_FMT(mud_str_sub(capture->url, 0, 200)),
                        MUD_FMT(type.n ? mud_str_sub(type, 0, 80)
                                       : MUD_STR("not declared")));
    return true;
}

/* The page as UTF-8, decoded, and masked if it is to be. */
static bool read_page(struct mud_browser_job *job, struct mud_shot *shot,
                      struct mud_worker *worker, struct mud_arena *arena,
                      struct mud_error *err)
{
    struct mud_exchange exchange;
    struct mud_charset how;
    struct mud_str body, label;
    const char *type = "";
    bool whole = false;

    if (!mud_capture_exchange(
            &exchange, worker->vault, &shot->capture, WIRE_MAX, arena, err) ||
        !mud_exchange_decode(&body, &whole, &exchange, WIRE_MAX, arena, err) ||
        !kind_of_page(&type, &shot->capture, body, err))
        return false;
    label = mud_charset_of_type(shot->capture.content_type);
    if (!label.n)
        label = mud_charset_of_page(body);
    if (!mud_charset_text(&job->page, &how, body, label, arena, err))
        return false;
    shot->cut = !whole;
    job->type = mud_str_z(type);
    return !shot->masked || mud_shot_mask(&job->page,
                                          &shot->covered,
                                          job->page,
                                          is_type(job->type, "text/html"),
                                          worker->reader,
                                          arena,
                                          err);
}

/* Where the page stands, so that its relative addresses mean what they meant. */
static struct mud_str address_of(const struct mud_capture *capture,
                                 struct mud_arena *arena)
{
    char id[MUD_ID_TEXT];

    if (mud_str_istarts(capture->url, MUD_STR("http://")) ||
        mud_str_istarts(capture->url, MUD_STR("https://")))
        return capture->url;
    return mud_str_printf(
        arena, "http://capture.invalid/%s", mud_id_text(id, capture->id));
}

bool mud_shot_take(struct mud_shot *out, struct mud_worker *worker,
                   const struct mud_shot_ask *ask, struct mud_arena *arena,
                   struct mud_error *err)
{
    struct mud_browser_picture page, whole;
    struct mud_shot_search search = {
        .worker = worker, .page = &out->capture, .arena = arena, .shot = out};
    struct mud_browser_job job = {.home = worker->home,
                                  .data_images = ask->unmasked,
                                  .find = mud_shot_find,
                                  .payload = &search};
    char program[4096];

    *out = (struct mud_shot){.masked = !ask->unmasked, .at = mud_now()};
    if (!mud_browser_find(program, sizeof(program), err) ||
        !mud_capture_load(
            &out->capture, worker->pg, ask->capture, arena, err) ||
        !read_page(&job, out, worker, arena, err))
        return false;
    job.url = address_of(&out->capture, arena);
    if (!mud_browser_draw(&page, &job, arena, err))
        return mud_fail_in(err, "%.*s", MUD_FMT(mud_str_sub(job.url, 0, 200)));
    out->captures = search.used;
    out->renderer = page.renderer;
    out->reader = mud_str_z(mud_reader_version(worker->reader));
    out->page_height = page.full_height;
    out->cut |= page.full_height > page.height;
    out->in_time = page.in_time;
    out->network_namespace = page.network_namespace;
    out->sandbox = page.sandbox;
    if (!mud_shot_label(
            &whole, out, page.png, page.height, worker->home, arena, err))
        return mud_fail_in(err, "the strip above the picture");
    out->png = whole.png;
    out->width = whole.width;
    out->height = whole.height;
    mud_sha256_of(out->png, out->sha256);
    return mud_shot_keep(out, worker, ask, arena, err);
}
