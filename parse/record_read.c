#include "parse/record.h"

#include "base/json.h"
#include "base/utf8.h"

/* A text copied to the arena; {NULL, 0} when missing or null. */
static struct mud_str text(const json_t *object, const char *key,
                           struct mud_arena *arena)
{
    struct mud_str value = mud_json_get_str(object, key);
    if (!value.s)
        return value;
    return mud_utf8_clean(mud_str_dup(value, arena), arena, NULL);
}

static int64_t when(const json_t *object, const char *key)
{
    int64_t us;
    return mud_time_parse(mud_json_get_str(object, key), &us) ? us : 0;
}

static uint32_t number(const json_t *object, const char *key)
{
    int64_t n = mud_json_get_int(object, key, 0);
    return n > 0 && n <= UINT32_MAX ? (uint32_t)n : 0;
}

static const struct mud_str *texts(const json_t *object, const char *key,
                                   size_t *n, struct mud_arena *arena)
{
    const json_t *list = json_object_get(object, key);
    size_t all = json_array_size(list);
    struct mud_str *items = mud_arena_array(arena, all, sizeof(*items));
    *n = 0;
    for (size_t i = 0; i < all; i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_string(item))
            continue;
        struct mud_str s =
            mud_str_of(json_string_value(item), json_string_length(item));
        items[(*n)++] = mud_utf8_clean(mud_str_dup(s, arena), arena, NULL);
    }
    return *n ? items : NULL;
}

static void read_quotes(struct mud_post *post, const json_t *object,
                        struct mud_arena *arena)
{
    const json_t *list = json_object_get(object, "quotes");
    size_t n = json_array_size(list);
    struct mud_quote *items = mud_arena_array(arena, n, sizeof(*items));
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        items[i].author = text(item, "author", arena);
        items[i].post = text(item, "post", arena);
        items[i].text = text(item, "text", arena);
    }
    post->quotes = n ? items : NULL;
    post->n_quotes = n;
}

static void read_hidden(struct mud_post *post, const json_t *object,
                        struct mud_arena *arena)
{
    const json_t *list = json_object_get(object, "hidden");
    struct mud_buf kinds = {.max = 256};
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct mud_str kind = mud_json_get_str(json_array_get(list, i), "kind");
        if (kinds.n && kind.n)
            mud_buf_c(&kinds, ' ');
        mud_buf_str(&kinds, kind);
    }
    post->hidden = mud_str_dup(mud_buf_view(&kinds), arena);
    mud_buf_free(&kinds);
}

static void read_mended(struct mud_post *post, const json_t *object)
{
    const json_t *list = json_object_get(object, "mended");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        for (unsigned bit = 1; name && bit <= MUD_MENDED_POST; bit <<= 1)
            if (!strcmp(name, mud_mended_name(bit)))
                post->mended |= (uint8_t)bit;
    }
}

static void read_reactions(struct mud_post *post, const json_t *object,
                           struct mud_arena *arena)
{
    const json_t *list = json_object_get(object, "reactions");
    size_t n = json_array_size(list);
    struct mud_reaction *items = mud_arena_array(arena, n, sizeof(*items));
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        items[i].sign = text(item, "sign", arena);
        items[i].count = number(item, "count");
    }
    post->reactions = n ? items : NULL;
    post->n_reactions = n;
}

static void read_chat(struct mud_post *post, const json_t *object,
                      struct mud_arena *arena)
{
    const json_t *forward = json_object_get(object, "forward");
    post->forwarded = json_is_object(forward);
    if (post->forwarded) {
        post->forward.from = text(forward, "from", arena);
        post->forward.chat = text(forward, "chat", arena);
        post->forward.post = text(forward, "post", arena);
        post->forward.date = when(forward, "date");
    }
    post->buttons = texts(object, "buttons", &post->n_buttons, arena);
    post->members = texts(object, "members", &post->n_members, arena);
    post->service = text(object, "service", arena);
    post->author_handle = text(object, "author_handle", arena);
    post->author_role = text(object, "author_role", arena);
    read_reactions(post, object, arena);
    post->revision = number(object, "revision");
    const json_t *bytes = json_object_get(object, "bytes");
    const json_t *from = json_array_get(bytes, 0);
    const json_t *to = json_array_get(bytes, 1);
    if (json_is_integer(from) && json_is_integer(to) &&
        json_integer_value(from) >= 0 &&
        json_integer_value(to) >= json_integer_value(from)) {
        post->where.start = (uint64_t)json_integer_value(from);
        post->where.end = (uint64_t)json_integer_value(to);
    }
}

