#include "run/collect_botapi.h"

#include "base/json.h"
#include "run/collect_get.h"
#include "run/secret.h"

#include <inttypes.h>
#include <stdio.h>

#define PLACE  "update" /* whose cursor is the next update to ask for */
#define ROUNDS 1000     /* of a hundred updates */
/* Types of updates that tell what was said and who is there. */
static const char types[] =
    "%5B%22message%22%2C%22edited_message%22%2C%22channel_post%22%2C"
    "%22edited_channel_post%22%2C%22message_reaction%22%2C%22chat_member%22%2C"
    "%22my_chat_member%22%5D";

struct bot {
    struct mud_worker *worker;
    const struct mud_source *source;
    struct mud_getter *getter;
    struct mud_report *report;
    struct mud_str token;
    int64_t next;   /* update to ask for; 0: what there is */
    char stop[300]; /* why only a person can help */
    struct mud_error *err;
};

static bool load(struct bot *b)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str value;
    bool good = mud_cursor_get(
        &value, b->worker->pg, b->source, MUD_STR(PLACE), arena, b->err);

    if (good && !mud_str_i64(value, &b->next))
        b->next = 0;
    mud_arena_free(arena);
    return good;
}

static bool store(struct bot *b, int64_t next)
{
    char text[32];

    b->next = next;
    snprintf(text, sizeof text, "%" PRId64, next);
    return mud_ingest_flush(b->worker->ingest, NULL, b->err) &&
           mud_cursor_put(b->worker->pg,
                          b->source,
                          MUD_STR(PLACE),
                          mud_str_z(text),
                          b->err);
}

/* Why the answer ends the round, or NULL. */
static const char *refusal(const struct mud_got *got, const json_t *json)
{
    if (!got->answer)
        return "network";
    if (got->answer->status == 401 || got->answer->status == 404)
        return "bad-token"; /* revoked, or none */
    if (got->answer->status == 409)
        return "bot-in-use"; /* another program or a webhook takes updates */
    if (got->answer->status == 429)
        return "rate-limit";
    return mud_json_get_bool(json, "ok") ? NULL : "refused-by-site";
}

/* How long it wants to be left alone; and what only a person can mend. */
static bool refused(struct bot *b, const struct mud_got *got,
                    const json_t *json, const char *why)
{
    struct mud_str said =
        mud_str_sub(mud_json_get_str(json, "description"), 0, 200);

    if (got->answer)
        mud_report_skip(b->report, why, b->source->name);
    if (strcmp(why, "rate-limit") == 0)
        return mud_getter_wait(
            b->getter,
            got,
            mud_json_get_int(
                json_object_get(json, "parameters"), "retry_after", 0),
            b->err);
    if (strcmp(why, "bad-token") == 0 || strcmp(why, "bot-in-use") == 0)
        snprintf(b->stop,
                 sizeof b->stop,
                 "%s (%.*s)",
                 strcmp(why, "bad-token") == 0
                     ? "the bot's token is not taken: put a new one into the "
                       "secrets"
                     : "something else takes this bot's updates: end that, or "
                       "its webhook",
                 MUD_FMT(said));
    return true;
}

/* *last: the highest update there; 0 when there is none. */
static size_t updates_of(const json_t *json, int64_t *last)
{
    const json_t *list = json_object_get(json, "result"), *item;
    size_t i;

    *last = 0;
    json_array_foreach(list, i, item)
    {
        int64_t id = mud_json_get_int(item, "update_id", 0);
        *last = id > *last ? id : *last;
    }
    return json_array_size(list);
}

static bool ask(struct bot *b, bool *more)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str base = b->source->url;
    const char *slash = base.s[base.n - 1] == '/' ? "" : "/";
    char offset[48] = "";
    struct mud_got got;
    int64_t last;

    if (b->next)
        snprintf(offset, sizeof offset, "&offset=%" PRId64, b->next);
    struct mud_str url = mud_str_printf(
        arena,
        "%.*s%sbot%.*s/getUpdates?limit=100&timeout=0%s&allowed_updates=%s",
        MUD_FMT(base),
        slash,
        MUD_FMT(b->token),
        offset,
        types);
    bool good = mud_getter_page(&got, b->getter, url, b->err);
    json_t *json = good ? mud_json_read(got.body, NULL) : NULL;
    const char *why = good ? refusal(&got, json) : NULL;

    *more = false;
    if (why)
        good = refused(b, &got, json, why);
    if (good && !why && updates_of(json, &last) > 0 && last > 0) {
        good = store(b, last + 1);
        *more = true;
    }
    json_decref(json);
    mud_got_free(&got);
    mud_arena_free(arena);
    return good;
}

bool mud_collect_botapi(struct mud_report *report, struct mud_worker *worker,
                        const struct mud_source *source,
                        const struct mud_crawl_options *options,
                        struct mud_error *err)
{
    struct bot bot = {
        .worker = worker, .source = source, .report = report, .err = err};
    struct mud_secret *secret = NULL;
    bool more = true, waits = false;
    bool good =
        mud_secret_open(&secret,
                        worker->home,
                        source->account.n ? source->account : source->name,
                        err) &&
        mud_secret_need(&bot.token, secret, "token", err) && load(&bot) &&
        mud_getter_new(
            &bot.getter, worker, source, options, NULL, 0, report, err);

    if (good) {
        mud_getter_withhold(bot.getter, bot.token);
        good = mud_getter_waits(&waits, bot.getter, err);
        more = !waits;
    }
    for (int i = 0; good && more && i < ROUNDS; i++) {
        if (mud_getter_enough(bot.getter))
            break;
        good = ask(&bot, &more);
    }
    if (good && bot.stop[0])
        good = mud_collect_stop(worker, source, bot.stop, err);
    mud_getter_free(bot.getter);
    mud_secret_free(secret);
    return good;
}
