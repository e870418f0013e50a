#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/original.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "cli/text_forms.h"
#include "evidence/circumstances.h"
#include "evidence/show.h"
#include "evidence/verify.h"
#include "graph/history.h"
#include "graph/records.h"
#include "graph/why.h"
#include "run/source.h"

#include <stdio.h>
#include <stdlib.h>

struct showing {
    struct mud_session session;
    struct mud_out out;
    struct mud_vault *vault;
    const struct mud_args *args;
    struct mud_verify verify;
    struct mud_str source; /* name of the capture's */
    struct mud_entry_steps steps;
    struct mud_rows *witnesses;
    char verdict[600]; /* of "verify now" */
    char kept[400];    /* what could not be checked: sealed, or purged */
};

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct showing *showing = payload;
    json_t *record = mud_json_read(json, err);
    struct mud_buf claims = {0};

    if (!record)
        return false;
    mud_text_put(&showing->out, json);
    if (mud_str_eqz(mud_json_get_str(record, "type"), "contact")) {
        mud_text_claims(&claims, record, showing->out.colour);
        mud_out_text(&showing->out, "%s", mud_buf_cstr(&claims));
    }
    mud_buf_free(&claims);
    json_decref(record);
    return !showing->out.failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

static void kjson(struct mud_json *json, const char *key, struct mud_str value)
{
    if (!value.n)
        return;
    mud_json_key(json, key);
    mud_json_raw(json, value);
}

