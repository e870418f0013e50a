#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/source_accounts.h"
#include "cli/source_args.h"
#include "cli/source_health.h"
#include "cli/source_wall.h"
#include "cli/text.h"
#include "cli/text_reason.h"
#include "graph/drift.h"
#include "graph/gaps.h"
#include "run/source.h"

#include <stdio.h>

static bool read_source(struct mud_source *source, const struct mud_args *args,
                        const char *who, struct mud_arena *arena,
                        struct mud_error *err)
{
    const char *kind = mud_args_get(args, "kind");

    *source = (struct mud_source){
        .name = mud_str_z(mud_args_operand(args, 0)),
        .kind = mud_str_z(kind                        ? kind
                          : mud_args_get(args, "url") ? "forum"
                                                      : "import"),
        .created_by = mud_str_z(who),
        .delay_ms = 1000,
        .parallel = 1,
        .page_bytes = 16 << 20,
        .day_bytes = 1 << 30,
    };
    return mud_source_args(source, args, arena, err);
}

/* What is told of a source beside its settings. */
struct health {
    struct mud_source_story story; /* of source list: its health alone */
    struct mud_source_accounts accounts;
    int64_t alarms;
    struct mud_buf drift; /* records, a line each; from source show alone */
    struct mud_gaps gaps;
    struct mud_wall_state wall;
    struct mud_source_change *changes; /* the last ones */
    size_t n_changes;
};

static void drift_json(struct mud_json *json, const struct health *health)
{
    struct mud_str rest = mud_buf_view(&health->drift), line;

    mud_json_key(json, "alarms");
    mud_json_array(json);
    while (mud_str_line(&rest, &line))
        mud_json_raw(json, line);
    mud_json_array_end(json);
    mud_json_key(json, "gaps");
    mud_json_object(json);
    mud_json_kint(json, "threads", health->gaps.threads);
    mud_json_kint(json, "posts", health->gaps.posts);
    mud_json_kint(json, "pages_unread", health->gaps.pages);
    mud_json_kint(json, "pages_failed", health->gaps.failed);
    mud_json_kint(json, "stretches", health->gaps.stretches);
    mud_json_kint(json, "replies", health->gaps.replies);
    mud_json_object_end(json);
    mud_json_key(json, "changes");
    mud_source_changes_json(json, health->changes, health->n_changes);
}

/* How hard it is asked. */
static void pace_json(struct mud_json *json, const struct mud_source *s)
{
    mud_json_kint(json, "delay_ms", s->delay_ms);
    mud_json_kint(json, "parallel", s->parallel);
    mud_json_kint(json, "page_bytes", s->page_bytes);
    mud_json_kint(json, "day_bytes", s->day_bytes);
    if (s->day_pages)
        mud_json_kint(json, "day_pages", s->day_pages);
    if (s->page_s)
        mud_json_kint(json, "page_s", s->page_s);
    if (s->round_s)
        mud_json_kint(json, "round_s", s->round_s);
    if (s->n_headers)
        mud_json_kstrs(json, "headers", s->headers, s->n_headers);
}

/* What only some kinds have. */
static void kind_json(struct mud_json *json, const struct mud_source *s)
{
    if (s->n_rooms)
        mud_json_kstrs(json, "rooms", s->rooms, s->n_rooms);
    if (s->account.n)
        mud_json_kstr(json, "account", s->account);
    if (s->join.n)
        mud_json_kstr(json, "join", s->join);
    if (s->plain)
        mud_json_kbool(json, "plain", true);
    if (s->folder.n)
        mud_json_kstr(json, "folder", s->folder);
    if (s->robots.n)
        mud_json_kstr(json, "robots", s->robots);
    if (s->charset.n)
        mud_json_kstr(json, "charset", s->charset);
    if (s->rejoin)
        mud_json_kbool(json, "rejoin", true);
}