static void read_names(struct mud_post *post, const json_t *object)
{
    struct mud_str name = mud_json_get_str(object, "state");
    for (int s = MUD_POST_SHOWN; s <= MUD_POST_EMPTY; s++)
        if (mud_str_eqz(name, mud_post_state_name((enum mud_post_state)s)))
            post->state = (enum mud_post_state)s;
    name = mud_json_get_str(object, "view");
    for (int v = MUD_VIEW_THREAD; v <= MUD_VIEW_MOBILE; v++)
        if (mud_str_eqz(name, mud_view_name((enum mud_view)v)))
            post->view = (enum mud_view)v;
    post->posted_precision =
        mud_precision_of(mud_json_get_str(object, "posted_precision"));
}

static void read_post(struct mud_post *post, const json_t *object,
                      struct mud_arena *arena)
{
    *post = (struct mud_post){
        .engine = text(object, "engine", arena),
        .site = text(object, "site", arena),
        .board = text(object, "board", arena),
        .thread = text(object, "thread", arena),
        .thread_title = text(object, "thread_title", arena),
        .post = text(object, "post", arena),
        .position = number(object, "position"),
        .author = text(object, "author", arena),
        .author_id = text(object, "author_id", arena),
        .anonymous = mud_json_get_bool(object, "anonymous"),
        .posted = when(object, "posted_at"),
        .edited = when(object, "edited_at"),
        .body = text(object, "body", arena),
        .signature = text(object, "signature", arena),
        .reply_to = text(object, "reply_to", arena),
        .url = text(object, "url", arena),
        .page_url = text(object, "page_url", arena),
    };
    read_names(post, object);
    read_hidden(post, object, arena);
    read_mended(post, object);
    read_quotes(post, object, arena);
    read_chat(post, object, arena);
    post->links = texts(object, "links", &post->n_links, arena);
    post->images = texts(object, "images", &post->n_images, arena);
    post->attachments =
        texts(object, "attachments", &post->n_attachments, arena);
}

struct mud_str mud_record_type(struct mud_str line, struct mud_arena *arena)
{
    struct mud_error err = {0};
    json_t *json = mud_json_read(line, &err);
    struct mud_str type = text(json, "type", arena);
    json_decref(json);
    return type;
}

bool mud_record_read_post(struct mud_post *out, struct mud_str line,
                          struct mud_arena *arena, struct mud_error *err)
{
    json_t *json = mud_json_read(line, err);
    if (!json)
        return false;
    bool ok = mud_str_eqz(mud_json_get_str(json, "type"), "post");
    if (ok)
        read_post(out, json, arena);
    json_decref(json);
    return ok || mud_fail(err, MUD_EINPUT, "no post record");
}

static enum mud_page_kind kind_of(const json_t *object)
{
    struct mud_str name = mud_json_get_str(object, "kind");
    for (int k = MUD_PAGE_UNKNOWN; k <= MUD_PAGE_OTHER; k++)
        if (mud_str_eqz(name, mud_page_kind_name((enum mud_page_kind)k)))
            return (enum mud_page_kind)k;
    return MUD_PAGE_UNKNOWN;
}

static int32_t count_of(const json_t *object, const char *key)
{
    int64_t n = mud_json_get_int(object, key, -1);
    return n >= 0 && n <= INT32_MAX ? (int32_t)n : -1;
}

static void read_links(struct mud_parsed *out, const json_t *object,
                       struct mud_arena *arena)
{
    const json_t *list = json_object_get(object, "links");
    size_t n = json_array_size(list);
    struct mud_page_link *items = mud_arena_array(arena, n, sizeof(*items));
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        items[i] = (struct mud_page_link){
            .url = text(item, "url", arena),
            .kind = kind_of(item),
            .board = text(item, "board", arena),
            .thread = text(item, "thread", arena),
            .page = number(item, "page"),
            .replies = count_of(item, "replies"),
            .last_post = when(item, "last_post"),
            .key = text(item, "key", arena),
        };
    }
    out->links = n ? items : NULL;
    out->n_links = n;
}

static void read_account(struct mud_page_account *out, const json_t *object,
                         struct mud_arena *arena)
{
    const json_t *list = json_object_get(object, "fields");
    size_t n = json_array_size(list);
    struct mud_login_field *fields = mud_arena_array(arena, n, sizeof(*fields));
    struct mud_str session = mud_json_get_str(object, "session");
    struct mud_str says = mud_json_get_str(object, "says");
    *out = (struct mud_page_account){
        .session = mud_str_eqz(session, "in")    ? MUD_LOGGED_IN
                   : mud_str_eqz(session, "out") ? MUD_LOGGED_OUT
                                                 : MUD_LOGGED_UNKNOWN,
        .rules = text(object, "rules", arena),
        .form = mud_json_get_bool(object, "form"),
        .action = text(object, "action", arena),
        .token = text(object, "token", arena),
        .fields = fields,
        .n_fields = n,
    };
    for (int i = MUD_LOGIN_SAYS_WRONG; i < MUD_LOGIN_SAYS; i++)
        if (mud_str_eqz(says, mud_login_says_name((enum mud_login_says)i)))
            out->says = (enum mud_login_says)i;
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        fields[i].name = text(item, "name", arena);
        fields[i].value = text(item, "value", arena);
    }
}

