#include "base/json.h"
#include "base/lang.h"
#include "base/time.h"
#include "cli/cmd.h"
#include "cli/round.h"
#include "evidence/vault.h"
#include "graph/expire.h"
#include "graph/rebuild_diff.h"
#include "run/unread.h"

/* What it is, then before and after. */
static void put_example(struct mud_buf *text, const json_t *example)
{
    const json_t *before = json_object_get(example, "before");
    const json_t *after = json_object_get(example, "after");
    const char *key = NULL;
    json_t *value = NULL, *all = json_deep_copy(example);

    mud_buf_z(text, "   ");
    json_object_foreach(all, key, value)
    {
        if (json_is_string(value) && strcmp(key, "before") != 0 &&
            strcmp(key, "after") != 0)
            mud_buf_printf(text, " %s=%s", key, json_string_value(value));
    }
    mud_buf_printf(text,
                   "\n      %s -> %s\n",
                   json_is_string(before) ? json_string_value(before) : "-",
                   json_is_string(after) ? json_string_value(after) : "-");
    json_decref(all);
}

static void put_rules(struct mud_buf *text, const char *heading,
                      const json_t *versions)
{
    const json_t *one = NULL;
    size_t i = 0;

    mud_buf_z(text, heading);
    json_array_foreach(versions, i, one)
        mud_buf_printf(text, " %s", json_string_value(one));
    mud_buf_c(text, '\n');
}

/* "offer appears 3  market" and its examples. */
static bool say_diff(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_buf text = {0};
    json_t *record = mud_json_read(json, err);
    const json_t *one = NULL;
    size_t i = 0;

    if (!record)
        return false;
    if (mud_str_eqz(mud_json_get_str(record, "type"), "rebuild_diff")) {
        mud_buf_printf(
            &text,
            "%.*s %.*s %lld  %.*s\n",
            MUD_FMT(mud_json_get_str(record, "what")),
            MUD_FMT(mud_json_get_str(record, "change")),
            (long long)json_integer_value(json_object_get(record, "count")),
            MUD_FMT(mud_json_get_str(record, "source")));
        json_array_foreach(json_object_get(record, "examples"), i, one)
            put_example(&text, one);
    } else {
        put_rules(&text,
                  mud_t("rules before:", "此前规则："),
                  json_object_get(record, "rules_before"));
        put_rules(&text,
                  mud_t("rules now:", "当前规则："),
                  json_object_get(record, "rules"));
    }
    mud_out_record(payload, json, mud_buf_view(&text));
    mud_buf_free(&text);
    json_decref(record);
    return true;
}

int mud_cmd_rebuild(const struct mud_args *args, struct mud_error *err)
{
    struct mud_round round;
    struct mud_report report = {0};
    bool compare = mud_args_has(args, "diff");
    int64_t expired;

    if (!mud_round_open(&round,
                        args,
                        mud_t("rebuild", "重建"),
                        mud_t("captures", "份存证"),
                        err))
        return mud_exit_of(err);
    struct mud_unread unread = {.progress = mud_round_progress,
                                .payload = &round};
    /* Readers that began before the clear may not go on: a new ingest. */
    bool good = /* what cannot be read again is not dropped */
        mud_keys_check(round.worker.vault->keys, round.worker.pg, err) &&
        mud_rebuild_begin(round.worker.pg, compare, err) &&
        mud_worker_reopen(&round.worker, err) &&
        mud_read_unread(&report, &round.worker, &unread, err) &&
        mud_expire_bystanders(
            &expired, round.worker.pg, mud_bystander_end(mud_now()), err) &&
        mud_round_link(&round, err) &&
        mud_rebuild_end(round.worker.pg, compare, say_diff, &round.out, err);
    if (good)
        mud_round_report(&round, &report, mud_str_z(mud_t("rebuild", "重建")));
    round.partly = false; /* what is passed over is passed over each time */
    int code = good ? mud_round_end(&round, err) : mud_exit_of(err);
    mud_round_close(&round);
    return code;
}
