#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/source_args.h"

/* The record of the command line: what was changed, newest first. */
static void put(struct mud_out *out, const struct mud_source *source,
                const struct mud_source_change *changes, size_t n)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "source_change");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "source", source->name);
    mud_json_key(&json, "changes");
    mud_source_changes_json(&json, changes, n);
    mud_json_object_end(&json);
    if (n)
        mud_source_changes_text(&text, changes, n);
    else
        mud_buf_printf(&text,
                       mud_t("%.*s: nothing to change\n", "%.*s：没有改动\n"),
                       MUD_FMT(source->name));
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

void mud_source_changes_json(struct mud_json *json,
                             const struct mud_source_change *changes, size_t n)
{
    mud_json_array(json);
    for (size_t i = 0; i < n; i++) {
        mud_json_object(json);
        mud_json_ktime(json, "at", changes[i].at);
        mud_json_kstr(json, "by", changes[i].by);
        mud_json_kstr(json, "field", changes[i].field);
        mud_json_kstr(json, "was", changes[i].was);
        mud_json_kstr(json, "becomes", changes[i].becomes);
        if (changes[i].note.n)
            mud_json_kstr(json, "note", changes[i].note);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

void mud_source_changes_text(struct mud_buf *text,
                             const struct mud_source_change *changes, size_t n)
{
    char when[MUD_LOCAL_TEXT];

    for (size_t i = 0; i < n; i++) {
        const struct mud_source_change *c = &changes[i];
        mud_buf_printf(text,
                       mud_t("  changed   %.16s by %.*s: %.*s, %.*s -> %.*s",
                             "  改动      %.16s %.*s：%.*s，%.*s -> %.*s"),
                       mud_local_text(when, c->at),
                       MUD_FMT(c->by),
                       MUD_FMT(c->field),
                       MUD_FMT(c->was.n ? c->was : MUD_STR("-")),
                       MUD_FMT(c->becomes.n ? c->becomes : MUD_STR("-")));
        if (c->note.n)
            mud_buf_printf(
                text, mud_t(" (%.*s)", "（%.*s）"), MUD_FMT(c->note));
        mud_buf_c(text, '\n');
    }
}

int mud_cmd_source_set(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source source;
    struct mud_source_change *changes = NULL;
    struct mud_str name = mud_str_z(mud_args_operand(args, 0));
    const char *note = mud_args_get(args, "note");
    struct mud_out out;
    size_t n = 0;

    bool good =
        mud_out_begin(&out, args, err) &&
        mud_session_open(&session, args, err) &&
        mud_source_load(&source, session.pg, name, session.arena, err) &&
        mud_source_args(&source, args, session.arena, err) &&
        mud_source_set(&n,
                       &source,
                       mud_str_z(session.who),
                       mud_str_z(note),
                       session.pg,
                       session.arena,
                       err) &&
        (!n || mud_source_changes(
                   &changes, &n, session.pg, &source, n, session.arena, err));
    if (good) {
        put(&out, &source, changes, n);
        good = mud_out_end(&out, err);
    }
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
