#include "parse/chat_telegram_html_parts.h"

#include "parse/chat_html.h"
#include "parse/chat_kit.h"

/* ---- times ---- */

static bool number(struct mud_str *s, size_t n, char end, int *out)
{
    uint64_t value;
    if (s->n < n || !mud_str_u64(mud_str_sub(*s, 0, n), &value))
        return false;
    *out = (int)value;
    *s = mud_str_sub(*s, n, s->n);
    if (!end)
        return true;
    if (!s->n || s->s[0] != end)
        return false;
    *s = mud_str_sub(*s, 1, s->n);
    return true;
}

/* "UTC+08:00" to seconds. */
static bool offset(struct mud_str s, int *out)
{
    int hour, minute = 0;
    if (!mud_str_starts(s, MUD_STR("UTC")) || s.n < 4 ||
        (s.s[3] != '+' && s.s[3] != '-'))
        return false;
    bool minus = s.s[3] == '-';
    s = mud_str_sub(s, 4, s.n);
    if (!number(&s, 2, s.n > 2 ? ':' : 0, &hour) ||
        (s.n && !number(&s, 2, 0, &minute)) || hour > 15 || minute > 59)
        return false;
    *out = (hour * 60 + minute) * (minus ? -60 : 60);
    return true;
}

int64_t mud_chat_telegram_time(struct mud_str text, const struct mud_zone *zone,
                               enum mud_precision *precision)
{
    struct mud_civil at = {0};
    struct mud_str s = mud_str_trim(text);
    int east;
    *precision = MUD_UNKNOWN_TIME;
    if (!number(&s, 2, '.', &at.day) || !number(&s, 2, '.', &at.month) ||
        !number(&s, 4, ' ', &at.year))
        return 0;
    s = mud_str_trim(s);
    if (!number(&s, 2, ':', &at.hour) || !number(&s, 2, ':', &at.minute) ||
        !number(&s, 2, 0, &at.second) || !mud_civil_valid(&at) ||
        at.year < 1970)
        return 0;
    *precision = MUD_TO_SECOND;
    if (offset(mud_str_trim(s), &east))
        return (mud_civil_to_unix(&at) - east) * MUD_SECOND;
    if (zone)
        return mud_zone_to_unix(zone, &at) * MUD_SECOND;
    *precision = MUD_UNKNOWN_TIME;
    return 0;
}

/* ---- service messages ---- */

struct mud_str mud_chat_telegram_goto(const struct mud_node *link,
                                      struct mud_arena *arena)
{
    struct mud_str href = mud_node_attr(link, "href");
    size_t at = mud_str_find(href, MUD_STR("#go_to_message"));
    uint64_t n;
    struct mud_str id =
        mud_str_sub(href,
                    at == MUD_NPOS ? href.n : at + sizeof("#go_to_message") - 1,
                    href.n);
    return mud_str_u64(id, &n) ? mud_str_dup(id, arena) : (struct mud_str){0};
}

void mud_chat_telegram_service(struct mud_post *post, struct mud_str text,
                               struct mud_arena *arena)
{
    static const struct {
        const char *says, *action;
        bool names; /* what follows are members */
    } rows[] = {
        {" joined group by link from ", "join_group_by_link", true},
        {" joined group by link", "join_group_by_link", false},
        {" joined group by request", "join_group_by_request", false},
        {" invited ", "invite_members", true},
        {" removed group photo", "delete_group_photo", false},
        {" removed ", "remove_members", true},
        {" created group ", "create_group", false},
        {" created channel ", "create_channel", false},
        {" changed group title to ", "edit_group_title", false},
        {" changed channel title to ", "edit_group_title", false},
        {" changed topic title to ", "topic_edit", false},
        {" changed group photo", "edit_group_photo", false},
        {" changed channel photo", "edit_group_photo", false},
        {" pinned ", "pin_message", false},
        {" converted this group to a supergroup",
         "migrate_to_supergroup",
         false},
        {" converted a basic group to this supergroup",
         "migrate_from_group",
         false},
        {" cleared history", "clear_history", false},
        {" left the group", "leave_group", false},
        {" made a group call", "group_call", false},
        {" started video chat", "group_call", false},
        {" set messages to be deleted", "set_messages_ttl", false},
        {" set messages to auto-delete", "set_messages_ttl", false},
    };

