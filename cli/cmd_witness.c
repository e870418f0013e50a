/* A second witness of a capture, and both records side by side. */
#include "run/witness.h"

#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "run/worker.h"

#include <stdio.h>

static void put_json(struct mud_buf *out, const struct mud_witness *w)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "witness");
    mud_json_kint(&json, "schema", 1);
    mud_json_kid(&json, "first", w->first.c.id);
    mud_json_kid(&json, "second", w->second.c.id);
    mud_json_kz(&json, "verdict", mud_witnessed_name(w->verdict));
    mud_json_kbool(&json, "independent", w->independent);
    mud_json_kint(&json, "posts_same", (int64_t)w->both);
    mud_json_kint(&json, "posts_changed", (int64_t)w->changed);
    mud_json_kint(&json, "posts_only_first", (int64_t)w->only_first);
    mud_json_kint(&json, "posts_only_second", (int64_t)w->only_second);
    mud_json_key(&json, "fields");
    mud_json_array(&json);
    for (size_t i = 0; i < w->n_fields; i++) {
        const struct mud_witness_field *f = &w->fields[i];

        mud_json_object(&json);
        mud_json_kz(&json, "name", f->name);
        mud_json_kstr(&json, "first", f->first);
        mud_json_kstr(&json, "second", f->second);
        mud_json_kbool(&json, "same", f->same);
        mud_json_kbool(&json, "expected", f->expected);
        mud_json_object_end(&json);
    }
    mud_json_array_end(&json);
    mud_json_key(&json, "posts");
    mud_json_array(&json);
    for (size_t i = 0; i < w->n_posts; i++) {
        const struct mud_witness_post *p = &w->posts[i];

        mud_json_object(&json);
        mud_json_kstr(&json, "post", p->key);
        mud_json_kstr(&json, "author", p->author);
        if (p->first.s)
            mud_json_kstr(&json, "first", p->first);
        if (p->second.s)
            mud_json_kstr(&json, "second", p->second);
        mud_json_object_end(&json);
    }
    mud_json_array_end(&json);
    mud_json_object_end(&json);
}

static const char *verdict_text(enum mud_witnessed verdict)
{
    switch (verdict) {
    case MUD_SAME_BYTES:
        return mud_t("the same bytes", "内容逐字节相同");
    case MUD_SAME_POSTS:
        return mud_t(
            "other bytes, the same posts word for word: what differs "
            "is what the page makes anew each time",
            "字节不同，但所读帖子逐字相同：差异在于页面每次生成的部分");
    case MUD_OTHER_POSTS:
        return mud_t("THE POSTS ARE NOT THE SAME", "所读帖子不一致");
    case MUD_NO_POSTS:
        break;
    }
    return mud_t("other bytes, and no posts to tell by what they mean",
                 "字节不同，且没有可供比对的帖子");
}

/* "= status  200" or "/ sha256" with both below. */
static void put_field(struct mud_buf *out, const struct mud_witness_field *f)
{
    if (!f->first.n && !f->second.n)
        return;
    mud_buf_printf(out,
                   "%s %-16s",
                   f->same       ? "  ="
                   : f->expected ? "  !"
                                 : "  ~",
                   f->name);
    mud_text_plain(out, f->first, 300);
    if (!f->same) {
        mud_buf_printf(out, "\n    %-16s", "");
        mud_text_plain(out, f->second, 300);
    }
    mud_buf_c(out, '\n');
}

static void put_post(struct mud_buf *out, const struct mud_witness_post *p)
{
    mud_buf_z(out, mud_t("  post ", "  帖子 "));
    mud_text_plain(out, p->key, 60);
    mud_buf_c(out, ' ');
    mud_text_plain(out, p->author, 60);
    mud_buf_z(out, "\n    1  ");
    mud_text_plain(
        out, p->first.s ? p->first : mud_str_z(mud_t("(none)", "（无）")), 400);
    mud_buf_z(out, "\n    2  ");
    mud_text_plain(out,
                   p->second.s ? p->second
                               : mud_str_z(mud_t("(none)", "（无）")),
                   400);
    mud_buf_c(out, '\n');
}

static void put_text(struct mud_buf *out, const struct mud_witness *w)
{
    char a[MUD_ID_TEXT], b[MUD_ID_TEXT];

    mud_buf_printf(out,
                   "1  %s\n2  %s\n%s\n",
                   mud_id_text(a, w->first.c.id),
                   mud_id_text(b, w->second.c.id),
                   verdict_text(w->verdict));
    if (!w->independent)
        mud_buf_z(out,
                  mud_t("not independent: the same machine, by the same way\n",
                        "并非独立：同一主机、同一线路\n"));
    mud_buf_printf(
        out,
        mud_t(
            "posts: %zu the same, %zu changed, %zu only in 1, %zu only in 2\n",
            "帖子：%zu 条相同，%zu 条改变，仅见于 1 者 %zu 条，仅见于 2 者 %zu 条\n"),
        w->both,
        w->changed,
        w->only_first,
        w->only_second);
    for (size_t i = 0; i < w->n_fields; i++)
        put_field(out, &w->fields[i]);
    for (size_t i = 0; i < w->n_posts; i++)
        put_post(out, &w->posts[i]);
}

/* The second capture: made now, or one that is there. */
static bool second_of(struct mud_id *second, struct mud_worker *worker,
                      struct mud_id first, const struct mud_args *args,
                      struct mud_arena *arena, struct mud_error *err)
{
    const char *with = mud_args_get(args, "with");
    const char *proxy = mud_args_get(args, "proxy");

    if (with && proxy)
        return mud_fail(err, MUD_EUSAGE, "--with fetches nothing: no --proxy");
    if (with && !mud_id_parse(mud_str_z(with), second))
        return mud_fail(err, MUD_EUSAGE, "%s is no id of a capture", with);
    return with ? mud_witness_note(worker, first, *second, arena, err)
                : mud_witness_take(
                      second, worker, first, mud_str_z(proxy), arena, err);
}

int mud_cmd_witness(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_worker worker = {0};
    struct mud_witness w = {.n_fields = 0};
    struct mud_str text = mud_str_z(mud_args_operand(args, 0));
    struct mud_buf json = {0}, plain = {0};
    struct mud_id first, second;
    struct mud_out out;
    bool good = mud_id_parse(text, &first) ||
                mud_fail(err,
                         MUD_EUSAGE,
                         "%.*s is no id of a capture (mudlark show)",
                         MUD_FMT(text));

    good = good && mud_out_begin(&out, args, err) &&
           mud_session_admit(&session, args, err) &&
           mud_worker_open(&worker, session.home, session.who, err) &&
           second_of(&second, &worker, first, args, session.arena, err) &&
           mud_witness_compare(&w, &worker, first, second, session.arena, err);
    if (good) {
        put_json(&json, &w);
        put_text(&plain, &w);
        mud_out_record(&out, mud_buf_view(&json), mud_buf_view(&plain));
        good = mud_out_end(&out, err);
    }
    mud_buf_free(&json);
    mud_buf_free(&plain);
    mud_worker_close(&worker);
    mud_session_close(&session);
    if (!good)
        return mud_exit_of(err);
    return w.verdict <= MUD_SAME_POSTS ? MUD_EXIT_DONE : MUD_EXIT_PARTLY;
}
