#include "base/conf.h"
#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "desk/approval.h"
#include "run/shot.h"

#include <fcntl.h>
#include <unistd.h>

static void put_json(struct mud_buf *out, const struct mud_shot *shot,
                     const char *file)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "shot");
    mud_json_kint(&json, "schema", 1);
    mud_json_kid(&json, "capture", shot->capture.id);
    mud_json_kstr(&json, "url", shot->capture.url);
    mud_json_ktime(&json, "at", shot->at);
    mud_json_khex(&json, "sha256", shot->sha256, MUD_SHA256);
    mud_json_kint(&json, "size", (int64_t)shot->png.n);
    if (shot->path.n)
        mud_json_kstr(&json, "path", shot->path);
    if (file)
        mud_json_kz(&json, "file", file);
    mud_json_kstr(&json, "renderer", shot->renderer);
    mud_json_kint(&json, "width", shot->width);
    mud_json_kint(&json, "height", shot->height);
    mud_json_kint(&json, "page_height", shot->page_height);
    mud_json_kbool(&json, "cut", shot->cut);
    mud_json_kbool(&json, "loaded", shot->in_time);
    mud_json_kbool(&json, "masked", shot->masked);
    mud_json_kint(&json, "covered", (int64_t)shot->covered);
    mud_json_kint(&json, "used", shot->used);
    mud_json_kint(&json, "withheld", shot->withheld);
    mud_json_kint(&json, "not_in_archive", shot->not_there);
    mud_json_kz(&json,
                "offline",
                shot->network_namespace ? "namespace and filter" : "filter");
    mud_json_kbool(&json, "sandbox", shot->sandbox);
    mud_json_kint(&json, "ledger_seq", shot->ledger_seq);
    mud_json_object_end(&json);
}

static void put_text(struct mud_buf *out, const struct mud_shot *shot,
                     const char *file)
{
    char hex[MUD_HEX256];

    mud_buf_printf(out,
                   mud_t("%d x %d pixels, %zu bytes, drawn by ",
                         "%d × %d 像素，%zu 字节，渲染程序 "),
                   shot->width,
                   shot->height,
                   shot->png.n);
    mud_text_plain(out, shot->renderer, 100);
    mud_buf_printf(
        out, "\n  sha256  %s\n", mud_hex(hex, shot->sha256, MUD_SHA256));
    if (shot->path.n)
        mud_buf_printf(out,
                       mud_t("  kept    %.*s\n", "  保存    %.*s\n"),
                       MUD_FMT(shot->path));
    if (file) {
        mud_buf_z(out, mud_t("  file    ", "  文件    "));
        mud_text_plain(out, mud_str_z(file), 1000);
        mud_buf_c(out, '\n');
    }
    mud_buf_printf(out,
                   mud_t("  ledger  line %lld\n", "  台账    第 %lld 行\n"),
                   (long long)shot->ledger_seq);
    mud_buf_printf(
        out,
        mud_t("pictures and styles: %d from the archive, %d withheld, "
              "%d not in it\n",
              "图片与样式：存档 %d，未予显示 %d，存档所无 %d\n"),
        shot->used,
        shot->withheld,
        shot->not_there);
    if (shot->masked)
        mud_buf_printf(out,
                       mud_t("victims' data covered: %zu characters\n",
                             "已遮盖受害人数据 %zu 字\n"),
                       shot->covered);
    else
        mud_buf_z(out,
                  mud_t("NOT MASKED: not to be passed on\n",
                        "未遮盖：不得外传\n"));
    if (shot->cut)
        mud_buf_z(out,
                  mud_t("the page is longer than the picture\n",
                        "页面长于图片，未能全部显示\n"));
    if (!shot->in_time)
        mud_buf_z(out,
                  mud_t("the page was still loading when it was drawn\n",
                        "渲染时页面尚未载入完成\n"));
}

static bool write_file(const char *path, struct mud_str png, bool masked,
                       struct mud_error *err)
{
    int fd = open(
        path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, masked ? 0644 : 0600);
    bool good = fd >= 0 && mud_write_all(fd, png);

    if (!good)
        mud_fail_errno(err, MUD_EIO, "write %s", path);
    return (fd < 0 || close(fd) == 0 ||
            mud_fail_errno(err, MUD_EIO, "write %s", path)) &&
           good;
}

/* What is asked for is bound to the capture's bytes. */
static bool approved(struct mud_shot_ask *ask, struct mud_session *session,
                     struct mud_error *err)
{
    char id[MUD_ID_TEXT], hex[MUD_HEX256];
    uint8_t digest[MUD_SHA256];
    struct mud_capture capture;

    if (!mud_capture_load(
            &capture, session->pg, ask->capture, session->arena, err))
        return false;
    mud_hex(hex, capture.sha256, MUD_SHA256);
    mud_id_text(id, ask->capture);
    mud_sha256_of(
        mud_str_printf(session->arena, "shot unmasked %s %s", id, hex), digest);
    const struct mud_approval_ask wanted = {
        .action = "original",
        .kind = "capture",
        .object = mud_str_z(id),
        .digest = digest,
        .detail = MUD_STR("{\"as\":\"picture, not masked\"}"),
        .reason = ask->reason,
        .who = mud_str_z(session->who)};
    return mud_approval_require(&ask->approval, session->pg, &wanted, err);
}

static bool read_ask(struct mud_shot_ask *ask, const struct mud_args *args,
                     struct mud_error *err)
{
    struct mud_str id = mud_str_z(mud_args_operand(args, 0));

    *ask = (struct mud_shot_ask){.unmasked = mud_args_has(args, "unmasked"),
                                 .reason =
                                     mud_str_z(mud_args_get(args, "reason"))};
    if (!mud_id_parse(id, &ask->capture))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%.*s is no id of a capture (mudlark show)",
                        MUD_FMT(id));
    return !ask->unmasked || (ask->reason.n && mud_args_get(args, "output")) ||
           mud_fail(err,
                    MUD_EUSAGE,
                    "%s",
                    mud_t("--unmasked needs --reason and --output",
                          "--unmasked 须同时给出 --reason 与 --output"));
}

int mud_cmd_shot(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_worker worker = {0};
    struct mud_shot_ask ask;
    struct mud_shot shot;
    struct mud_buf json = {0}, text = {0};
    struct mud_out out;
    const char *file = mud_args_get(args, "output");
    char program[4096];
    bool good = read_ask(&ask, args, err) && mud_out_begin(&out, args, err) &&
                mud_browser_find(program, sizeof(program), err) &&
                mud_session_open(&session, args, err);

    good = good && (!ask.unmasked || approved(&ask, &session, err)) &&
           mud_worker_open(&worker, session.home, session.who, err) &&
           mud_shot_take(&shot, &worker, &ask, session.arena, err) &&
           (!file || write_file(file, shot.png, shot.masked, err));
    if (good) {
        put_json(&json, &shot, file);
        put_text(&text, &shot, file);
        mud_out_record(&out, mud_buf_view(&json), mud_buf_view(&text));
        good = mud_out_end(&out, err);
    }
    mud_buf_free(&json);
    mud_buf_free(&text);
    mud_worker_close(&worker);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
