#include "cli/source_health.h"

#include "base/lang.h"
#include "cli/session.h"
#include "cli/text.h"
#include "cli/text_reason.h"
#include "run/collect.h"
#include "run/reason.h"

#include <stdio.h>

#define AGE_TEXT 16

/* "5m", "3h", "12d" between two times; "-" for a time that is not there. */
static const char *age(char out[AGE_TEXT], int64_t then, int64_t now)
{
    int64_t s = (now > then ? now - then : then - now) / MUD_SECOND;

    if (!then)
        snprintf(out, AGE_TEXT, "-");
    else if (s < 100)
        snprintf(out, AGE_TEXT, "%llds", (long long)s);
    else if (s < 6000)
        snprintf(out, AGE_TEXT, "%lldm", (long long)(s / 60));
    else if (s < (int64_t)72 * 3600)
        snprintf(out, AGE_TEXT, "%lldh", (long long)(s / 3600));
    else
        snprintf(out, AGE_TEXT, "%lldd", (long long)(s / 86400));
    return out;
}

static enum mud_condition condition(const struct mud_source *source,
                                    const struct mud_health *health)
{
    return mud_health_condition(
        source, health, mud_collector_of(source->kind) != NULL, mud_now());
}

const char *mud_condition_words(enum mud_condition c)
{
    static const char *const zh[] = {[MUD_COND_GOOD] = "正常",
                                     [MUD_COND_NEW] = "新",
                                     [MUD_COND_READING] = "采集中",
                                     [MUD_COND_BEHIND] = "积压",
                                     [MUD_COND_FILES] = "文件",
                                     [MUD_COND_CLOSED] = "时段外",
                                     [MUD_COND_LATE] = "逾期",
                                     [MUD_COND_FAILING] = "失败",
                                     [MUD_COND_PAUSED] = "已暂停",
                                     [MUD_COND_STOPPED] = "已停止",
                                     [MUD_COND_EXPIRED] = "已过期"};

    return mud_lang_chinese() ? zh[c] : mud_condition_name(c);
}

static enum mud_ink condition_ink(enum mud_condition c)
{
    if (c >= MUD_COND_FAILING && c != MUD_COND_PAUSED)
        return MUD_INK_RED;
    if (c == MUD_COND_LATE || c == MUD_COND_PAUSED || c == MUD_COND_BEHIND)
        return MUD_INK_YELLOW;
    return c == MUD_COND_GOOD || c == MUD_COND_READING ? MUD_INK_GREEN
                                                       : MUD_INK_OFF;
}

/* What to do about an error of that kind. */
static const char *advice_on_error(struct mud_str kind)
{
    char code[64];

    snprintf(code, sizeof code, "%.*s", MUD_FMT(kind));
    const char *todo = mud_reason_advice(code);
    return *todo ? todo
                 : mud_t("see the log: mudlark fetch NAME --verbose",
                         "查看日志：mudlark fetch NAME --verbose");
}

/* What to do; empty when all is well. */
static const char *advice(enum mud_condition c, const struct mud_source *source,
                          const struct mud_health *health)
{
    switch (c) {
    case MUD_COND_LATE:
        return mud_t("no worker runs? mudlark up, or mudlark work",
                     "没有工作进程？运行 mudlark up 或 mudlark work");
    case MUD_COND_FAILING:
        return advice_on_error(health->error_kind);
    case MUD_COND_STOPPED:
        return mud_t("when it is seen to: mudlark source resume NAME",
                     "处理后：mudlark source resume NAME");
    case MUD_COND_PAUSED:
        return mud_t("mudlark source resume NAME",
                     "mudlark source resume NAME");
    case MUD_COND_EXPIRED:
        return mud_t("with a new basis: mudlark source set NAME --expires DATE",
                     "取得新依据后：mudlark source set NAME --expires 日期");
    case MUD_COND_BEHIND:
        return source->folder.n
                   ? mud_t(
                         "something in it grows or stalls: it is taken ten "
                         "seconds after its last change (half an export: ten "
                         "minutes), or at once with a file of its name and .done beside it",
                         "目录中有文件仍在写入或中断：最后一次变化十秒后读取（"
                         "不完整的导出为十分钟），旁边放置“文件名.done”则立即读取")
                   : "";
    case MUD_COND_GOOD:
    case MUD_COND_NEW:
    case MUD_COND_READING:
    case MUD_COND_FILES:
    case MUD_COND_CLOSED:
    default:
        return "";
    }
}

/* When it is read next: a time, now or before that for one that is due; 0: not
 * until somebody sees to it. */
