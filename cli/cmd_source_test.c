/*
 * `mudlark source test FILE`: one saved page, and field by field what was
 * recognised in it. Nothing is stored, fetched or sealed.
 */
#include "base/conf.h"
#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "parse/engine.h"
#include "parse/parse.h"

#include <sys/stat.h>

#define PAGE_MAX    ((size_t)16 << 20)
#define EXAMPLE_MAX 120

struct field {
    const char *name;
    size_t filled;
    struct mud_str example;
    bool described; /* the engine says where it stands */
    bool usual;     /* every post has one, or the reading has gone wrong */
};

enum {
    F_POST,
    F_AUTHOR,
    F_AUTHOR_ID,
    F_TIME,
    F_BODY,
    F_POSITION,
    F_QUOTES,
    F_SIGNATURE,
    F_LINKS,
    F_IMAGES,
    F_ATTACHMENTS,
    FIELDS
};

static void see(struct field *field, struct mud_str value)
{
    if (!value.n)
        return;
    field->filled++;
    if (!field->example.n)
        field->example = value;
}

static void see_post(struct field *fields, const struct mud_post *post,
                     struct mud_arena *arena)
{
    char time[MUD_TIME_TEXT] = "";
    see(&fields[F_POST], post->post);
    see(&fields[F_AUTHOR], post->author);
    see(&fields[F_AUTHOR_ID], post->author_id);
    if (post->posted)
        see(&fields[F_TIME],
            mud_str_printf(arena,
                           "%s (%s)",
                           mud_time_text(time, post->posted, false),
                           mud_precision_name(post->posted_precision)));
    see(&fields[F_BODY], post->body);
    if (post->position)
        see(&fields[F_POSITION], mud_str_printf(arena, "%u", post->position));
    if (post->n_quotes)
        see(&fields[F_QUOTES], post->quotes[0].text);
    see(&fields[F_SIGNATURE], post->signature);
    if (post->n_links)
        see(&fields[F_LINKS], post->links[0]);
    if (post->n_images)
        see(&fields[F_IMAGES], post->images[0]);
    if (post->n_attachments)
        see(&fields[F_ATTACHMENTS], post->attachments[0]);
}

static void see_all(struct field *fields, const struct mud_parsed *page,
                    struct mud_arena *arena)
{
    const struct mud_engine *e = mud_engine_find(page->engine);
    fields[F_POST] = (struct field){.name = "post", .usual = true};
    fields[F_AUTHOR] = (struct field){.name = "author", .usual = true};
    fields[F_AUTHOR_ID] = (struct field){.name = "author_id"};
    fields[F_TIME] = (struct field){.name = "time", .usual = true};
    fields[F_BODY] = (struct field){.name = "body", .usual = true};
    fields[F_POSITION] = (struct field){.name = "position"};
    fields[F_QUOTES] = (struct field){.name = "quotes"};
    fields[F_SIGNATURE] = (struct field){.name = "signature"};
    fields[F_LINKS] = (struct field){.name = "links"};
    fields[F_IMAGES] = (struct field){.name = "images"};
    fields[F_ATTACHMENTS] = (struct field){.name = "attachments"};
    for (size_t i = 0; i < page->n_posts; i++)
        see_post(fields, &page->posts[i], arena);
    if (!e)
        return;
    fields[F_POST].described = e->post.id.n > 0;
    fields[F_AUTHOR].described = e->post.author.n > 0;
    fields[F_AUTHOR_ID].described = e->post.author_id.n > 0;
    fields[F_TIME].described = e->post.time.n > 0;
    fields[F_BODY].described = e->post.body != NULL;
    fields[F_POSITION].described = e->post.position.n > 0;
    fields[F_QUOTES].described = e->quote.node != NULL;
    fields[F_SIGNATURE].described = e->post.signature.n > 0;
    fields[F_IMAGES].described = e->post.image != NULL;
    fields[F_ATTACHMENTS].described = e->post.attachment != NULL;
}

static bool lost(const struct field *field, const struct mud_parsed *page)
{
    return field->described && page->n_posts && !field->filled;
}