/* health: NULL for a source that is new; its drift: for source show. */
static void source_json(struct mud_buf *out, const struct mud_source *s,
                        const struct health *health, bool whole)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "source");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "id", s->id);
    mud_json_kstr(&json, "name", s->name);
    mud_json_kstr(&json, "kind", s->kind);
    if (s->url.n)
        mud_json_kstr(&json, "url", s->url);
    else
        mud_json_knull(&json, "url");
    mud_json_kstr(&json, "legal_basis", s->legal_basis);
    mud_json_ktime(&json, "expires", s->expires);
    mud_json_kstr(&json, "state", s->state);
    if (s->state_note.n)
        mud_json_kstr(&json, "state_note", s->state_note);
    mud_json_kstrs(&json, "hosts", s->hosts, s->n_hosts);
    mud_json_kstrs(&json, "paths", s->paths, s->n_paths);
    mud_json_kbool(&json, "allow_private", s->allow_private);
    mud_json_kbool(&json, "media", s->media);
    mud_json_kbool(&json, "any_certificate", s->any_certificate);
    if (s->zone.n)
        mud_json_kstr(&json, "zone", s->zone);
    pace_json(&json, s);
    if (s->proxy.n)
        mud_json_kstr(&json, "proxy", s->proxy);
    kind_json(&json, s);
    if (s->every_s)
        mud_json_kint(&json, "every_s", s->every_s);
    if (s->user_agent.n)
        mud_json_kstr(&json, "user_agent", s->user_agent);
    if (s->hours.n) {
        mud_json_kstr(&json, "hours", s->hours);
        mud_json_ktime(&json, "opens", mud_source_opens(s, mud_now()));
    }
    mud_json_ktime(&json, "created", s->created);
    mud_json_kstr(&json, "created_by", s->created_by);
    if (health) {
        mud_json_key(&json, "health");
        mud_source_health_json(&json, s, &health->story.health);
        mud_json_key(&json, "accounts");
        mud_source_accounts_json(&json, &health->accounts);
        if (whole)
            mud_source_wall_json(&json, s, &health->wall);
        mud_json_kint(&json, "drift", health->alarms);
    }
    if (health && whole) {
        drift_json(&json, health);
        mud_source_story_json(&json, &health->story);
    }
    mud_json_object_end(&json);
}

