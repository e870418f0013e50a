#include "run/report.h"

#include "base/lang.h"
#include "base/time.h"
#include "base/utf8.h"

#include <stdio.h>

#define DAY (86400 * MUD_SECOND) /* what zones and clocks may be off by */

static struct mud_skip *row(struct mud_report *report, const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++) {
        if (strcmp(report->skips[i].reason, reason) == 0)
            return &report->skips[i];
    }
    if (report->n_skips == MUD_SKIPS_MAX)
        return &report->skips[MUD_SKIPS_MAX - 1];
    struct mud_skip *skip = &report->skips[report->n_skips++];
    if (report->n_skips == MUD_SKIPS_MAX)
        reason = "other";
    snprintf(skip->reason, sizeof skip->reason, "%s", reason);
    return skip;
}

void mud_report_skip(struct mud_report *report, const char *reason,
                     struct mud_str example)
{
    struct mud_skip *skip = row(report, reason);

    if (!skip->count++) {
        size_t n = mud_utf8_cut(example, sizeof skip->example - 1);
        snprintf(skip->example,
                 sizeof skip->example,
                 "%.*s",
                 (int)n,
                 example.s ? example.s : "");
    }
}

void mud_report_post(struct mud_report *report, int64_t posted)
{
    report->posts++;
    if (posted > report->newest && posted <= mud_now() + DAY)
        report->newest = posted;
}

void mud_report_add(struct mud_report *sum, const struct mud_report *part)
{
    sum->pages += part->pages;
    sum->captures += part->captures;
    sum->known += part->known;
    sum->bytes += part->bytes;
    sum->posts += part->posts;
    sum->notes += part->notes;
    if (part->newest > sum->newest)
        sum->newest = part->newest;
    sum->left += part->left;
    for (size_t i = 0; i < part->n_skips; i++) {
        mud_report_skip(
            sum, part->skips[i].reason, mud_str_z(part->skips[i].example));
        row(sum, part->skips[i].reason)->count += part->skips[i].count - 1;
    }
}

void mud_report_json(struct mud_buf *out, const struct mud_report *report,
                     struct mud_str source)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "report");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "source", source);
    mud_json_kint(&json, "pages", report->pages);
    mud_json_kint(&json, "captures", report->captures);
    mud_json_kint(&json, "known", report->known);
    mud_json_kint(&json, "bytes", report->bytes);
    mud_json_kint(&json, "posts", report->posts);
    mud_json_kint(&json, "left", report->left);
    mud_json_key(&json, "skipped");
    mud_json_array(&json);
    for (size_t i = 0; i < report->n_skips; i++) {
        mud_json_object(&json);
        mud_json_kz(&json, "reason", report->skips[i].reason);
        mud_json_kint(&json, "count", report->skips[i].count);
        mud_json_kz(&json, "example", report->skips[i].example);
        mud_json_object_end(&json);
    }
    mud_json_array_end(&json);
    mud_json_object_end(&json);
}

