#include "run/folder_reason.h"

#include "base/lang.h"
#include "base/utf8.h"
#include "run/reason.h"

#include <string.h>

static bool is_one_of(const char *code, const char *const *codes)
{
    for (; *codes; codes++)
        if (strcmp(code, *codes) == 0)
            return true;
    return false;
}

/* What is no loss: facts about pages and posts, and what the source does not
 * want. */
static bool is_no_loss(const char *code)
{
    static const char *const codes[] = {"known",
                                        "hidden",
                                        "login-wall",
                                        "media-off",
                                        "message",
                                        "post-blocked",
                                        "post-deleted",
                                        "post-login",
                                        NULL};

    return is_one_of(code, codes);
}

bool mud_folder_is_fine(const struct mud_folder_outcome *outcome)
{
    const struct mud_report *report = outcome->report;

    if (outcome->refused || outcome->error)
        return false;
    for (size_t i = 0; i < report->n_skips; i++)
        if (!is_no_loss(report->skips[i].reason))
            return false;
    return true;
}

bool mud_folder_is_half(const struct mud_report *report)
{
    static const char *const codes[] = {
        "truncated", "archive-broken", "damaged-warc", NULL};

    for (size_t i = 0; i < report->n_skips; i++)
        if (is_one_of(report->skips[i].reason, codes))
            return true;
    return false;
}

/* What a stranger's file says, fit for a terminal. */
static void put_plain(struct mud_buf *out, const char *text)
{
    size_t from = out->n;

    mud_buf_z(out, text);
    mud_utf8_plain(out->s + from, out->n - from);
}

static void put_skip(struct mud_buf *out, const struct mud_skip *skip,
                     struct mud_str source)
{
    const char *todo = mud_reason_advice(skip->reason);

    mud_buf_printf(out,
                   mud_t("- %s (%s), %lld times, first: ",
                         "- %s（%s），%lld 次，首次："),
                   mud_reason_words(skip->reason),
                   skip->reason,
                   (long long)skip->count);
    put_plain(out, skip->example);
    mud_buf_c(out, '\n');
    if (!*todo)
        return;
    mud_buf_z(out, mud_t("  what to do: ", "  处理："));
    mud_reason_named(out, todo, source);
    mud_buf_c(out, '\n');
}

void mud_folder_reason(struct mud_buf *out,
                       const struct mud_folder_outcome *outcome)
{
    const struct mud_report *report = outcome->report;
    int64_t kept = report->captures + report->known;

    put_plain(out, outcome->name);
    mud_buf_z(out,
              outcome->refused ? mud_t(": refused, for\n", "：已拒收，原因\n")
                               : mud_t(": taken, but not all of it was read\n",
                                       "：已导入，但有内容未能读取\n"));
    if (outcome->error) {
        mud_buf_z(out, "- ");
        put_plain(out, outcome->error->text);
        mud_buf_z(out,
                  mud_t("\n  what to do: put that right and drop it again\n",
                        "\n  处理：修正后重新放入\n"));
    }
    for (size_t i = 0; i < report->n_skips; i++)
        if (!is_no_loss(report->skips[i].reason))
            put_skip(out, &report->skips[i], outcome->source);
    mud_buf_printf(
        out,
        mud_t("%lld posts were read; kept as evidence: %lld files "
              "or pages (mudlark show)\n",
              "已读取帖子 %lld 条；已存证 %lld 份文件或网页（mudlark "
              "show）\n"),
        (long long)report->posts,
        (long long)kept);
}
