/*
 * `mudlark source test URL|FILE`: one page, and field by field what was
 * recognised in it. Nothing is stored or sealed.
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
#include "run/look.h"

#include <sys/stat.h>

#define PAGE_MAX    ((size_t)16 << 20)
#define EXAMPLE_MAX 120

struct field {
    const char *name;
    size_t filled;
    struct mud_str example;
    bool described; /* the engine says where it stands */
    bool usual;     /* every post has one, or the reading has gone wrong */
    bool mended;    /* found by the structure of the page */
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
    F_EDITED,
    F_REPLY,
    F_ROLE,
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
    fields[F_POST].mended |= post->mended & MUD_MENDED_POST;
    fields[F_AUTHOR].mended |= post->mended & MUD_MENDED_AUTHOR;
    fields[F_TIME].mended |= post->mended & MUD_MENDED_TIME;
    fields[F_BODY].mended |= post->mended & MUD_MENDED_BODY;
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
    if (post->edited)
        see(&fields[F_EDITED],
            mud_str_dup(mud_str_z(mud_time_text(time, post->edited, false)),
                        arena));
    see(&fields[F_REPLY], post->reply_to);
    see(&fields[F_ROLE], post->author_role);
}

static void see_all(struct field *fields, const struct mud_parsed *page,
                    struct mud_arena *arena)
{
    const struct mud_engine *e =
        page->n_posts ? mud_engine_view(page->engine, page->posts[0].view)
                      : mud_engine_find(page->engine);
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
    fields[F_EDITED] = (struct field){.name = "edited_at"};
    fields[F_REPLY] = (struct field){.name = "reply_to"};
    fields[F_ROLE] = (struct field){.name = "author_role"};
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
    fields[F_EDITED].described = e->post.edited.n > 0;
    fields[F_REPLY].described = e->post.reply_to.n > 0;
    fields[F_ROLE].described = e->post.role.n > 0;
}

struct test {
    struct mud_parsed page;
    bool fetched;
    struct mud_look look; /* when fetched; its page is moved out of it */
    struct field fields[FIELDS];
};

static bool lost(const struct field *field, const struct mud_parsed *page)
{
    return field->described && page->n_posts &&
           (!field->filled || field->mended);
}

static void look_json(struct mud_json *json, const struct mud_look *look)
{
    mud_json_key(json, "fetched");
    mud_json_object(json);
    mud_json_kstr(json, "url", look->url);
    mud_json_kint(json, "redirects", (int64_t)look->hops);
    mud_json_kint(json, "status", look->status);
    mud_json_kint(json, "bytes", (int64_t)look->bytes);
    mud_json_kstr(json, "peer_ip", look->peer_ip);
    if (look->broken)
        mud_json_kz(json, "cut", look->broken);
    mud_json_kbool(json, "sealed", false);
    mud_json_object_end(json);
}