static void read_page(struct mud_parsed *out, const json_t *object,
                      struct mud_arena *arena)
{
    out->engine = text(object, "engine", arena);
    out->kind = kind_of(object);
    out->wall.kind = mud_wall_of_name(mud_json_get_str(object, "wall"));
    out->wall.by = text(object, "wall_by", arena);
    out->url = text(object, "url", arena);
    out->site = text(object, "site", arena);
    out->title = text(object, "title", arena);
    out->charset = text(object, "charset", arena);
    out->board = text(object, "board", arena);
    out->thread = text(object, "thread", arena);
    out->page = number(object, "page");
    out->pages = number(object, "pages");
    out->stated = number(object, "stated");
    read_links(out, object, arena);
    const json_t *account = json_object_get(object, "account");
    if (account)
        read_account(&out->account, account, arena);
}

/* Posts, threads, profiles and notes as they come in. */
struct lists {
    struct mud_post *posts;
    struct mud_thread *threads;
    struct mud_profile *profiles;
    struct mud_note *notes;
    size_t posts_cap, threads_cap, profiles_cap, notes_cap;
};

static void read_note(struct mud_note *note, const json_t *object,
                      struct mud_arena *arena)
{
    note->severity = mud_str_cstr(mud_json_get_str(object, "severity"), arena);
    note->code = mud_str_cstr(mud_json_get_str(object, "code"), arena);
    note->text = text(object, "text", arena);
    int64_t byte = mud_json_get_int(object, "byte", 0);
    note->byte = byte > 0 ? (uint64_t)byte : 0;
}

static void read_thread(struct mud_thread *thread, const json_t *object,
                        struct mud_arena *arena)
{
    thread->board = text(object, "board", arena);
    thread->thread = text(object, "thread", arena);
    thread->title = text(object, "title", arena);
    thread->author = text(object, "author", arena);
    thread->author_id = text(object, "author_id", arena);
    thread->replies = count_of(object, "replies");
}

static void read_profile(struct mud_profile *profile, const json_t *object,
                         struct mud_arena *arena)
{
    const json_t *list = json_object_get(object, "fields");
    size_t n = json_array_size(list);
    struct mud_field_text *fields = mud_arena_array(arena, n, sizeof(*fields));
    *profile = (struct mud_profile){
        .user = text(object, "user", arena),
        .name = text(object, "name", arena),
        .role = text(object, "role", arena),
        .signature = text(object, "signature", arena),
        .registered = when(object, "registered"),
        .last_seen = when(object, "last_seen"),
        .posts = count_of(object, "posts"),
    };
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        fields[i].label = text(item, "label", arena);
        fields[i].value = text(item, "value", arena);
    }
    profile->fields = n ? fields : NULL;
    profile->n_fields = n;
}

static void take(struct mud_parsed *out, struct lists *lists,
                 const json_t *object, struct mud_arena *arena)
{
    struct mud_str type = mud_json_get_str(object, "type");
    if (mud_str_eqz(type, "page")) {
        read_page(out, object, arena);
    } else if (mud_str_eqz(type, "post")) {
        lists->posts = mud_arena_grow(arena,
                                      lists->posts,
                                      &lists->posts_cap,
                                      out->n_posts,
                                      sizeof(*lists->posts));
        read_post(&lists->posts[out->n_posts++], object, arena);
    } else if (mud_str_eqz(type, "thread")) {
        lists->threads = mud_arena_grow(arena,
                                        lists->threads,
                                        &lists->threads_cap,
                                        out->n_threads,
                                        sizeof(*lists->threads));
        read_thread(&lists->threads[out->n_threads++], object, arena);
    } else if (mud_str_eqz(type, "profile")) {
        lists->profiles = mud_arena_grow(arena,
                                         lists->profiles,
                                         &lists->profiles_cap,
                                         out->n_profiles,
                                         sizeof(*lists->profiles));
        read_profile(&lists->profiles[out->n_profiles++], object, arena);
    } else if (mud_str_eqz(type, "note")) {
        lists->notes = mud_arena_grow(arena,
                                      lists->notes,
                                      &lists->notes_cap,
                                      out->n_notes,
                                      sizeof(*lists->notes));
        read_note(&lists->notes[out->n_notes++], object, arena);
    }
}

bool mud_record_read_parsed(struct mud_parsed *out, struct mud_str lines,
                            struct mud_arena *arena, struct mud_error *err)
{
    struct lists lists = {0};
    struct mud_str line;
    *out = (struct mud_parsed){0};
    for (unsigned n = 1; mud_str_line(&lines, &line); n++) {
        json_t *json = mud_json_read(line, err);
        if (!json)
            return mud_fail_in(err, "record %u", n);
        take(out, &lists, json, arena);
        json_decref(json);
    }
    out->posts = lists.posts;
    out->threads = lists.threads;
    out->profiles = lists.profiles;
    out->notes = lists.notes;
    return true;
}