    struct mud_chat_list members = {0};
    post->service = MUD_STR("service");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mud_str says = mud_str_z(rows[i].says), name;
        size_t at = mud_str_find(text, says);
        if (at == MUD_NPOS)
            continue;
        post->service = mud_str_z(rows[i].action);
        post->author = mud_str_sub(text, 0, at);
        struct mud_str rest = mud_str_sub(text, at + says.n, text.n);
        while (rows[i].names && mud_str_cut(&rest, ',', &name)) {
            name = mud_str_trim(name);
            size_t and = mud_str_find(name, MUD_STR(" and "));
            if (!rest.s && and != MUD_NPOS) {
                mud_chat_list_add(&members, mud_str_sub(name, 0, and), arena);
                name = mud_str_sub(name, and+5, name.n);
            }
            mud_chat_list_add(&members, name, arena);
        }
        break;
    }
    post->members = members.items;
    post->n_members = members.n;
}

/* ---- messages ---- */

/* A part of a message: node, or MUD_NO_NODE. */
static uint32_t part(const struct mud_page *page, uint32_t in, const char *name)
{
    return mud_chat_class(page, in + 1, page->nodes[in].end, name);
}

static void forward(struct mud_post *post, const struct mud_page *page,
                    uint32_t node, const struct mud_zone *zone,
                    struct mud_arena *arena)
{
    enum mud_precision precision;
    uint32_t name = part(page, node, "from_name");
    post->forwarded = true;
    if (name == MUD_NO_NODE)
        return;
    uint32_t date = part(page, name, "date");
    uint32_t end = date == MUD_NO_NODE ? page->nodes[name].end : date;
    post->forward.from = mud_chat_range_text(page, name + 1, end, arena);
    if (date != MUD_NO_NODE)
        post->forward.date = mud_chat_telegram_time(
            mud_node_attr(&page->nodes[date], "title"), zone, &precision);
}

/* Its own file, or what the export says of one that it left out. */
static struct mud_str medium(const struct mud_page *page, uint32_t node,
                             struct mud_arena *arena)
{
    struct mud_str href = mud_node_attr(&page->nodes[node], "href");
    struct mud_str title =
        mud_chat_node_text(page, part(page, node, "title"), arena);
    if (href.n && !mud_str_starts(href, MUD_STR("#")) &&
        mud_str_find(href, MUD_STR("://")) == MUD_NPOS)
        return mud_str_dup(href, arena);
    return title;
}

static void media(struct mud_post *post, const struct mud_page *page,
                  uint32_t message, struct mud_arena *arena)
{
    static const struct {
        const char *name;
        bool image;
    } kinds[] = {{"photo_wrap", true},
                 {"media_photo", true},
                 {"sticker_wrap", false},
                 {"video_file_wrap", false},
                 {"animated_wrap", false},
                 {"media", false}};

    struct mud_chat_list images = {0}, files = {0};
    uint32_t end = page->nodes[message].end;
    for (uint32_t i = message + 1; i < end; i++) {
        struct mud_str class = mud_node_attr(&page->nodes[i], "class");
        for (size_t k = 0; class.n && k < sizeof(kinds) / sizeof(kinds[0]); k++)
            if (mud_word_in(class, mud_str_z(kinds[k].name))) {
                mud_chat_list_add(kinds[k].image ? &images : &files,
                                  medium(page, i, arena),
                                  arena);
                break;
            }
    }
    post->images = images.items;
    post->n_images = images.n;
    post->attachments = files.items;
    post->n_attachments = files.n;
}

