#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/summary.h"

int mud_cmd_stats(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_reader *reader = NULL;
    struct mud_out out;

    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_reader_new(&reader, mud_lexicon_file(), err) &&
                mud_summary_stats(&out, session.pg, reader, err) &&
                mud_out_end(&out, err);
    mud_reader_free(reader);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
