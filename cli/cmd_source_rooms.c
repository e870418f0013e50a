/* `mudlark source rooms NAME`: which rooms the servers of a source show. */
#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/text.h"
#include "run/collect_xmpp.h"

static bool put(struct mud_str room, struct mud_str name, bool watched,
                void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;
    struct mud_buf record = {0}, text = {0};
    struct mud_json json = {.buf = &record};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "room");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "room", room);
    mud_json_kstr(&json, "name", name);
    mud_json_kbool(&json, "watched", watched);
    mud_json_object_end(&json);
    mud_text_plain(&text, room, 127);
    mud_buf_z(&text, "  ");
    mud_text_plain(&text, name, 80);
    mud_buf_z(&text, watched ? mud_t("  [watched]\n", "  [已监测]\n") : "\n");
    mud_out_record(out, mud_buf_view(&record), mud_buf_view(&text));
    mud_buf_free(&record);
    mud_buf_free(&text);
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

int mud_cmd_source_rooms(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source source;
    struct mud_out out;
    bool good =
        mud_out_begin(&out, args, err) &&
        mud_session_open(&session, args, err) &&
        mud_source_load(&source,
                        session.pg,
                        mud_str_z(mud_args_operand(args, 0)),
                        session.arena,
                        err) &&
        mud_xmpp_rooms(session.pg, session.home, &source, put, &out, err);

    if (good && !out.records)
        mud_out_text(
            &out, "%s", mud_t("no room is shown\n", "没有公开的聊天室\n"));
    good = good && mud_out_end(&out, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
