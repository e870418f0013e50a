#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "parse/engine.h"
#include "run/parse_warc.h"

#include <stdio.h>
#include <unistd.h>

/* Records are lines; a terminal shows the same lines. */
static bool put_line(struct mud_str line, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;

    if (line.n && line.s[line.n - 1] == '\n')
        line.n--;
    if (out->format == MUD_FORMAT_TEXT) {
        struct mud_buf text = {0};
        mud_buf_str(&text, line);
        mud_buf_c(&text, '\n');
        mud_out_record(out, line, mud_buf_view(&text));
        mud_buf_free(&text);
    } else {
        mud_out_record(out, line, line);
    }
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

static bool parse_path(const char *path,
                       const struct mud_parse_options *options,
                       struct mud_parser *parser, struct mud_parse_sink *sink,
                       struct mud_error *err)
{
    enum mud_input input;

    if (!mud_input_of(&input, path, err))
        return false;
    if (input == MUD_INPUT_WARC)
        return mud_parse_warc(path, options, parser, sink, err);
    return mud_parse_path(path, options, parser, sink, err);
}

static bool engine_known(struct mud_str name, struct mud_error *err)
{
    struct mud_buf names = {0};

    if (!name.n || mud_engine_find(name))
        return true;
    for (size_t i = 0; mud_engines()[i]; i++) {
        struct mud_str one = mud_engines()[i]->name;
        if (one.n && mud_engine_find(one) == mud_engines()[i])
            mud_buf_printf(&names, "%s%.*s", names.n ? ", " : "", MUD_FMT(one));
    }
    mud_fail(err,
             MUD_EUSAGE,
             "no engine %.*s; there are: %.*s",
             MUD_FMT(name),
             MUD_FMT(mud_buf_view(&names)));
    mud_buf_free(&names);
    return false;
}

int mud_cmd_parse(const struct mud_args *args, struct mud_error *err)
{
    struct mud_parse_options options = {
        .url = mud_str_z(mud_args_get(args, "url")),
        .engine = mud_str_z(mud_args_get(args, "engine")),
        .zone = mud_str_z(mud_args_get(args, "zone")),
    };
    struct mud_out out;
    struct mud_parse_sink sink = {.line = put_line, .payload = &out};
    bool good = true;

    if (!mud_out_begin(&out, args, err) || !engine_known(options.engine, err))
        return MUD_EXIT_USAGE;
    struct mud_parser *parser = mud_parser_new();
    for (size_t i = 0; good && i < mud_args_count(args); i++)
        good =
            parse_path(mud_args_operand(args, i), &options, parser, &sink, err);
    mud_parser_free(parser);
    if (isatty(STDERR_FILENO) && !mud_args_has(args, "quiet") && good)
        fprintf(stderr,
                mud_t("%llu pages, %llu posts, %llu notes\n",
                      "%llu 页，%llu 条帖子，%llu 条说明\n"),
                (unsigned long long)sink.pages,
                (unsigned long long)sink.posts,
                (unsigned long long)sink.notes);
    good = mud_out_end(&out, err) && good;
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