static int64_t next_of(const struct mud_source *source,
                       const struct mud_health *health, enum mud_condition c,
                       int64_t now)
{
    if (!mud_collector_of(source->kind) || c >= MUD_COND_PAUSED)
        return 0;
    return mud_source_opens(source, health->next > now ? health->next : now);
}

static int share(const struct mud_health *health)
{
    return health->asked ? (int)(health->failed * 100 / health->asked) : 0;
}

static void time_or_null(struct mud_json *json, const char *key, int64_t us)
{
    if (us)
        mud_json_ktime(json, key, us);
    else
        mud_json_knull(json, key);
}

static void budget_json(struct mud_json *json, const struct mud_source *source,
                        const struct mud_health *health)
{
    mud_json_key(json, "error_budget");
    mud_json_object(json);
    mud_json_kint(json, "requests", health->asked);
    mud_json_kint(json, "failed", health->failed);
    mud_json_kint(json, "percent", share(health));
    mud_json_kint(json, "limit_percent", source->error_share);
    mud_json_kint(json, "hours", source->error_hours);
    mud_json_kint(json, "least", source->error_least);
    mud_json_object_end(json);
}

void mud_source_health_json(struct mud_json *json,
                            const struct mud_source *source,
                            const struct mud_health *health)
{
    enum mud_condition c = condition(source, health);
    struct mud_buf todo = {0};

    mud_reason_named(&todo, advice(c, source, health), source->name);
    mud_json_object(json);
    mud_json_kz(json, "condition", mud_condition_name(c));
    if (todo.n)
        mud_json_kstr(json, "todo", mud_buf_view(&todo));
    mud_buf_free(&todo);
    if (mud_collector_of(source->kind))
        time_or_null(json, "next_round", next_of(source, health, c, mud_now()));
    time_or_null(json, "last_round", health->began);
    time_or_null(json, "last_success", health->success);
    time_or_null(json, "last_new_post", health->post);
    time_or_null(json, "newest_post", health->posted);
    if (health->posted)
        mud_json_kint(json, "lag_s", (mud_now() - health->posted) / MUD_SECOND);
    mud_json_kint(json, "pages_waiting", health->waiting);
    mud_json_kint(json, "failures", health->failures);
    if (health->error_at) {
        mud_json_key(json, "last_error");
        mud_json_object(json);
        mud_json_kstr(json, "kind", health->error_kind);
        mud_json_kstr(json, "text", health->error);
        mud_json_ktime(json, "at", health->error_at);
        mud_json_object_end(json);
    }
    budget_json(json, source, health);
    if (health->worker.n) {
        mud_json_kstr(json, "worker", health->worker);
        mud_json_ktime(json, "worker_since", health->since);
    }
    mud_json_kint(json, "pages", health->pages);
    mud_json_kint(json, "captures", health->captures);
    mud_json_kint(json, "bytes", health->bytes);
    mud_json_kint(json, "posts_read", health->posts);
    mud_json_object_end(json);
}

