/*
 * DiscordChatExporter's CSV: AuthorID,Author,Date,Content,Attachments,Reactions.
 * Messages have no ids and answer nothing; the channel's id stands in the file's
 * name. Structure: CsvMessageWriter.cs of the exporter; samples are made up.
 */
#include "parse/chat_discord.h"

#include "parse/chat_kit.h"
#include "parse/csv_rows.h"

struct reader {
    const struct mud_chat_in *in;
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one row */
    struct mud_chat_ids ids;
    struct mud_zone *zone; /* of dates without one; NULL until needed */
    struct mud_str channel, title;
};

static const char *const columns[] =
    {"AuthorID", "Author", "Date", "Content", "Attachments", NULL};

/* "👍 (3),pepe (1)" */
static void reactions(struct reader *r, struct mud_post *post,
                      struct mud_str text)
{
    struct mud_reaction *out = NULL;
    struct mud_str one;
    size_t n = 0, cap = 0;
    while (n < MUD_CHAT_LIST_MAX && mud_str_cut(&text, ',', &one)) {
        size_t open = mud_str_rchr(one, '(');
        uint64_t count;
        if (open == MUD_NPOS || open < 2 ||
            !mud_str_u64(mud_str_sub(one, open + 1, one.n - 1), &count) ||
            count > INT32_MAX)
            continue;
        out = mud_arena_grow(r->arena, out, &cap, n, sizeof(*out));
        out[n++] = (struct mud_reaction){
            mud_str_trim(mud_str_sub(one, 0, open)), (uint32_t)count};
    }
    post->reactions = out;
    post->n_reactions = n;
}

static bool on_row(const struct mud_csv_row *row, void *payload,
                   struct mud_error *err)
{
    struct reader *r = payload;
    struct mud_chat_list links = {0}, images = {0}, files = {0};
    struct mud_str list = mud_csv_get(row, "Attachments"), one;
    struct mud_str date = mud_csv_get(row, "Date");
    struct mud_post post = {
        .engine = MUD_STR("discord"),
        .site = r->channel.n ? r->channel : r->title,
        .thread = r->channel.n ? r->channel : r->title,
        .thread_title = r->title,
        .author = mud_csv_get(row, "Author"),
        .author_handle = mud_csv_get(row, "Author"),
        .author_id = mud_csv_get(row, "AuthorID"),
        .body = mud_csv_get(row, "Content"),
        .where = row->at,
    };
    if (!mud_time_parse(date, &post.posted)) {
        if (!r->zone && !mud_chat_zone(&r->zone, r->in, r->sink, err))
            return false;
        post.posted = mud_chat_wall_time(r->zone, date);
    }
    post.posted_precision = post.posted ? MUD_TO_SECOND : MUD_UNKNOWN_TIME;
    while (mud_str_cut(&list, ',', &one)) {
        size_t query = mud_str_chr(one, '?');
        struct mud_str path =
            mud_str_sub(one, 0, query == MUD_NPOS ? one.n : query);
        mud_chat_list_add(
            mud_chat_is_image(path) ? &images : &files, one, r->arena);
    }
    mud_chat_links(&links, post.body, r->arena);
    mud_chat_lists(&post, &links, &images, &files);
    reactions(r, &post, mud_csv_get(row, "Reactions"));
    if (!post.body.n && !post.n_images && !post.n_attachments)
        post.state = MUD_POST_EMPTY;
    post.post = mud_chat_ids_next(&r->ids, &post, r->arena);
    return r->sink->post(&post, r->sink->payload, err);
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    return mud_csv_names(head, columns);
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader r = {.in = in, .sink = sink, .arena = mud_arena_new()};
    const struct mud_csv csv = {sink, r.arena, on_row, &r};
    size_t open = mud_str_find(in->name, MUD_STR(" ["));
    r.channel = mud_chat_discord_channel(in->name);
    r.title = r.channel.n && open != MUD_NPOS ? mud_str_sub(in->name, 0, open)
              : in->name.n                    ? in->name
                                              : MUD_STR("?");
    r.title = mud_str_trim(r.title);
    bool ok = mud_chat_unverified(sink, err) && mud_csv_read(&csv, in, err);
    mud_chat_ids_free(&r.ids);
    mud_zone_free(r.zone);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_discord_csv = {"discord-csv", is, read};