static void write_json(struct mud_buf *buf, const struct mud_parsed *page,
                       const struct field *fields)
{
    struct mud_json json = {.buf = buf};
    mud_json_object(&json);
    mud_json_kz(&json, "type", "source_test");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "engine", page->engine);
    mud_json_kz(&json, "kind", mud_page_kind_name(page->kind));
    mud_json_kstr(&json, "charset", page->charset);
    mud_json_kstr(&json, "title", page->title);
    mud_json_kstr(&json, "board", page->board);
    mud_json_kstr(&json, "thread", page->thread);
    mud_json_kint(&json, "page", page->page);
    mud_json_kint(&json, "pages", page->pages);
    mud_json_kint(&json, "posts", (int64_t)page->n_posts);
    mud_json_kint(&json, "threads", (int64_t)page->n_threads);
    mud_json_kint(&json, "links", (int64_t)page->n_links);
    mud_json_key(&json, "fields");
    mud_json_array(&json);
    for (size_t i = 0; i < FIELDS && page->n_posts; i++) {
        mud_json_object(&json);
        mud_json_kz(&json, "field", fields[i].name);
        mud_json_kint(&json, "filled", (int64_t)fields[i].filled);
        mud_json_kstr(&json, "example", fields[i].example);
        mud_json_kbool(&json, "nothing_found", lost(&fields[i], page));
        mud_json_object_end(&json);
    }
    mud_json_array_end(&json);
    mud_json_key(&json, "notes");
    mud_json_array(&json);
    for (size_t i = 0; i < page->n_notes; i++) {
        mud_json_object(&json);
        mud_json_kz(&json, "severity", page->notes[i].severity);
        mud_json_kz(&json, "code", page->notes[i].code);
        mud_json_kstr(&json, "text", page->notes[i].text);
        mud_json_object_end(&json);
    }
    mud_json_array_end(&json);
    mud_json_object_end(&json);
}

static void write_text(struct mud_buf *text, const struct mud_parsed *page,
                       const struct field *fields)
{
    mud_buf_printf(text,
                   mud_t("engine    %.*s\nkind      %s\ncharset   %.*s\n",
                         "引擎      %.*s\n页面      %s\n字符集    %.*s\n"),
                   MUD_FMT(page->engine.n ? page->engine : MUD_STR("-")),
                   mud_page_kind_name(page->kind),
                   MUD_FMT(page->charset));
    mud_buf_printf(text,
                   mud_t("holds     %zu posts, %zu threads, %zu links\n",
                         "内容      %zu 条帖子，%zu 个主题，%zu 个链接\n"),
                   page->n_posts,
                   page->n_threads,
                   page->n_links);
    for (size_t i = 0; i < FIELDS && page->n_posts; i++) {
        mud_buf_printf(text,
                       "  %-12s %4zu/%-4zu ",
                       fields[i].name,
                       fields[i].filled,
                       page->n_posts);
        if (lost(&fields[i], page))
            mud_buf_z(text,
                      mud_t("its selector found nothing", "选择器未找到内容"));
        mud_text_plain(text, fields[i].example, EXAMPLE_MAX);
        mud_buf_c(text, '\n');
    }
    for (size_t i = 0; i < page->n_notes; i++) {
        mud_buf_printf(
            text, "%s %s: ", page->notes[i].severity, page->notes[i].code);
        mud_text_plain(text, page->notes[i].text, 400);
        mud_buf_c(text, '\n');
    }
}

static bool read_page(struct mud_parsed *page, const struct mud_args *args,
                      struct mud_arena *arena, struct mud_error *err)
{
    const char *path = mud_args_operand(args, 0);
    struct stat st;
    struct mud_page_in in = {
        .url = mud_str_z(mud_args_get(args, "url")),
        .engine = mud_str_z(mud_args_get(args, "engine")),
        .zone = mud_str_z(mud_args_get(args, "zone")),
        .status = 200,
    };
    if (in.engine.n && !mud_engine_find(in.engine))
        return mud_fail(err, MUD_EUSAGE, "no engine %.*s", MUD_FMT(in.engine));
    if (!mud_file_read(&in.bytes, path, PAGE_MAX, arena, err))
        return false;
    if (stat(path, &st) == 0)
        in.fetched_at = (int64_t)st.st_mtime * MUD_SECOND;
    struct mud_parser *parser = mud_parser_new();
    bool good = mud_parser_page(parser, page, &in, arena, err);
    mud_parser_free(parser);
    return good;
}

int mud_cmd_source_test(const struct mud_args *args, struct mud_error *err)
{
    struct mud_out out;
    struct mud_parsed page = {0};
    struct field fields[FIELDS] = {0};
    struct mud_buf json = {0}, text = {0};
    struct mud_arena *arena = mud_arena_new();
    bool whole = true;
    bool good =
        mud_out_begin(&out, args, err) && read_page(&page, args, arena, err);
    if (good) {
        see_all(fields, &page, arena);
        write_json(&json, &page, fields);
        write_text(&text, &page, fields);
        mud_out_record(&out, mud_buf_view(&json), mud_buf_view(&text));
        good = mud_out_end(&out, err);
        whole = page.kind != MUD_PAGE_UNKNOWN;
        for (size_t i = 0; i < FIELDS; i++)
            whole = whole && !(fields[i].usual && lost(&fields[i], &page));
    }
    mud_buf_free(&json);
    mud_buf_free(&text);
    mud_arena_free(arena);
    if (!good)
        return mud_exit_of(err);
    return whole ? MUD_EXIT_DONE : MUD_EXIT_PARTLY;
}
