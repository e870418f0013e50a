#include "run/report.h"

#include "base/lang.h"
#include "base/time.h"
#include "base/utf8.h"
#include "run/reason.h"

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

void mud_report_forget_skips(struct mud_report *report)
{
    memset(report->skips, 0, report->n_skips * sizeof *report->skips);
    report->n_skips = 0;
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
    sum->growing += part->growing;
    if (part->again && (!sum->again || part->again < sum->again))
        sum->again = part->again;
    for (size_t i = 0; i < part->n_skips; i++) {
        mud_report_skip(
            sum, part->skips[i].reason, mud_str_z(part->skips[i].example));
        row(sum, part->skips[i].reason)->count += part->skips[i].count - 1;
    }
}

bool mud_report_is_idle(const struct mud_report *report)
{
    return !report->pages && !report->captures && !report->known &&
           !report->n_skips && !report->left;
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
    if (report->growing)
        mud_json_kint(&json, "growing", report->growing);
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
                       mud_reason_words(skip->reason),
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
    if (report->growing)
        mud_buf_printf(out,
                       mud_t(", %lld still growing", "，%lld 份仍在写入"),
                       (long long)report->growing);
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