int mud_cmd_source_add(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source source;
    struct mud_out out;
    struct mud_buf json = {0}, text = {0};

    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                read_source(&source, args, session.who, session.arena, err) &&
                mud_source_add(&source, session.pg, session.arena, err);
    if (good) {
        source_json(&json, &source, NULL, false);
        mud_buf_printf(&text,
                       mud_t("added source %.*s (%.*s)\n",
                             "已添加来源 %.*s（%.*s）\n"),
                       MUD_FMT(source.name),
                       MUD_FMT(source.kind));
        mud_out_record(&out, mud_buf_view(&json), mud_buf_view(&text));
        good = mud_out_end(&out, err);
    }
    mud_buf_free(&json);
    mud_buf_free(&text);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

static void list_text(struct mud_buf *text, const char *label,
                      const struct mud_str *list, size_t n)
{
    mud_buf_z(text, label);
    for (size_t i = 0; i < n; i++)
        mud_buf_printf(text, "%s%.*s", i ? ", " : "", MUD_FMT(list[i]));
    mud_buf_c(text, '\n');
}

/* How it is fetched. */
static void way_text(struct mud_buf *text, const struct mud_source *s)
{
    if (s->proxy.n)
        mud_buf_printf(text,
                       mud_t("  proxy     %.*s\n", "  代理      %.*s\n"),
                       MUD_FMT(s->proxy));
    mud_buf_printf(text,
                   mud_t("  pace      %lld ms, %lld at a time\n",
                         "  节奏      %lld 毫秒，并发 %lld\n"),
                   (long long)s->delay_ms,
                   (long long)s->parallel);
    if (s->hours.n)
        mud_buf_printf(text,
                       mud_t("  hours     %.*s (%.*s)\n",
                             "  时段      %.*s（%.*s）\n"),
                       MUD_FMT(s->hours),
                       MUD_FMT(s->zone.n ? s->zone : MUD_STR("Asia/Shanghai")));
    if (s->day_pages)
        mud_buf_printf(text,
                       mud_t("  limit     %lld pages a day\n",
                             "  上限      每日 %lld 页\n"),
                       (long long)s->day_pages);
    if (s->round_s)
        mud_buf_printf(text,
                       mud_t("  limit     %lld s a round\n",
                             "  上限      每轮 %lld 秒\n"),
                       (long long)s->round_s);
    if (s->any_certificate)
        mud_buf_z(text,
                  mud_t("  tls       any certificate, any age\n",
                        "  TLS       接受任何证书与版本\n"));
    if (s->media)
        mud_buf_z(text,
                  mud_t("  media     images of posts are read\n",
                        "  媒体      读取帖子图片\n"));
}

static void source_text(struct mud_buf *text, const struct mud_source *s)
{
    char when[MUD_LOCAL_TEXT];

    mud_buf_printf(text, "%.*s\n", MUD_FMT(s->name));
    mud_buf_printf(text,
                   mud_t("  kind      %.*s\n", "  类型      %.*s\n"),
                   MUD_FMT(s->kind));
    if (s->url.n)
        mud_buf_printf(text,
                       mud_t("  begins    %.*s\n", "  起始      %.*s\n"),
                       MUD_FMT(s->url));
    mud_buf_printf(text,
                   mud_t("  basis     %.*s\n", "  依据      %.*s\n"),
                   MUD_FMT(s->legal_basis));
    mud_buf_printf(text,
                   mud_t("  expires   %.10s\n", "  截止      %.10s\n"),
                   mud_local_text(when, s->expires - 1));
    mud_buf_z(text, mud_t("  state     ", "  状态      "));
    mud_text_state(text, s->state);
    mud_buf_printf(text, " %.*s\n", MUD_FMT(s->state_note));
    if (s->n_hosts)
        list_text(
            text, mud_t("  hosts     ", "  主机      "), s->hosts, s->n_hosts);
    if (s->n_paths)
        list_text(
            text, mud_t("  paths     ", "  路径      "), s->paths, s->n_paths);
    if (s->n_rooms)
        list_text(
            text, mud_t("  rooms     ", "  群组      "), s->rooms, s->n_rooms);
    if (s->join.n)
        mud_buf_printf(text,
                       mud_t("  join      %.*s\n", "  进入      %.*s\n"),
                       MUD_FMT(s->join));
    if (s->n_headers)
        list_text(text,
                  mud_t("  headers   ", "  请求头    "),
                  s->headers,
                  s->n_headers);
    if (s->folder.n)
        mud_buf_printf(text,
                       mud_t("  folder    %.*s\n", "  目录      %.*s\n"),
                       MUD_FMT(s->folder));
    if (s->account.n)
        mud_buf_printf(text,
                       mud_t("  account   %.*s\n", "  账号      %.*s\n"),
                       MUD_FMT(s->account));
    way_text(text, s);
    mud_buf_printf(text,
                   mud_t("  added     %s by %.*s\n", "  添加      %s，%.*s\n"),
                   mud_local_text(when, s->created),
                   MUD_FMT(s->created_by));
}

static bool keep_line(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_buf *lines = payload;

    (void)err;
    mud_buf_str(lines, json);
    mud_buf_c(lines, '\n');
    return true;
}

#define ALARMS_SHOWN  50
#define CHANGES_SHOWN 10

static bool load_health(struct health *health, struct mud_pg *pg,
                        const struct mud_source *source,
                        struct mud_arena *arena, struct mud_error *err)
{
    return mud_source_story_load(&health->story, pg, source, arena, err) &&
           mud_wall_get(&health->wall, pg, source, arena, err) &&
           mud_source_accounts_load(
               &health->accounts, pg, source, arena, err) &&
           mud_drift_count(&health->alarms, pg, source->id, err) &&
           mud_list_drift(pg,
                          source->id,
                          true,
                          ALARMS_SHOWN,
                          keep_line,
                          &health->drift,
                          err) &&
           mud_gaps_sum(&health->gaps, pg, source->id, err) &&
           mud_source_changes(&health->changes,
                              &health->n_changes,
                              pg,
                              source,
                              CHANGES_SHOWN,
                              arena,
                              err);
}

static void health_text(struct mud_buf *text, const struct health *health,
                        bool colour)
{
    const struct mud_gaps *g = &health->gaps;
    struct mud_str rest = mud_buf_view(&health->drift), line;

    if (g->posts || g->pages || g->failed)
        mud_buf_printf(
            text,
            mud_t("  missing   %lld posts in %lld threads; %lld "
                  "pages never read, %lld failed\n",
                  "  缺失      %lld 条帖子（%lld 个主题）；%lld 页未读，"
                  "%lld 页失败\n"),
            (long long)g->posts,
            (long long)g->threads,
            (long long)g->pages,
            (long long)g->failed);
    if (g->stretches || g->replies)
        mud_buf_printf(text,
                       mud_t("  missing   %lld stretches between exports, %lld "
                             "messages that are answered\n",
                             "  缺失      导出之间 %lld 段，被回复的消息 %lld "
                             "条\n"),
                       (long long)g->stretches,
                       (long long)g->replies);
    mud_source_changes_text(text, health->changes, health->n_changes);
    while (mud_str_line(&rest, &line)) {
        json_t *record = mud_json_read(line, NULL);
        if (record)
            mud_text_record(text, record, colour);
        json_decref(record);
    }
}

/* One line of the list: the record at once, the text into the table. */
static bool put_line(struct mud_out *out, struct mud_table *table,
                     const struct mud_source *source,
                     const struct mud_health *all, size_t n,
                     struct mud_session *session, struct mud_error *err)
{
    struct health health = {0};
    struct mud_buf json = {0};

    for (size_t i = 0; i < n; i++) {
        if (all[i].source == source->id)
            health.story.health = all[i];
    }
    if (!mud_drift_count(&health.alarms, session->pg, source->id, err) ||
        !mud_source_accounts_load(
            &health.accounts, session->pg, source, session->arena, err))
        return false;
    source_json(&json, source, &health, false);
    mud_source_line(table,
                    source,
                    &health.story.health,
                    health.alarms,
                    mud_source_accounts_locked(&health.accounts));
    mud_out_record(out, mud_buf_view(&json), MUD_STR(""));
    mud_buf_free(&json);
    return true;
}

int mud_cmd_source_list(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source *sources;
    struct mud_health *all;
    struct mud_out out;
    struct mud_table table = {0};
    struct mud_buf text = {0};
    size_t n = 0, n_all = 0;

    bool good =
        mud_out_begin(&out, args, err) &&
        mud_session_open(&session, args, err) &&
        mud_source_list(&sources, &n, session.pg, session.arena, err) &&
        mud_health_list(&all, &n_all, session.pg, 0, session.arena, err);
    if (good && !n)
        mud_out_text(&out,
                     "%s",
                     mud_t("no sources yet; mudlark source add --help\n",
                           "尚无来源；参见 mudlark source add --help\n"));
    mud_source_heading(&table);
    for (size_t i = 0; good && i < n; i++)
        good = put_line(&out, &table, &sources[i], all, n_all, &session, err);
    if (good && n) {
        mud_table_put(&text, &table, MUD_SOURCE_RIGHT, out.colour);
        mud_out_text(&out, "%.*s", MUD_FMT(mud_buf_view(&text)));
    }
    good = good && mud_out_end(&out, err);
    mud_table_free(&table);
    mud_buf_free(&text);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_source_show(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source source;
    struct mud_out out;
    struct health health = {0};
    struct mud_buf json = {0}, text = {0};

    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_source_load(&source,
                                session.pg,
                                mud_str_z(mud_args_operand(args, 0)),
                                session.arena,
                                err) &&
                load_health(&health, session.pg, &source, session.arena, err);
    if (good) {
        source_json(&json, &source, &health, true);
        source_text(&text, &source);
        mud_source_accounts_text(&text, &health.accounts, out.colour);
        mud_source_wall_text(&text, &source, &health.wall, out.colour);
        mud_source_story_text(&text, &source, &health.story, out.colour);
        health_text(&text, &health, out.colour);
        mud_out_record(&out, mud_buf_view(&json), mud_buf_view(&text));
        good = mud_out_end(&out, err);
    }
    mud_buf_free(&json);
    mud_buf_free(&text);
    mud_buf_free(&health.drift);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

static int set_state(const struct mud_args *args, const char *state,
                     const char *said, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_str name = mud_str_z(mud_args_operand(args, 0));
    struct mud_buf note = {0};

    bool good = mud_session_open(&session, args, err);
    if (good && strcmp(state, "paused") == 0)
        mud_buf_printf(&note, "paused by %s", session.who);
    good = good && mud_source_set_state(session.pg,
                                        name,
                                        mud_str_z(state),
                                        mud_buf_view(&note),
                                        mud_str_z(session.who),
                                        err);
    if (good && !mud_args_has(args, "quiet"))
        fprintf(stderr, "%.*s: %s\n", MUD_FMT(name), said);
    mud_buf_free(&note);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_source_pause(const struct mud_args *args, struct mud_error *err)
{
    return set_state(args, "paused", mud_t("paused", "已暂停"), err);
}

int mud_cmd_source_resume(const struct mud_args *args, struct mud_error *err)
{
    return set_state(args, "active", mud_t("active", "已恢复"), err);
}

int mud_cmd_source_remove(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_str name = mud_str_z(mud_args_operand(args, 0));

    bool good = mud_session_open(&session, args, err) &&
                mud_source_remove(session.pg, name, err);
    if (good && !mud_args_has(args, "quiet"))
        fprintf(
            stderr, mud_t("%.*s: removed\n", "%.*s：已删除\n"), MUD_FMT(name));
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