static void words(struct mud_post *post, const struct mud_page *page,
                  uint32_t message, struct mud_arena *arena)
{
    struct mud_chat_list links = {0};
    uint32_t text = part(page, message, "text");
    uint32_t poll = part(page, message, "media_poll");
    uint32_t end = text == MUD_NO_NODE ? 0 : page->nodes[text].end;
    post->body = mud_chat_node_text(page, text, arena);
    for (uint32_t i = text; i < end; i++)
        if (mud_str_eqz(page->nodes[i].tag, "a"))
            mud_chat_list_add(&links, mud_chat_href(page, i, arena), arena);
    if (poll != MUD_NO_NODE) {
        struct mud_str said = mud_chat_node_text(page, poll, arena);
        post->body = post->body.n ? mud_str_printf(arena,
                                                   "%.*s\n%.*s",
                                                   MUD_FMT(post->body),
                                                   MUD_FMT(said))
                                  : said;
    }
    post->links = links.items;
    post->n_links = links.n;
}

static void buttons(struct mud_post *post, const struct mud_page *page,
                    uint32_t message, struct mud_arena *arena)
{
    struct mud_chat_list list = {0};
    uint32_t table = part(page, message, "bot_buttons_table");
    uint32_t end = table == MUD_NO_NODE ? 0 : page->nodes[table].end;
    for (uint32_t i = table; i < end; i++)
        if (mud_str_eqz(page->nodes[i].tag, "a")) {
            mud_chat_list_add(&list, mud_chat_node_text(page, i, arena), arena);
            mud_chat_list_add(&list, mud_chat_href(page, i, arena), arena);
        }
    post->buttons = list.items;
    post->n_buttons = list.n;
}

/* <span class="reaction"><span class="emoji">, then a count or faces. */
static void reactions(struct mud_post *post, const struct mud_page *page,
                      uint32_t message, struct mud_arena *arena)
{
    struct mud_reaction *list = NULL;
    size_t n = 0, cap = 0;
    uint32_t end = page->nodes[message].end, at = message;
    while (n < MUD_CHAT_LIST_MAX &&
           (at = mud_chat_class(page, at + 1, end, "reaction")) !=
               MUD_NO_NODE) {
        uint32_t sign = part(page, at, "emoji"),
                 count = part(page, at, "count");
        uint32_t behind = mud_chat_class(page, at + 1, end, "reaction");
        uint64_t value = 0;
        behind = behind == MUD_NO_NODE ? end : behind;
        if (count == MUD_NO_NODE ||
            !mud_str_u64(mud_chat_node_text(page, count, arena), &value))
            /* libtidy takes blocks out of a span: faces stand behind it. */
            for (uint32_t i = at; i < behind; i++)
                value += mud_word_in(mud_node_attr(&page->nodes[i], "class"),
                                     MUD_STR("userpic"));
        struct mud_str text = mud_chat_node_text(page, sign, arena);
        if (!text.n || !value)
            continue;
        list = mud_arena_grow(arena, list, &cap, n, sizeof(*list));
        list[n++] = (struct mud_reaction){
            text, value > UINT32_MAX ? UINT32_MAX : (uint32_t)value};
    }
    post->reactions = list;
    post->n_reactions = n;
}

struct mud_str mud_chat_telegram_parts(struct mud_post *post,
                                       const struct mud_page *page,
                                       uint32_t message,
                                       const struct mud_zone *zone,
                                       struct mud_arena *arena)
{
    uint32_t from = part(page, message, "forwarded");
    uint32_t name = part(page, message, "from_name");
    uint32_t reply = part(page, message, "reply_to");
    uint32_t signature = part(page, message, "signature");
    struct mud_str author = {0};
    /* A name inside the forwarded part is not the sender's. */
    if (name != MUD_NO_NODE && (from == MUD_NO_NODE || name < from))
        author = mud_chat_node_text(page, name, arena);
    size_t via = mud_str_find(author, MUD_STR(" via @"));
    if (via != MUD_NPOS)
        author = mud_str_sub(author, 0, via);
    if (from != MUD_NO_NODE)
        forward(post, page, from, zone, arena);
    if (reply != MUD_NO_NODE) {
        uint32_t link = mud_chat_tag(page, reply, page->nodes[reply].end, "a");
        if (link != MUD_NO_NODE)
            post->reply_to = mud_chat_telegram_goto(&page->nodes[link], arena);
    }
    if (signature != MUD_NO_NODE)
        post->signature = mud_chat_node_text(page, signature, arena);
    words(post, page, message, arena);
    media(post, page, message, arena);
    buttons(post, page, message, arena);
    reactions(post, page, message, arena);
    return author;
}
