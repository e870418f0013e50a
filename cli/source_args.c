#include "cli/source_args.h"

#include "cli/session.h"

static void text(struct mud_str *out, const struct mud_args *args,
                 const char *option)
{
    const char *value = mud_args_get(args, option);

    if (value)
        *out = mud_str_z(value);
}

/* All that were given, without empty ones: one empty value clears the list. */
static void list(const struct mud_str **out, size_t *n,
                 const struct mud_args *args, const char *option,
                 struct mud_arena *arena)
{
    struct mud_str *all = NULL;
    size_t cap = 0;
    const char *value;

    if (!mud_args_has(args, option))
        return;
    *n = 0;
    for (size_t i = 0; (value = mud_args_at(args, option, i)); i++) {
        if (!*value)
            continue;
        all = mud_arena_grow(arena, all, &cap, *n, sizeof *all);
        all[(*n)++] = mud_str_z(value);
    }
    *out = all;
}

/* A switch of source add; yes or no in source set. */
static bool truth(bool *out, const struct mud_args *args, const char *option,
                  struct mud_error *err)
{
    const char *value = mud_args_get(args, option);

    if (!mud_args_has(args, option))
        return true;
    if (value && strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
        return mud_fail(
            err, MUD_EUSAGE, "--%s is yes or no, not %s", option, value);
    *out = !value || strcmp(value, "yes") == 0;
    return true;
}

static bool numbers(struct mud_source *source, const struct mud_args *args,
                    struct mud_error *err)
{
    const struct {
        int64_t *out;
        const char *option;
        int64_t least, most;
    } all[] = {
        {&source->every_s, "every", 1, 2592000},
        {&source->error_share, "error-share", 1, 100},
        {&source->error_hours, "error-hours", 1, 168},
        {&source->error_least, "error-least", 1, 1000000},
        {&source->delay_ms, "delay", 0, 3600000},
        {&source->parallel, "parallel", 1, 32},
        {&source->page_bytes, "page-bytes", 1024, INT64_C(256) << 20},
        {&source->day_bytes, "day-bytes", 1024, INT64_C(1) << 40},
        {&source->day_pages, "day-pages", 0, 1000000000},
        {&source->page_s, "page-time", 0, 3600},
        {&source->round_s, "round-time", 0, 86400},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!mud_args_number(all[i].out,
                             args,
                             all[i].option,
                             all[i].least,
                             all[i].most,
                             *all[i].out,
                             err))
            return false;
    }
    return true;
}

bool mud_source_args(struct mud_source *source, const struct mud_args *args,
                     struct mud_arena *arena, struct mud_error *err)
{
    const char *expires = mud_args_get(args, "expires");

    text(&source->url, args, "url");
    text(&source->legal_basis, args, "basis");
    text(&source->zone, args, "zone");
    text(&source->proxy, args, "proxy");
    text(&source->user_agent, args, "user-agent");
    text(&source->account, args, "account");
    text(&source->folder, args, "folder");
    text(&source->robots, args, "robots");
    text(&source->hours, args, "hours");
    text(&source->charset, args, "charset");
    text(&source->join, args, "join");
    list(&source->hosts, &source->n_hosts, args, "host", arena);
    list(&source->paths, &source->n_paths, args, "path", arena);
    list(&source->rooms, &source->n_rooms, args, "room", arena);
    list(&source->headers, &source->n_headers, args, "header", arena);
    if (mud_str_chr(source->proxy, '@') != MUD_NPOS)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--proxy takes no user name and password: they would "
                        "be stored and shown. Put proxy_user and "
                        "proxy_password into the file secrets/%.*s of "
                        "MUDLARK_HOME (mode 600)",
                        MUD_FMT(source->account.n ? source->account
                                                  : source->name));
    return truth(&source->media, args, "media", err) &&
           truth(&source->allow_private, args, "allow-private", err) &&
           truth(&source->plain, args, "plain", err) &&
           truth(&source->any_certificate, args, "any-certificate", err) &&
           truth(&source->rejoin, args, "rejoin", err) &&
           numbers(source, args, err) &&
           (!expires ||
            mud_time_option(&source->expires, "--expires", expires, true, err));
}
