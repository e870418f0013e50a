#include "graph/ids.h"

#include <stdio.h>

#define VALUE_MAX 1024 /* bytes: entity.value is in a b-tree */
#define TYPE_MAX  64

const char *mud_node_kind_name(int kind)
{
    static const char *const names[MUD_NODE_KINDS] = {
        "", "persona", "contact", "wallet", "payee", "group", "indicator"};

    return kind > 0 && kind < MUD_NODE_KINDS ? names[kind] : "";
}

const char *mud_claim_kind_name(int kind)
{
    static const char *const names[MUD_CLAIM_KINDS] = {"",
                                                       "uses",
                                                       "paid_at",
                                                       "together",
                                                       "accused",
                                                       "posts_in",
                                                       "forwards",
                                                       "names",
                                                       "points_to",
                                                       "was",
                                                       "called",
                                                       "same_words",
                                                       "same_picture",
                                                       "same_id",
                                                       "reposts",
                                                       "imitates",
                                                       "confirmed"};

    return kind > 0 && kind < MUD_CLAIM_KINDS ? names[kind] : "";
}

bool mud_claim_strong(int kind)
{
    return kind == MUD_CLAIM_USES || kind == MUD_CLAIM_PAID_AT ||
           kind == MUD_CLAIM_TOGETHER;
}

static bool one_of(struct mud_str s, const char *const *names)
{
    for (; *names; names++)
        if (mud_str_eqz(s, *names))
            return true;
    return false;
}

bool mud_contact_is_place(struct mud_str type)
{
    static const char *const names[] = {"url",
                                        "onion",
                                        "i2p",
                                        "qq_group",
                                        "qq_group_link",
                                        "wechat_link",
                                        "telegram_invite",
                                        "whatsapp_invite",
                                        "discord_invite",
                                        NULL};

    return one_of(type, names);
}

/* Chat networks on which an account's id is the same in every group. */
static bool one_name_space(struct mud_str engine)
{
    static const char *const names[] = {"telegram",
                                        "matrix",
                                        "xmpp",
                                        "qq",
                                        "wechat",
                                        "discord",
                                        "whatsapp",
                                        "potato",
                                        NULL};

    return one_of(engine, names);
}

struct mud_str mud_post_network(const struct mud_post *post)
{
    return one_name_space(post->engine) ? post->engine : post->site;
}

static struct mud_node node(int kind, const char *id_type, struct mud_str type,
                            struct mud_str value, struct mud_str shown)
{
    struct mud_str parts[] = {type, value};
    struct mud_node out = {.kind = kind,
                           .type = type,
                           .value = value,
                           .shown = shown.n ? shown : value};

    if (!value.n || value.n > VALUE_MAX || type.n > VALUE_MAX)
        return (struct mud_node){0};
    out.id = mud_id_of_parts(id_type, parts, 2);
    return out;
}

static struct mud_node persona(struct mud_str network, struct mud_str id,
                               struct mud_str name, struct mud_arena *arena)
{
    /* A site's id is never mistaken for another account's name. */
    if (!id.n && name.n && name.n <= VALUE_MAX)
        id = mud_str_printf(arena, "name:%.*s", MUD_FMT(name));
    return node(MUD_NODE_PERSONA, "persona", network, id, name);
}

struct mud_node mud_node_named(struct mud_str network, struct mud_str name,
                               struct mud_arena *arena)
{
    return persona(network, MUD_STR(""), name, arena);
}

struct mud_node mud_node_author(const struct mud_post *post,
                                struct mud_arena *arena)
{
    if (post->anonymous)
        return (struct mud_node){0};
    return persona(
        mud_post_network(post), post->author_id, post->author, arena);
}

struct mud_node mud_node_group(const struct mud_post *post)
{
    bool chat = one_name_space(post->engine);

    return node(MUD_NODE_GROUP,
                "group",
                chat ? post->engine : post->site,
                post->site,
                chat ? post->thread_title : post->site);
}

struct mud_node mud_node_origin(const struct mud_post *post,
                                struct mud_arena *arena)
{
    const struct mud_forward *from = &post->forward;

    if (from->chat.n)
        return node(MUD_NODE_GROUP,
                    "group",
                    mud_post_network(post),
                    from->chat,
                    from->from);
    return persona(mud_post_network(post), MUD_STR(""), from->from, arena);
}

struct mud_node mud_node_contact(struct mud_str type, struct mud_str value)
{
    static const char *const wallets[] = {
        "btc", "eth", "tron", "ltc", "doge", "xmr", "sol", "ton", NULL};
    static const char *const payees[] = {
        "bank_account", "alipay", "paypal", NULL};
    int kind = one_of(type, wallets)  ? MUD_NODE_WALLET
               : one_of(type, payees) ? MUD_NODE_PAYEE
                                      : MUD_NODE_CONTACT;

    if (type.n > TYPE_MAX)
        return (struct mud_node){0};
    return node(kind, "contact", type, value, value);
}

struct mud_node mud_node_indicator(struct mud_str type, struct mud_str value)
{
    if (type.n > TYPE_MAX)
        return (struct mud_node){0};
    return node(MUD_NODE_INDICATOR, "indicator", type, value, value);
}

struct mud_id mud_thread_id(int32_t source, const struct mud_post *post)
{
    char number[16];
    struct mud_str parts[3] = {{0}, post->site, post->thread};

    snprintf(number, sizeof(number), "%d", source);
    parts[0] = mud_str_z(number);
    return mud_id_of_parts("thread", parts, 3);
}

struct mud_id mud_post_id(int32_t source, const struct mud_post *post,
                          struct mud_id content)
{
    char number[16], when[32], text[MUD_ID_TEXT];
    struct mud_str parts[6] = {
        {0}, post->site, post->thread, post->post, post->author, {0}};

    snprintf(number, sizeof(number), "%d", source);
    parts[0] = mud_str_z(number);
    if (post->post.n)
        return mud_id_of_parts("post", parts, 4);
    /* "28 days ago" is another time at each reading. */
    snprintf(when,
             sizeof(when),
             "%lld",
             post->posted_precision == MUD_TO_SECOND ? (long long)post->posted
                                                     : 0LL);
    parts[3] = mud_str_z(when);
    parts[5] = mud_str_z(mud_id_text(text, content));
    return mud_id_of_parts("post-nameless", parts, 6);
}

int32_t mud_reader_number(const char *version)
{
    uint8_t sha[MUD_SHA256];

    mud_sha256_of(mud_str_z(version), sha);
    return (int32_t)((uint32_t)sha[0] << 24 | (uint32_t)sha[1] << 16 |
                     (uint32_t)sha[2] << 8 | sha[3]);
}
