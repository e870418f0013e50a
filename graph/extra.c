/*
 * What the post record (parse/record.h) holds beside the columns of mud.post:
 * kept as JSON with the record's own names, so that records.c can read it back
 * as a record. Victims' data is masked here as everywhere.
 */
#include "base/json.h"
#include "graph/work.h"

static void text_of(struct mud_json *json, const char *key, struct mud_str s)
{
    if (s.n)
        mud_json_kstr(json, key, s);
    else
        mud_json_knull(json, key);
}

static void quotes(struct mud_work *work, struct mud_json *json)
{
    const struct mud_post *post = &work->post;

    if (!post->n_quotes)
        return;
    mud_json_key(json, "quotes");
    mud_json_array(json);
    for (size_t i = 0; i < post->n_quotes; i++) {
        mud_json_object(json);
        text_of(json, "author", post->quotes[i].author);
        text_of(json, "post", post->quotes[i].post);
        mud_json_kstr(json, "text", mud_work_mask(work, post->quotes[i].text));
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

/* Links and buttons are fields of the message: masked where they were read. */
static void fields(struct mud_work *work, struct mud_json *json,
                   const char *key, const struct mud_str *list, size_t n,
                   enum mud_field field)
{
    if (!n)
        return;
    mud_json_key(json, key);
    mud_json_array(json);
    for (size_t i = 0; i < n; i++)
        mud_json_str(json,
                     mud_mask(list[i],
                              field,
                              (uint16_t)i,
                              &work->whole,
                              work->analyst->scratch));
    mud_json_array_end(json);
}

static void names(struct mud_work *work, struct mud_json *json, const char *key,
                  const struct mud_str *list, size_t n)
{
    if (!n)
        return;
    mud_json_key(json, key);
    mud_json_array(json);
    for (size_t i = 0; i < n; i++)
        mud_json_str(json, mud_work_mask(work, list[i]));
    mud_json_array_end(json);
}

static void forward(struct mud_work *work, struct mud_json *json)
{
    const struct mud_forward *from = &work->post.forward;

    if (!work->post.forwarded)
        return;
    mud_json_key(json, "forward");
    mud_json_object(json);
    text_of(json, "from", from->from);
    text_of(json, "chat", from->chat);
    text_of(json, "post", from->post);
    mud_json_ktime(json, "date", from->date);
    mud_json_object_end(json);
}

static void hidden(const struct mud_work *work, struct mud_json *json)
{
    struct mud_str kinds = work->post.hidden, kind = {0};

    if (!kinds.n)
        return;
    mud_json_key(json, "hidden");
    mud_json_array(json);
    while (kinds.n && mud_str_cut(&kinds, ' ', &kind)) {
        mud_json_object(json);
        mud_json_kstr(json, "kind", kind);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

/* What only chats have. */
static void chat(const struct mud_work *work, struct mud_json *json)
{
    const struct mud_post *post = &work->post;

    if (post->service.n)
        mud_json_kstr(json, "service", post->service);
    if (post->n_members) {
        mud_json_key(json, "members");
        mud_json_array(json);
        for (size_t i = 0; i < post->n_members; i++)
            mud_json_str(json, post->members[i]);
        mud_json_array_end(json);
    }
    if (post->where.end > post->where.start) {
        mud_json_key(json, "bytes");
        mud_json_array(json);
        mud_json_int(json, (int64_t)post->where.start);
        mud_json_int(json, (int64_t)post->where.end);
        mud_json_array_end(json);
    }
}

struct mud_str mud_work_extra(struct mud_work *work)
{
    const struct mud_post *post = &work->post;
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    struct mud_str out = MUD_STR("");

    mud_json_object(&json);
    if (post->view != MUD_VIEW_THREAD)
        mud_json_kz(&json, "view", mud_view_name(post->view));
    if (post->anonymous)
        mud_json_kbool(&json, "anonymous", true);
    hidden(work, &json);
    quotes(work, &json);
    fields(work, &json, "links", post->links, post->n_links, MUD_IN_LINK);
    names(work, &json, "images", post->images, post->n_images);
    names(work, &json, "attachments", post->attachments, post->n_attachments);
    fields(
        work, &json, "buttons", post->buttons, post->n_buttons, MUD_IN_BUTTON);
    if (post->reply_to.n)
        mud_json_kstr(&json, "reply_to", post->reply_to);
    forward(work, &json);
    if (post->url.n)
        mud_json_kstr(&json, "url", post->url);
    if (post->page_url.n)
        mud_json_kstr(&json, "page_url", post->page_url);
    chat(work, &json);
    if (post->signature.s && !post->signature.n)
        mud_json_kz(&json, "signature", "");
    mud_json_object_end(&json);
    if (buf.n > 2) /* more than {} */
        out = mud_str_dup(mud_buf_view(&buf), work->batch->arena);
    mud_buf_free(&buf);
    return out;
}