static void fields_json(struct mud_json *json, const struct test *test)
{
    mud_json_key(json, "fields");
    mud_json_array(json);
    for (size_t i = 0; i < FIELDS && test->page.n_posts; i++) {
        const struct field *field = &test->fields[i];
        mud_json_object(json);
        mud_json_kz(json, "field", field->name);
        mud_json_kint(json, "filled", (int64_t)field->filled);
        mud_json_kstr(json, "example", field->example);
        mud_json_kbool(json, "nothing_found", lost(field, &test->page));
        mud_json_kdouble(
            json, "share", (double)field->filled / (double)test->page.n_posts);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static void notes_json(struct mud_json *json, const struct mud_parsed *page)
{
    mud_json_key(json, "notes");
    mud_json_array(json);
    for (size_t i = 0; i < page->n_notes; i++) {
        mud_json_object(json);
        mud_json_kz(json, "severity", page->notes[i].severity);
        mud_json_kz(json, "code", page->notes[i].code);
        mud_json_kstr(json, "text", page->notes[i].text);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static void write_json(struct mud_buf *buf, const struct test *test)
{
    const struct mud_parsed *page = &test->page;
    struct mud_json json = {.buf = buf};
    mud_json_object(&json);
    mud_json_kz(&json, "type", "source_test");
    mud_json_kint(&json, "schema", 1);
    if (test->fetched)
        look_json(&json, &test->look);
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
    fields_json(&json, test);
    notes_json(&json, page);
    mud_json_object_end(&json);
}

static void look_text(struct mud_buf *text, const struct mud_look *look)
{
    mud_buf_z(text, mud_t("fetched   ", "抓取      "));
    mud_text_plain(text, look->url, 400);
    mud_buf_printf(text,
                   mud_t("\n          HTTP %d, %zu bytes, %zu redirects; "
                         "nothing was sealed\n",
                         "\n          HTTP %d，%zu 字节，%zu 次跳转；未封存\n"),
                   look->status,
                   look->bytes,
                   look->hops);
    if (look->broken)
        mud_buf_printf(text,
                       mud_t("          not whole: %s\n",
                             "          不完整：%s\n"),
                       look->broken);
}

static void field_text(struct mud_buf *text, const struct field *field,
                       const struct mud_parsed *page)
{
    mud_buf_printf(text,
                   "  %-12s %4zu/%-4zu %3d%%  ",
                   field->name,
                   field->filled,
                   page->n_posts,
                   (int)(field->filled * 100 / page->n_posts));
    if (lost(field, page))
        mud_buf_z(text,
                  mud_t("its selector found nothing", "选择器未找到内容"));
    if (field->mended)
        mud_buf_z(text, mud_t("; by structure: ", "；按页面结构："));
    mud_text_plain(text, field->example, EXAMPLE_MAX);
    mud_buf_c(text, '\n');
}

static void write_text(struct mud_buf *text, const struct test *test)
{
    const struct mud_parsed *page = &test->page;
    if (test->fetched)
        look_text(text, &test->look);
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
    for (size_t i = 0; i < FIELDS && page->n_posts; i++)
        field_text(text, &test->fields[i], page);
    for (size_t i = 0; i < page->n_notes; i++) {
        mud_buf_printf(
            text, "%s %s: ", page->notes[i].severity, page->notes[i].code);
        mud_text_plain(text, page->notes[i].text, 400);
        mud_buf_c(text, '\n');
    }
}

static bool read_file(struct test *test, const struct mud_args *args,
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
    if (mud_args_has(args, "source") || mud_args_has(args, "proxy"))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--source and --proxy are for an address; %s is read "
                        "as a file",
                        path);
    if (!mud_file_read(&in.bytes, path, PAGE_MAX, arena, err))
        return false;
    if (stat(path, &st) == 0)
        in.fetched_at = (int64_t)st.st_mtime * MUD_SECOND;
    struct mud_parser *parser = mud_parser_new();
    bool good = mud_parser_page(parser, &test->page, &in, arena, err);
    mud_parser_free(parser);
    return good;
}

/* The source that is named, and what it spent today. */
static bool load_source(struct mud_look_options *options,
                        struct mud_source *source, const struct mud_args *args,
                        struct mud_arena *arena, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_str name = mud_str_z(mud_args_get(args, "source"));
    bool good = mud_session_open(&session, args, err) &&
                mud_source_load(source, session.pg, name, arena, err) &&
                mud_source_spent(&options->spent, session.pg, source, err);
    options->home = mud_arena_dup(arena, session.home, strlen(session.home));
    mud_session_close(&session);
    options->source = source;
    return good;
}

static bool read_url(struct test *test, const struct mud_args *args,
                     struct mud_arena *arena, struct mud_error *err)
{
    struct mud_source source;
    struct mud_look_options options = {
        .url = mud_str_z(mud_args_operand(args, 0)),
        .engine = mud_str_z(mud_args_get(args, "engine")),
        .zone = mud_str_z(mud_args_get(args, "zone")),
        .proxy = mud_str_z(mud_args_get(args, "proxy")),
        .allow_private = mud_args_has(args, "allow-private"),
    };
    if (mud_args_has(args, "url"))
        return mud_fail(
            err, MUD_EUSAGE, "--url is for a file, not for an address");
    if (mud_args_has(args, "source") &&
        (options.proxy.n || options.allow_private))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--source brings its own proxy and scope: no --proxy, "
                        "no --allow-private");
    if (mud_str_chr(options.proxy, '@') != MUD_NPOS)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--proxy takes no user name and password: others see "
                        "the command line. Use --source, whose secrets hold "
                        "them");
    if (mud_args_has(args, "source") &&
        !load_source(&options, &source, args, arena, err))
        return false;
    test->fetched = true;
    if (!mud_look(&test->look, &options, arena, err))
        return false;
    test->page = test->look.page;
    return true;
}

static bool read_page(struct test *test, const struct mud_args *args,
                      struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str from = mud_str_z(mud_args_operand(args, 0));
    struct mud_str engine = mud_str_z(mud_args_get(args, "engine"));
    if (engine.n && !mud_engine_find(engine))
        return mud_fail(err, MUD_EUSAGE, "no engine %.*s", MUD_FMT(engine));
    return mud_str_find(from, MUD_STR("://")) != MUD_NPOS
               ? read_url(test, args, arena, err)
               : read_file(test, args, arena, err);
}

/* All that every post has was found, in a page of which nothing is missing. */
static bool is_whole(const struct test *test)
{
    bool whole = test->page.kind != MUD_PAGE_UNKNOWN &&
                 !(test->fetched && test->look.broken);
    for (size_t i = 0; i < FIELDS; i++)
        whole = whole &&
                !(test->fields[i].usual && lost(&test->fields[i], &test->page));
    return whole;
}

int mud_cmd_source_test(const struct mud_args *args, struct mud_error *err)
{
    struct mud_out out;
    struct test test = {0};
    struct mud_buf json = {0}, text = {0};
    struct mud_arena *arena = mud_arena_new();
    bool good =
        mud_out_begin(&out, args, err) && read_page(&test, args, arena, err);
    if (good) {
        see_all(test.fields, &test.page, arena);
        write_json(&json, &test);
        write_text(&text, &test);
        mud_out_record(&out, mud_buf_view(&json), mud_buf_view(&text));
        good = mud_out_end(&out, err);
    }
    mud_buf_free(&json);
    mud_buf_free(&text);
    mud_arena_free(arena);
    if (!good)
        return mud_exit_of(err);
    return is_whole(&test) ? MUD_EXIT_DONE : MUD_EXIT_PARTLY;
}
