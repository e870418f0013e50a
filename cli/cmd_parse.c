#include "base/conf.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "image/record.h"
#include "parse/engine.h"
#include "parse/record.h"
#include "run/parse_warc.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
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

/* By its first bytes; what cannot be opened is somebody else's to say. */
static bool is_image(const char *path)
{
    char head[16];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));

    if (fd >= 0)
        close(fd);
    return n > 0 && mud_image_format_of(mud_str_of(head, (size_t)n)) !=
                        MUD_IMAGE_UNKNOWN;
}

/* The image record, and its notes as records of their own. */
static bool put_image(const struct mud_image *image, const char *path,
                      struct mud_parse_sink *sink, struct mud_error *err)
{
    struct mud_buf line = {0};
    mud_image_record(&line, image, mud_str_z(path));
    bool good = sink->line(mud_buf_view(&line), sink->payload, err);

    for (size_t i = 0; good && i < image->n_notes; i++) {
        struct mud_note note = {
            "warning", image->notes[i].code, image->notes[i].text, 0};
        mud_buf_clear(&line);
        mud_record_note(&line, &note, mud_str_z(path));
        good = sink->line(mud_buf_view(&line), sink->payload, err);
        sink->notes++;
    }
    mud_buf_free(&line);
    return good;
}

static bool too_large(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_size > (off_t)MUD_IMAGE_BYTES;
}

static bool put_too_large(const char *path, struct mud_parse_sink *sink,
                          struct mud_error *err)
{
    struct mud_note note = {"warning",
                            "image-too-large",
                            MUD_STR("an image above 32 MiB is not read"),
                            0};
    struct mud_buf line = {0};

    mud_record_note(&line, &note, mud_str_z(path));
    bool good = sink->line(mud_buf_view(&line), sink->payload, err);
    mud_buf_free(&line);
    sink->notes++;
    return good;
}

static bool parse_image(const char *path, struct mud_image_reader *reader,
                        struct mud_parse_sink *sink, struct mud_error *err)
{
    if (too_large(path))
        return put_too_large(path, sink, err);
    struct mud_arena *arena = mud_arena_new();
    struct mud_image image;
    struct mud_str bytes;
    bool good = mud_file_read(&bytes, path, MUD_IMAGE_BYTES, arena, err) &&
                mud_image_read(&image, reader, bytes, arena, err) &&
                put_image(&image, path, sink, err);

    mud_arena_free(arena);
    return good;
}

struct parsers {
    struct mud_parser *page;
    struct mud_image_reader *image;
};

static bool parse_path(const char *path,
                       const struct mud_parse_options *options,
                       const struct parsers *parsers,
                       struct mud_parse_sink *sink, struct mud_error *err)
{
    enum mud_input input;

    if (is_image(path))
        return parse_image(path, parsers->image, sink, err);
    if (!mud_input_of(&input, path, err))
        return false;
    if (input == MUD_INPUT_WARC)
        return mud_parse_warc(path, options, parsers->page, sink, err);
    return mud_parse_path(path, options, parsers->page, sink, err);
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
    const struct parsers parsers = {mud_parser_new(), mud_image_reader_new()};
    for (size_t i = 0; good && i < mud_args_count(args); i++)
        good = parse_path(
            mud_args_operand(args, i), &options, &parsers, &sink, err);
    mud_parser_free(parsers.page);
    mud_image_reader_free(parsers.image);
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