/* Reasons that a person meets often, in words; others stand as they are. */
static const struct {
    const char *reason, *en, *zh;
} words[] = {
    {"login-wall", "needs an account", "需要登录"},
    {"challenge", "challenge page of the site", "站点验证页"},
    {"message", "notice of the site instead of a page", "站点提示页"},
    {"no-posts", "thread page without posts", "主题页没有帖子"},
    {"unknown-page", "no engine knows the page", "无法识别的页面"},
    {"unknown-file", "no parser knows the file", "无法识别的文件"},
    {"too-large", "too large for a page", "页面过大"},
    {"message-too-large", "message above 16 MiB", "消息超过 16 MiB"},
    {"link", "link, not followed", "符号链接，未跟随"},
    {"hidden", "hidden file or folder", "隐藏文件或目录"},
    {"special", "neither file nor folder", "既非文件也非目录"},
    {"dns", "no such name, or no resolver", "域名无法解析"},
    {"tls", "no secure connection", "TLS 连接失败"},
    {"proxy", "the proxy does not take it", "代理拒绝或无应答"},
    {"timeout", "no answer in time", "超时"},
    {"http-429", "the site says: too many requests", "站点限速"},
    {"robots", "robots.txt forbids it", "robots.txt 禁止"},
    {"network", "no answer", "网络错误"},
    {"tls-expired", "its certificate has expired", "证书已过期"},
    {"tls-not-yet-valid", "its certificate is not valid yet", "证书尚未生效"},
    {"tls-wrong-host", "its certificate is another host's", "证书主机名不符"},
    {"tls-self-signed", "its certificate is self-signed", "证书为自签名"},
    {"tls-unknown-ca",
     "nobody known vouches for its certificate",
     "证书颁发者不受信任"},
    {"tls-revoked", "its certificate was revoked", "证书已吊销"},
    {"tls-weak", "its key or digest is too weak", "证书密钥或摘要过弱"},
    {"tls-old-protocol", "it speaks no TLS 1.2", "仅支持过旧的 TLS 版本"},
    {"tls-none", "what answers there speaks no TLS", "该端口不是 TLS 服务"},
    {"out-of-scope", "outside the source's scope", "超出来源范围"},
    {"day-bytes", "bytes of the day are used up", "当日流量已用尽"},
    {"day-pages", "pages of the day are used up", "当日页数已用尽"},
    {"round-time", "time of the round is over", "本轮时间已到"},
    {"trap",
     "address that a site makes up without end",
     "站点可无限生成的地址"},
    {"over-range",
     "behind the last page: an earlier one came again",
     "超出末页，返回了前面的页"},
    {"slowed-down",
     "the site finds us too fast: asked again later",
     "站点限速，稍后重试"},
    {"walled",
     "wall of the site, the round ended: source show says what to do",
     "被站点拦截，本轮结束：处理方法见 source show"},
    {"outside-hours", "outside the source's hours", "不在采集时段内"},
    {"logged-out",
     "shown to a stranger, asked for again",
     "未登录，登录后重新抓取"},
    {"account-locked", "account locked", "账号已锁定"},
    {"bad-answer", "no answer that can be kept", "应答无法封存"},
    {"bad-address", "no address that can be fetched", "地址无法抓取"},
    {"budget", "a budget was used up", "预算已用尽"},
    {"server-error", "error of the site", "站点错误"},
    {"waiting", "found, not fetched yet", "已发现，尚未抓取"},
    {"truncated", "cut off", "内容被截断"},
    {"undecodable", "cannot be decoded", "无法解码"},
    {"damaged-warc", "damaged place in a WARC", "WARC 损坏处"},
    {"worker-killed", "killed its parse worker", "解析进程被终止"},
    {"known", "held already", "已有，未重复导入"},
    {"post-blocked", "post blocked by a moderator", "帖子被屏蔽"},
    {"post-deleted", "post deleted", "帖子已删除"},
    {"post-login", "post needs an account", "帖子需登录可见"},
};

const char *mud_report_words(const char *reason)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].reason, reason) == 0)
            return mud_lang_chinese() ? words[i].zh : words[i].en;
    }
    return reason;
}

void mud_report_skips_text(struct mud_buf *out, const struct mud_report *report)
{
    for (size_t i = 0; i < report->n_skips; i++) {
        const struct mud_skip *skip = &report->skips[i];
        char example[sizeof skip->example];
        memcpy(example, skip->example, sizeof example);
        mud_utf8_plain(example, strlen(example)); /* a stranger's words */
        mud_buf_printf(out,
                       mud_t("  skipped %lld: %s (%s)\n",
                             "  跳过 %lld：%s（%s）\n"),
                       (long long)skip->count,
                       mud_report_words(skip->reason),
                       example);
    }
}

void mud_report_text(struct mud_buf *out, const struct mud_report *report,
                     struct mud_str source)
{
    mud_buf_printf(
        out,
        mud_t("%.*s: %lld read, %lld sealed (%lld bytes), %lld posts",
              "%.*s：读取 %lld，封存 %lld（%lld 字节），帖子 %lld"),
        MUD_FMT(source),
        (long long)report->pages,
        (long long)report->captures,
        (long long)report->bytes,
        (long long)report->posts);
    if (report->known)
        mud_buf_printf(out,
                       mud_t(", %lld held already", "，%lld 份已有"),
                       (long long)report->known);
    if (report->left)
        mud_buf_printf(out,
                       mud_t(", %lld pages still to fetch",
                             "，尚有 %lld 页待抓取"),
                       (long long)report->left);
    mud_buf_c(out, '\n');
    mud_report_skips_text(out, report);
}

bool mud_report_outcomes(struct mud_report *out, struct mud_pg *pg,
                         int32_t source, struct mud_error *err)
{
    char id[16];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source);
    struct mud_str arg = source ? mud_str_z(id) : MUD_SQL_NULL;
    if (!mud_pg_query(&rows, pg, mud_sql("frontier_outcomes"), &arg, 1, err))
        return false;
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        struct mud_str outcome = mud_rows_get(rows, i, 0);
        char reason[sizeof out->skips[0].reason];
        int64_t n = mud_rows_int(rows, i, 1);
        snprintf(reason, sizeof reason, "%.*s", MUD_FMT(outcome));
        if (strcmp(reason, "read") == 0) {
            out->pages += n;
            continue;
        }
        mud_report_skip(out, reason, mud_rows_get(rows, i, 2));
        row(out, reason)->count += n - 1;
    }
    mud_rows_free(rows);
    return true;
}