static void steps_json(struct mud_json *json,
                       const struct mud_entry_steps *steps)
{
    if (steps->before.n)
        mud_json_kstr(json, "entry_before", steps->before);
    mud_json_key(json, "entry_steps");
    mud_json_array(json);
    for (size_t i = 0; i < steps->n; i++) {
        const struct mud_entry_step *step = &steps->steps[i];

        mud_json_object(json);
        mud_json_kid(json, "capture", step->capture);
        mud_json_kstr(json, "url", step->url);
        mud_json_ktime(json, "at", step->at);
        mud_json_kint(json, "status", step->status);
        mud_json_khex(json, "sha256", step->sha256, MUD_SHA256);
        mud_json_kz(json, "by", step->redirected ? "redirect" : "link");
        if (step->account.n)
            mud_json_kstr(json, "account", step->account);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static void witness_json(struct mud_json *json, const struct mud_rows *rows)
{
    mud_json_key(json, "witnesses");
    mud_json_array(json);
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        mud_json_object(json);
        mud_json_kid(json, "capture", mud_rows_id(rows, i, 0));
        mud_json_ktime(json, "at", mud_rows_time(rows, i, 1));
        mud_json_kstr(json, "by", mud_rows_get(rows, i, 2));
        mud_json_kbool(json, "is_second", mud_rows_bool(rows, i, 3));
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static void capture_json(struct mud_buf *out,
                         const struct mud_capture_shown *shown,
                         const struct showing *showing)
{
    const struct mud_facts *f = &shown->facts;
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "capture");
    mud_json_kint(&json, "schema", 1);
    mud_json_kid(&json, "id", f->c.id);
    mud_json_kz(&json, "kind", mud_capture_kind_name(f->c.kind));
    mud_json_kint(&json, "source", f->c.source);
    mud_json_kstr(&json, "source_name", showing->source);
    mud_json_kstr(&json, "url", f->c.url);
    mud_json_kint(&json, "status", f->c.status);
    mud_json_kstr(&json, "content_type", f->c.content_type);
    mud_json_ktime(&json, "started", f->started);
    mud_json_ktime(&json, "at", f->c.at);
    mud_json_ktime(&json, "sealed", f->sealed);
    mud_json_khex(&json, "sha256", f->c.sha256, MUD_SHA256);
    if (f->has_sm3)
        mud_json_khex(&json, "sm3", f->sm3, MUD_SHA256);
    mud_json_kint(&json, "size", f->c.size);
    mud_json_kstr(&json, "warc", f->c.warc);
    mud_json_kint(&json, "offset", f->c.offset);
    mud_json_kint(&json, "length", f->c.length);
    mud_json_kstr(&json, "referrer", f->referrer);
    mud_json_kstr(&json, "location", f->location);
    mud_json_kstr(&json, "access_mode", f->access_mode);
    if (f->account.n)
        mud_json_kstr(&json, "account", f->account);
    mud_json_kstr(&json, "supplier", f->c.supplier);
    mud_json_kstr(&json, "peer_ip", f->peer_ip);
    kjson(&json, "dns", f->dns);
    kjson(&json, "tls", f->tls);
    kjson(&json, "clock", f->clock);
    kjson(&json, "circumstances", f->circumstances);
    steps_json(&json, &showing->steps);
    witness_json(&json, showing->witnesses);
    mud_json_kstr(&json, "cut", f->cut);
    mud_json_kstr(&json, "tool", f->tool);
    mud_json_kstr(&json, "actor", f->actor);
    mud_json_kstr(&json, "request_head", shown->request_head);
    mud_json_kstr(&json, "response_head", shown->response_head);
    if (shown->damage.code)
        mud_json_kz(&json, "damage", shown->damage.text);
    mud_json_kint(&json, "ledger_seq", f->c.ledger_seq);
    mud_json_kstr(&json, "ledger_line", shown->ledger_line);
    mud_json_kstr(&json, "ledger_sha256", shown->ledger_hash);
    if (showing->verdict[0]) {
        mud_json_kbool(&json, "verified", showing->verify.bad == 0);
        mud_json_kz(&json, "verdict", showing->verdict);
    }
    mud_json_object_end(&json);
}

static void line(struct mud_buf *out, const char *label, struct mud_str value)
{
    if (!value.n)
        return;
    mud_buf_printf(out, "  %s  ", label);
    mud_text_plain(out, value, 4000);
    mud_buf_c(out, '\n');
}

static void head_lines(struct mud_buf *out, const char *label,
                       struct mud_str head)
{
    struct mud_str rest = head, one;

    if (head.n)
        mud_buf_printf(out, "  %s\n", label);
    while (mud_str_line(&rest, &one)) {
        if (!one.n)
            continue;
        mud_buf_z(out, "    ");
        mud_text_plain(out, one, 400);
        mud_buf_c(out, '\n');
    }
}

/* "HTTP 200, text/html, from 198.51.100.7": what there is of it. */
static void answer_line(struct mud_buf *out, const struct mud_facts *f)
{
    struct mud_buf answer = {0};

    if (f->c.status)
        mud_buf_printf(&answer, "HTTP %d", f->c.status);
    if (f->c.content_type.n)
        mud_buf_printf(&answer,
                       "%s%.*s",
                       answer.n ? mud_t(", ", "，") : "",
                       MUD_FMT(f->c.content_type));
    if (f->peer_ip.n)
        mud_buf_printf(&answer,
                       mud_t("%sfrom %.*s", "%s来自 %.*s"),
                       answer.n ? mud_t(", ", "，") : "",
                       MUD_FMT(f->peer_ip));
    line(out, mud_t("answer       ", "应答      "), mud_buf_view(&answer));
    mud_buf_free(&answer);
}

static void stored_lines(struct mud_buf *out, const struct mud_facts *f)
{
    char hex[MUD_HEX256];

    line(out,
         mud_t("sha256       ", "sha256    "),
         mud_str_z(mud_hex(hex, f->c.sha256, MUD_SHA256)));
    if (f->has_sm3)
        line(out,
             mud_t("SM3          ", "SM3       "),
             mud_str_z(mud_hex(hex, f->sm3, MUD_SHA256)));
    mud_buf_printf(out,
                   mud_t("  size           %lld bytes\n",
                         "  大小        %lld 字节\n"),
                   (long long)f->c.size);
    mud_buf_z(out, mud_t("  stored in      vault/", "  存放        vault/"));
    mud_text_plain(out, f->c.warc, 400);
    mud_buf_printf(out,
                   mud_t(", byte %lld, %lld bytes\n",
                         "，偏移 %lld，%lld 字节\n"),
                   (long long)f->c.offset,
                   (long long)f->c.length);
}

static void way_lines(struct mud_buf *out, const struct mud_facts *f)
{
    line(out, mud_t("came from    ", "入口      "), f->referrer);
    line(out, mud_t("redirects to ", "跳转      "), f->location);
    line(out, mud_t("supplied by  ", "提供人    "), f->c.supplier);
    line(out, mud_t("access       ", "获取方式  "), f->access_mode);
    line(out, mud_t("account      ", "账号      "), f->account);
    line(out, mud_t("proxy        ", "代理      "), f->proxy);
    line(out, mud_t("names        ", "域名解析  "), f->dns);
    line(out, mud_t("TLS          ", "TLS       "), f->tls);
    line(out, mud_t("cut short by ", "截断      "), f->cut);
}

/* From the entry on, each with the capture that shows it. */
static void step_lines(struct mud_buf *out, const struct mud_entry_steps *steps)
{
    char id[MUD_ID_TEXT], at[MUD_LOCAL_TEXT];

    if (!steps->n)
        return;
    mud_buf_z(out, mud_t("  entered by\n", "  进入步骤\n"));
    if (steps->before.n) {
        mud_buf_z(out, "    0  ");
        mud_text_plain(out, steps->before, 400);
        mud_buf_z(out, mud_t("  (not captured)\n", "  （未采集）\n"));
    }
    for (size_t i = 0; i < steps->n; i++) {
        const struct mud_entry_step *step = &steps->steps[i];

        mud_buf_printf(out, "    %zu  ", i + 1);
        mud_text_plain(out, step->url, 400);
        mud_buf_printf(out,
                       "  %s  %.19s  %s\n",
                       step->redirected ? mud_t("redirect", "跳转")
                                        : mud_t("link", "链接"),
                       mud_local_text(at, step->at),
                       mud_id_text(id, step->capture));
    }
}

static void witness_lines(struct mud_buf *out, const struct mud_rows *rows)
{
    char id[MUD_ID_TEXT], at[MUD_LOCAL_TEXT];

    for (size_t i = 0; i < mud_rows_count(rows); i++)
        mud_buf_printf(out,
                       "  %s  %s  %.19s  %.*s\n",
                       mud_rows_bool(rows, i, 3)
                           ? mud_t("witnessed by ", "第二见证  ")
                           : mud_t("witness of   ", "所见证    "),
                       mud_id_text(id, mud_rows_id(rows, i, 0)),
                       mud_local_text(at, mud_rows_time(rows, i, 1)),
                       MUD_FMT(mud_rows_get(rows, i, 2)));
}

static void circumstance_lines(struct mud_buf *out, const struct mud_facts *f)
{
    static const struct {
        const char *key, *en, *zh;
    } rows[] = {
        {"place", "place        ", "地点      "},
        {"second_person", "second person", "第二人    "},
        {"no_witness_reason", "no witness   ", "无见证人  "},
        {"not_seizable_reason", "not seized   ", "未扣押    "},
        {"local_ip", "from address ", "本地地址  "},
        {"host", "machine      ", "主机      "},
        {"system", "system       ", "系统      "},
        {"libraries", "libraries    ", "程序库    "},
        {"settings_error", "settings     ", "设置      "},
    };

    json_t *json =
        f->circumstances.n ? mud_json_read(f->circumstances, NULL) : NULL;

    for (size_t i = 0; json && i < sizeof rows / sizeof *rows; i++)
        line(out,
             mud_t(rows[i].en, rows[i].zh),
             mud_json_get_str(json, rows[i].key));
    json_decref(json);
}

static void capture_text(struct mud_buf *out,
                         const struct mud_capture_shown *shown,
                         const struct showing *showing)
{
    const struct mud_facts *f = &shown->facts;
    bool colour = showing->out.colour;
    char id[MUD_ID_TEXT], at[MUD_LOCAL_TEXT], utc[MUD_TIME_TEXT];

    mud_buf_printf(out,
                   mud_t("capture %s (%s)\n", "存证 %s（%s）\n"),
                   mud_id_text(id, f->c.id),
                   mud_capture_kind_name(f->c.kind));
    line(out, mud_t("source       ", "来源      "), showing->source);
    line(out, mud_t("address      ", "地址      "), f->c.url);
    mud_buf_printf(out,
                   mud_t("  time           %s (%s)\n",
                         "  时间        %s（%s）\n"),
                   mud_local_text(at, f->c.at),
                   mud_time_text(utc, f->c.at, true));
    answer_line(out, f);
    way_lines(out, f);
    step_lines(out, &showing->steps);
    stored_lines(out, f);
    line(out, mud_t("clock        ", "时钟      "), f->clock);
    line(out, mud_t("tool         ", "工具      "), f->tool);
    line(out, mud_t("by           ", "操作人    "), f->actor);
    circumstance_lines(out, f);
    witness_lines(out, showing->witnesses);
    head_lines(out, mud_t("request", "请求"), shown->request_head);
    head_lines(out, mud_t("response", "应答头"), shown->response_head);
    if (shown->damage.code)
        line(out,
             mud_t("heads cannot be read:", "无法读取请求与应答头："),
             mud_str_z(shown->damage.text));
    mud_buf_printf(out,
                   mud_t("  ledger line %lld\n    ", "  账本第 %lld 行\n    "),
                   (long long)f->c.ledger_seq);
    mud_text_plain(out, shown->ledger_line, SIZE_MAX);
    mud_buf_c(out, '\n');
    if (showing->verdict[0]) {
        mud_buf_printf(
            out,
            "  %s",
            mud_ink(colour, showing->verify.bad ? MUD_INK_RED : MUD_INK_GREEN));
        mud_text_plain(out, mud_str_z(showing->verdict), 600);
        mud_buf_printf(out, "%s\n", mud_ink(colour, MUD_INK_OFF));
    }
}

static void keep_verdict(const struct mud_finding *finding, void *payload)
{
    struct showing *showing = payload;

    if (finding->verdict == MUD_BAD && !showing->verdict[0])
        snprintf(showing->verdict,
                 sizeof showing->verdict,
                 "%s: %s (%s)",
                 mud_t("DOES NOT HOLD", "不符"),
                 finding->what,
                 finding->text);
    if (finding->verdict == MUD_NOTE)
        snprintf(showing->kept, sizeof showing->kept, "%s", finding->text);
}

static bool verify_now(struct showing *showing, struct mud_id id,
                       struct mud_error *err)
{
    char at[MUD_LOCAL_TEXT];

    showing->verify.finding = keep_verdict;
    showing->verify.payload = showing;
    if (!mud_verify_capture(
            &showing->verify, showing->vault, showing->session.pg, id, err))
        return false;
    if (!showing->verify.bad && showing->kept[0])
        snprintf(showing->verdict,
                 sizeof showing->verdict,
                 "%s: %s",
                 mud_t("not verified whole", "未能完整校验"),
                 showing->kept);
    else if (!showing->verify.bad)
        snprintf(showing->verdict,
                 sizeof showing->verdict,
                 mud_t("verified at %s: its bytes, its record in the "
                       "vault, its row and its ledger line agree",
                       "%s 校验：内容、存证记录、数据库行与账本行一致"),
                 mud_local_text(at, mud_now()));
    return true;
}

static bool put_raw(const struct showing *showing,
                    const struct mud_facts *facts, struct mud_error *err)
{
    const char *reason = mud_args_get(showing->args, "reason");
    const struct mud_original original = {
        .session = &showing->session,
        .vault = showing->vault,
        .facts = facts,
        .reason = mud_str_z(reason ? reason : ""),
        .records = mud_args_has(showing->args, "records")};

    return mud_original_put(&original, err);
}

static bool name_source(struct showing *showing, int32_t id,
                        struct mud_error *err)
{
    struct mud_source *sources;
    size_t n;

    if (!mud_source_list(
            &sources, &n, showing->session.pg, showing->session.arena, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (sources[i].id == id)
            showing->source = sources[i].name;
    }
    return true;
}

static bool find_witnesses(struct showing *showing, struct mud_id id,
                           struct mud_error *err)
{
    char text[MUD_ID_TEXT];
    const struct mud_str arg = mud_str_z(mud_id_text(text, id));

    return mud_pg_query(&showing->witnesses,
                        showing->session.pg,
                        mud_sql("witness_of"),
                        &arg,
                        1,
                        err);
}

static bool show_capture(struct showing *showing, struct mud_id id,
                         struct mud_error *err)
{
    struct mud_capture_shown shown = {0};
    struct mud_buf json = {0}, text = {0};

    if (!mud_capture_show(&shown,
                          showing->vault,
                          showing->session.pg,
                          id,
                          showing->session.arena,
                          err))
        return false;
    if (mud_args_has(showing->args, "raw"))
        return put_raw(showing, &shown.facts, err);
    if (!name_source(showing, shown.facts.c.source, err) ||
        !mud_entry_steps(&showing->steps,
                         showing->session.pg,
                         &shown.facts,
                         showing->session.arena,
                         err) ||
        (mud_args_has(showing->args, "verify") &&
         !verify_now(showing, id, err)) ||
        !find_witnesses(showing, id, err))
        return false;
    capture_json(&json, &shown, showing);
    capture_text(&text, &shown, showing);
    mud_out_record(&showing->out, mud_buf_view(&json), mud_buf_view(&text));
    mud_buf_free(&json);
    mud_buf_free(&text);
    mud_rows_free(showing->witnesses);
    showing->witnesses = NULL;
    return true;
}

/* A capture has the id, or something of the graph. */
static bool show_id(struct showing *showing, struct mud_id id,
                    struct mud_error *err)
{
    if (show_capture(showing, id, err))
        return true;
    if (err->code != MUD_EMISSING)
        return false;
    mud_error_clear(err);
    return mud_show(showing->session.pg, id, put, showing, err);
}

/* "qq:9812345670" or a name: everything that it means. */
static bool show_named(struct showing *showing, const char *name,
                       struct mud_error *err)
{
    struct mud_id *ids = NULL;
    size_t n = 0;
    bool good =
        mud_node_find(&ids, &n, showing->session.pg, mud_str_z(name), err);

    for (size_t i = 0; good && i < n; i++)
        good = mud_show(showing->session.pg, ids[i], put, showing, err);
    free(ids);
    return good;
}

/* What a post, or the page of an address, said over time or at a time. */
static bool show_then(struct showing *showing, const char *name,
                      struct mud_error *err)
{
    const char *as_of = mud_args_get(showing->args, "as-of");
    struct mud_pg *pg = showing->session.pg;
    struct mud_id id;
    int64_t at = 0;

    /* A day is meant to its end. */
    if (as_of && !mud_time_option(&at, "--as-of", as_of, true, err))
        return false;
    if (mud_id_parse(mud_str_z(name), &id))
        return mud_history(pg, id, at, put, showing, err);
    if (strstr(name, "://"))
        return mud_history_page(
            pg, mud_str_z(name), at ? at : mud_now(), put, showing, err);
    return mud_fail(err,
                    MUD_EUSAGE,
                    mud_t("%s is neither the id of a post nor an address",
                          "%s 既不是帖子编号，也不是网址"),
                    name);
}

int mud_cmd_show(const struct mud_args *args, struct mud_error *err)
{
    struct showing showing = {.args = args};
    const char *name = mud_args_operand(args, 0);
    struct mud_id id;

    if (mud_args_has(args, "records") && !mud_args_has(args, "raw")) {
        mud_fail(err, MUD_EUSAGE, "--records goes with --raw");
        return mud_exit_of(err);
    }
    bool good = mud_out_begin(&showing.out, args, err) &&
                mud_session_open(&showing.session, args, err) &&
                mud_vault_open(&showing.vault, showing.session.home, err);
    if (good && (mud_args_has(args, "as-of") || mud_args_has(args, "history") ||
                 strstr(name, "://")))
        good = show_then(&showing, name, err);
    else if (good)
        good = mud_id_parse(mud_str_z(name), &id)
                   ? show_id(&showing, id, err)
                   : show_named(&showing, name, err);
    if (good && !mud_args_has(args, "raw"))
        good = mud_out_end(&showing.out, err);
    mud_vault_close(showing.vault);
    mud_session_close(&showing.session);
    return !good                ? mud_exit_of(err)
           : showing.verify.bad ? MUD_EXIT_FAILED
                                : MUD_EXIT_DONE;
}
