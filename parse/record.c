#include "parse/record.h"

#include "base/json.h"

/* A text that may be missing. */
static void text(struct mud_json *json, const char *key, struct mud_str value)
{
    if (value.n)
        mud_json_kstr(json, key, value);
    else
        mud_json_knull(json, key);
}

static void count(struct mud_json *json, const char *key, int64_t value,
                  bool known)
{
    if (known)
        mud_json_kint(json, key, value);
    else
        mud_json_knull(json, key);
}

static void begin(struct mud_json *json, const char *type)
{
    mud_json_object(json);
    mud_json_kz(json, "type", type);
    mud_json_kint(json, "schema", 1);
}

static void end(struct mud_json *json)
{
    mud_json_object_end(json);
    mud_buf_c(json->buf, '\n');
}

/* Only where there is something: as good as no page has it. */
static void mended(struct mud_json *json, unsigned bits)
{
    if (!bits)
        return;
    mud_json_key(json, "mended");
    mud_json_array(json);
    for (unsigned bit = 1; bit <= bits; bit <<= 1)
        if (bits & bit)
            mud_json_str(json, mud_str_z(mud_mended_name(bit)));
    mud_json_array_end(json);
}

static void hidden(struct mud_json *json, struct mud_str kinds)
{
    struct mud_str kind;
    mud_json_key(json, "hidden");
    mud_json_array(json);
    while (kinds.n && mud_str_cut(&kinds, ' ', &kind)) {
        mud_json_object(json);
        mud_json_kstr(json, "kind", kind);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static void quotes(struct mud_json *json, const struct mud_post *post)
{
    mud_json_key(json, "quotes");
    mud_json_array(json);
    for (size_t i = 0; i < post->n_quotes; i++) {
        mud_json_object(json);
        text(json, "author", post->quotes[i].author);
        text(json, "post", post->quotes[i].post);
        mud_json_kstr(json, "text", post->quotes[i].text);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static void forward(struct mud_json *json, const struct mud_post *post)
{
    mud_json_key(json, "forward");
    if (!post->forwarded) {
        mud_json_null(json);
        return;
    }
    mud_json_object(json);
    text(json, "from", post->forward.from);
    text(json, "chat", post->forward.chat);
    text(json, "post", post->forward.post);
    mud_json_ktime(json, "date", post->forward.date);
    mud_json_object_end(json);
}

/* What most posts lack. */
static void chat(struct mud_json *json, const struct mud_post *post)
{
    if (post->n_buttons)
        mud_json_kstrs(json, "buttons", post->buttons, post->n_buttons);
    if (post->author_handle.n)
        mud_json_kstr(json, "author_handle", post->author_handle);
    if (post->author_role.n)
        mud_json_kstr(json, "author_role", post->author_role);
    if (post->n_reactions) {
        mud_json_key(json, "reactions");
        mud_json_array(json);
        for (size_t i = 0; i < post->n_reactions; i++) {
            mud_json_object(json);
            mud_json_kstr(json, "sign", post->reactions[i].sign);
            mud_json_kint(json, "count", post->reactions[i].count);
            mud_json_object_end(json);
        }
        mud_json_array_end(json);
    }
    if (post->revision)
        mud_json_kint(json, "revision", post->revision);
    if (post->service.n)
        mud_json_kstr(json, "service", post->service);
    if (post->n_members)
        mud_json_kstrs(json, "members", post->members, post->n_members);
    if (post->where.end > post->where.start) {
        mud_json_key(json, "bytes");
        mud_json_array(json);
        mud_json_int(json, (int64_t)post->where.start);
        mud_json_int(json, (int64_t)post->where.end);
        mud_json_array_end(json);
    }
}

void mud_record_post(struct mud_buf *out, const struct mud_post *post,
                     struct mud_str capture)
{
    struct mud_json json = {.buf = out};
    const char *precision = mud_precision_name(post->posted_precision);
    begin(&json, "post");
    text(&json, "engine", post->engine);
    text(&json, "site", post->site);
    text(&json, "board", post->board);
    text(&json, "thread", post->thread);
    text(&json, "thread_title", post->thread_title);
    text(&json, "post", post->post);
    count(&json, "position", post->position, post->position > 0);
    text(&json, "author", post->author);
    text(&json, "author_id", post->author_id);
    mud_json_kbool(&json, "anonymous", post->anonymous);
    mud_json_ktime(&json, "posted_at", post->posted);
    mud_json_kz(&json, "posted_precision", *precision ? precision : NULL);
    mud_json_ktime(&json, "edited_at", post->edited);
    mud_json_kz(&json, "view", mud_view_name(post->view));
    mud_json_kz(&json, "state", mud_post_state_name(post->state));
    mended(&json, post->mended);
    hidden(&json, post->hidden);
    mud_json_kstr(&json, "body", post->body);
    quotes(&json, post);
    if (post->signature.s)
        mud_json_kstr(&json, "signature", post->signature);
    else
        mud_json_knull(&json, "signature");
    mud_json_kstrs(&json, "links", post->links, post->n_links);
    mud_json_kstrs(&json, "images", post->images, post->n_images);
    mud_json_kstrs(
        &json, "attachments", post->attachments, post->n_attachments);
    text(&json, "reply_to", post->reply_to);
    forward(&json, post);
    chat(&json, post);
    text(&json, "url", post->url);
    text(&json, "page_url", post->page_url);
    text(&json, "capture", capture);
    end(&json);
}

void mud_record_note(struct mud_buf *out, const struct mud_note *note,
                     struct mud_str where)
{
    struct mud_json json = {.buf = out};
    begin(&json, "note");
    mud_json_kz(&json, "severity", note->severity);
    mud_json_kz(&json, "code", note->code);
    mud_json_kstr(&json, "text", note->text);
    mud_json_kint(&json, "byte", (int64_t)note->byte);
    text(&json, "page_url", where);
    end(&json);
}

static void thread_line(struct mud_buf *out, const struct mud_parsed *parsed,
                        const struct mud_thread *thread)
{
    struct mud_json json = {.buf = out};
    begin(&json, "thread");
    text(&json, "engine", parsed->engine);
    text(&json, "site", parsed->site);
    text(&json, "board", thread->board);
    text(&json, "thread", thread->thread);
    mud_json_kstr(&json, "title", thread->title);
    text(&json, "author", thread->author);
    text(&json, "author_id", thread->author_id);
    count(&json, "replies", thread->replies, thread->replies >= 0);
    text(&json, "page_url", parsed->url);
    end(&json);
}

static void profile_line(struct mud_buf *out, const struct mud_parsed *parsed,
                         const struct mud_profile *profile)
{
    struct mud_json json = {.buf = out};
    begin(&json, "profile");
    text(&json, "engine", parsed->engine);
    text(&json, "site", parsed->site);
    text(&json, "user", profile->user);
    text(&json, "name", profile->name);
    text(&json, "role", profile->role);
    text(&json, "signature", profile->signature);
    mud_json_ktime(&json, "registered", profile->registered);
    mud_json_ktime(&json, "last_seen", profile->last_seen);
    count(&json, "posts", profile->posts, profile->posts >= 0);
    mud_json_key(&json, "fields");
    mud_json_array(&json);
    for (size_t i = 0; i < profile->n_fields; i++) {
        mud_json_object(&json);
        mud_json_kstr(&json, "label", profile->fields[i].label);
        mud_json_kstr(&json, "value", profile->fields[i].value);
        mud_json_object_end(&json);
    }
    mud_json_array_end(&json);
    text(&json, "page_url", parsed->url);
    end(&json);
}

static void link_object(struct mud_json *json, const struct mud_page_link *link)
{
    mud_json_object(json);
    mud_json_kstr(json, "url", link->url);
    mud_json_kz(json, "kind", mud_page_kind_name(link->kind));
    text(json, "board", link->board);
    text(json, "thread", link->thread);
    count(json, "page", link->page, link->page > 0);
    count(json, "replies", link->replies, link->replies >= 0);
    mud_json_ktime(json, "last_post", link->last_post);
    text(json, "key", link->key);
    mud_json_object_end(json);
}

/* Only where it was asked for. */
static void account(struct mud_json *json, const struct mud_page_account *a)
{
    if (!a->rules.n)
        return;
    mud_json_key(json, "account");
    mud_json_object(json);
    mud_json_kstr(json, "rules", a->rules);
    mud_json_kz(json, "session", mud_logged_name(a->session));
    mud_json_kz(json, "says", mud_login_says_name(a->says));
    mud_json_kbool(json, "form", a->form);
    mud_json_kstr(json, "action", a->action);
    mud_json_kstr(json, "token", a->token);
    mud_json_key(json, "fields");
    mud_json_array(json);
    for (size_t i = 0; i < a->n_fields; i++) {
        mud_json_object(json);
        mud_json_kstr(json, "name", a->fields[i].name);
        mud_json_kstr(json, "value", a->fields[i].value);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
    mud_json_object_end(json);
}

static void page_line(struct mud_buf *out, const struct mud_parsed *parsed,
                      struct mud_str capture)
{
    struct mud_json json = {.buf = out};
    begin(&json, "page");
    text(&json, "engine", parsed->engine);
    mud_json_kz(&json, "kind", mud_page_kind_name(parsed->kind));
    if (parsed->wall.kind) {
        mud_json_kz(&json, "wall", mud_wall_name(parsed->wall.kind));
        text(&json, "wall_by", parsed->wall.by);
    }
    text(&json, "url", parsed->url);
    text(&json, "site", parsed->site);
    text(&json, "title", parsed->title);
    text(&json, "charset", parsed->charset);
    text(&json, "board", parsed->board);
    text(&json, "thread", parsed->thread);
    count(&json, "page", parsed->page, parsed->page > 0);
    count(&json, "pages", parsed->pages, parsed->pages > 0);
    if (parsed->stated)
        mud_json_kint(&json, "stated", parsed->stated);
    mud_json_kint(&json, "posts", (int64_t)parsed->n_posts);
    mud_json_kint(&json, "threads", (int64_t)parsed->n_threads);
    mud_json_key(&json, "links");
    mud_json_array(&json);
    for (size_t i = 0; i < parsed->n_links; i++)
        link_object(&json, &parsed->links[i]);
    mud_json_array_end(&json);
    account(&json, &parsed->account);
    text(&json, "capture", capture);
    end(&json);
}

void mud_record_parsed(struct mud_buf *out, const struct mud_parsed *parsed,
                       struct mud_str capture)
{
    page_line(out, parsed, capture);
    for (size_t i = 0; i < parsed->n_threads; i++)
        thread_line(out, parsed, &parsed->threads[i]);
    for (size_t i = 0; i < parsed->n_posts; i++)
        mud_record_post(out, &parsed->posts[i], capture);
    for (size_t i = 0; i < parsed->n_profiles; i++)
        profile_line(out, parsed, &parsed->profiles[i]);
    for (size_t i = 0; i < parsed->n_notes; i++)
        mud_record_note(out, &parsed->notes[i], parsed->url);
}