void mud_source_story_json(struct mud_json *json,
                           const struct mud_source_story *story)
{
    mud_json_key(json, "outcomes");
    mud_json_array(json);
    for (size_t i = 0; i < story->n_outcomes; i++) {
        const struct mud_outcome *o = &story->outcomes[i];
        mud_json_object(json);
        mud_json_kstr(json, "class", o->class);
        mud_json_kstr(json, "what", o->what);
        mud_json_kint(json, "recent", o->recent);
        mud_json_kint(json, "ever", o->ever);
        if (o->example.n)
            mud_json_kstr(json, "example", o->example);
        mud_json_ktime(json, "last", o->last);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
    mud_json_key(json, "coverage");
    mud_json_array(json);
    for (size_t i = 0; i < story->n_covered; i++) {
        const struct mud_covered *c = &story->covered[i];
        mud_json_object(json);
        mud_json_kstr(json, "kind", c->kind);
        mud_json_kint(json, "places", c->places);
        mud_json_kint(json, "ranges", c->ranges);
        mud_json_kint(json, "not_whole", c->broken);
        mud_json_ktime(json, "first_read", c->first);
        mud_json_ktime(json, "last_read", c->last);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

bool mud_source_story_load(struct mud_source_story *out, struct mud_pg *pg,
                           const struct mud_source *source,
                           struct mud_arena *arena, struct mud_error *err)
{
    struct mud_health *health;
    size_t n;

    if (!mud_health_list(&health, &n, pg, source->id, arena, err) ||
        !mud_health_outcomes(&out->outcomes,
                             &out->n_outcomes,
                             pg,
                             source->id,
                             source->error_hours,
                             arena,
                             err) ||
        !mud_health_covered(
            &out->covered, &out->n_covered, pg, source->id, arena, err))
        return false;
    if (n)
        out->health = health[0];
    return true;
}

static void when(struct mud_buf *text, const char *label, int64_t at)
{
    char local[MUD_LOCAL_TEXT], old[AGE_TEXT];
    int64_t now = mud_now();

    if (!at) {
        mud_buf_printf(text, "%s-\n", label);
        return;
    }
    mud_buf_printf(text,
                   at > now ? mud_t("%s%.16s (in %s)\n", "%s%.16s（%s 后）\n")
                            : mud_t("%s%.16s (%s ago)\n", "%s%.16s（%s 前）\n"),
                   label,
                   mud_local_text(local, at),
                   age(old, at, now));
}

static void next_text(struct mud_buf *text, int64_t next, int64_t now)
{
    const char *label = mud_t("  next      ", "  下一轮    ");

    if (next && next <= now)
        mud_buf_printf(text, "%s%s\n", label, mud_t("now", "现在"));
    else
        when(text, label, next);
}

static void outcomes_text(struct mud_buf *text, const struct mud_source *source,
                          const struct mud_source_story *story)
{
    for (size_t i = 0; i < story->n_outcomes; i++) {
        const struct mud_outcome *o = &story->outcomes[i];
        bool error = mud_str_eqz(o->class, "error");

        if (mud_str_eqz(o->class, "ok"))
            continue;
        mud_buf_printf(
            text,
            error ? mud_t("  failed    %lld in %lld h, %lld ever: ",
                          "  出错      %lld 次（%lld 小时内），累计 %lld：")
                  : mud_t("  skipped   %lld in %lld h, %lld ever: ",
                          "  跳过      %lld 次（%lld 小时内），累计 %lld："),
            (long long)o->recent,
            (long long)source->error_hours,
            (long long)o->ever);
        mud_text_reason(text, o->what);
        if (o->example.n) {
            mud_buf_z(text, mud_t(" (", "（"));
            mud_text_plain(text, o->example, 120);
            mud_buf_z(text, mud_t(")", "）"));
        }
        mud_buf_c(text, '\n');
    }
}

static void covered_text(struct mud_buf *text,
                         const struct mud_source_story *story)
{
    char last[MUD_LOCAL_TEXT], first[MUD_LOCAL_TEXT];

    for (size_t i = 0; i < story->n_covered; i++) {
        const struct mud_covered *c = &story->covered[i];
        mud_buf_printf(text,
                       mud_t("  covered   %lld × ", "  覆盖      %lld 个"),
                       (long long)c->places);
        mud_text_place(text, c->kind);
        mud_buf_printf(text,
                       mud_t(", %lld ranges (%lld not whole), read %.16s to "
                             "%.16s\n",
                             "，%lld 段（%lld 段不完整），%.16s 至 %.16s\n"),
                       (long long)c->ranges,
                       (long long)c->broken,
                       mud_local_text(first, c->first),
                       mud_local_text(last, c->last));
    }
}

static void error_text(struct mud_buf *text, const struct mud_health *h)
{
    char local[MUD_LOCAL_TEXT];

    if (!h->error_at)
        return;
    mud_buf_printf(text,
                   mud_t("  error     %.16s, %lld in a row: ",
                         "  错误      %.16s，连续 %lld 次："),
                   mud_local_text(local, h->error_at),
                   (long long)h->failures);
    mud_text_reason(text, h->error_kind);
    mud_buf_z(text, mud_t(": ", "："));
    mud_text_plain(text, h->error, 200);
    mud_buf_c(text, '\n');
}

void mud_source_story_text(struct mud_buf *text,
                           const struct mud_source *source,
                           const struct mud_source_story *story, bool colour)
{
    const struct mud_health *h = &story->health;
    enum mud_condition c = condition(source, h);
    const char *what = advice(c, source, h);
    char local[MUD_LOCAL_TEXT];
    int64_t now = mud_now();

    mud_buf_printf(text,
                   mud_t("  condition %s%s%s", "  状况      %s%s%s"),
                   mud_ink(colour, condition_ink(c)),
                   mud_condition_words(c),
                   mud_ink(colour, MUD_INK_OFF));
    mud_buf_z(text, *what ? mud_t(": ", "：") : "");
    mud_reason_named(text, what, source->name);
    mud_buf_c(text, '\n');
    if (mud_collector_of(source->kind)) {
        next_text(text, next_of(source, h, c, now), now);
        when(text, mud_t("  success   ", "  上次成功  "), h->success);
    }
    when(text, mud_t("  new post  ", "  新帖读入  "), h->post);
    when(text, mud_t("  newest    ", "  最新帖    "), h->posted);
    if (h->worker.n)
        mud_buf_printf(text,
                       mud_t("  worker    %.*s since %.16s\n",
                             "  工作进程  %.*s，始于 %.16s\n"),
                       MUD_FMT(h->worker),
                       mud_local_text(local, h->since));
    if (h->waiting || h->parked)
        mud_buf_printf(text,
                       mud_t("  waiting   %lld pages (%lld given up)\n",
                             "  待抓取    %lld 页（放弃 %lld 页）\n"),
                       (long long)h->waiting,
                       (long long)h->parked);
    mud_buf_printf(
        text,
        mud_t("  requests  %lld in %lld h, %lld failed (%d%%; "
              "stops above %lld%%)\n",
              "  请求      %lld 次（%lld 小时内），失败 %lld 次（%d%%；"
              "超过 %lld%% 即停止）\n"),
        (long long)h->asked,
        (long long)source->error_hours,
        (long long)h->failed,
        share(h),
        (long long)source->error_share);
    error_text(text, h);
    outcomes_text(text, source, story);
    covered_text(text, story);
}

void mud_source_heading(struct mud_table *table)
{
    const char *const words[] = {mud_t("name", "名称"),
                                 mud_t("kind", "类型"),
                                 mud_t("condition", "状况"),
                                 mud_t("success", "成功"),
                                 mud_t("new post", "新帖"),
                                 mud_t("next", "下轮"),
                                 mud_t("waiting", "待抓"),
                                 mud_t("failed", "失败"),
                                 ""};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        mud_table_cell(table, mud_str_z(words[i]), MUD_INK_DIM);
    mud_table_line(table);
}

/* What is to be said of it behind the columns. */
static void remark(struct mud_buf *out, const struct mud_source *source,
                   const struct mud_health *health, enum mud_condition c,
                   int64_t alarms, size_t locked)
{
    char day[MUD_LOCAL_TEXT];
    int64_t left = source->expires - mud_now();

    if (alarms)
        mud_buf_printf(
            out, mud_t("DRIFT %lld  ", "漂移 %lld  "), (long long)alarms);
    if (locked)
        mud_buf_printf(out, mud_t("LOCKED %zu  ", "锁定 %zu  "), locked);
    if (c == MUD_COND_FAILING) {
        mud_text_reason(out, health->error_kind);
        mud_buf_z(out, mud_t(": ", "："));
        mud_text_plain(out, health->error, 60);
    } else if (c == MUD_COND_STOPPED || c == MUD_COND_PAUSED) {
        mud_text_plain(out, source->state_note, 70);
    } else if (left < (int64_t)14 * 86400 * MUD_SECOND) {
        mud_buf_printf(out,
                       mud_t("expires %.10s", "截止 %.10s"),
                       mud_local_text(day, source->expires - 1));
    } else if (c == MUD_COND_LATE) {
        mud_reason_named(out, advice(c, source, health), source->name);
    } else {
        mud_text_plain(
            out, source->folder.n ? source->folder : source->url, 50);
    }
}

void mud_source_line(struct mud_table *table, const struct mud_source *source,
                     const struct mud_health *health, int64_t alarms,
                     size_t locked)
{
    enum mud_condition c = condition(source, health);
    int64_t now = mud_now(), next = next_of(source, health, c, now);
    struct mud_buf note = {0};
    char text[5][AGE_TEXT] = {"-", "-", "-", "-", "-"};

    age(text[0], health->success, now);
    age(text[1], health->posted, now);
    if (next > now)
        age(text[2], next, now);
    else if (next)
        snprintf(text[2], AGE_TEXT, "%s", mud_t("now", "现在"));
    if (health->waiting)
        snprintf(text[3], AGE_TEXT, "%lld", (long long)health->waiting);
    if (health->asked)
        snprintf(text[4], AGE_TEXT, "%d%%", share(health));
    remark(&note, source, health, c, alarms, locked);
    mud_table_cell(table, source->name, MUD_INK_BOLD);
    mud_table_cell(table, source->kind, MUD_INK_OFF);
    mud_table_cell(table, mud_str_z(mud_condition_words(c)), condition_ink(c));
    for (size_t i = 0; i < 5; i++)
        mud_table_cell(table, mud_str_z(text[i]), MUD_INK_OFF);
    mud_table_cell(table,
                   mud_buf_view(&note),
                   alarms || locked ? MUD_INK_RED : MUD_INK_OFF);
    mud_buf_free(&note);
}
