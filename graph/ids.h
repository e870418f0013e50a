/*
 * What the graph calls things: kinds of nodes and claims, and the ids of
 * posts, threads, contents and nodes. An id is made from what the fact itself
 * says (base/hash.h), so that equal facts meet on every machine and a rebuild
 * gives the same ids. The kinds are also in the table mud.code.
 */
#ifndef MUD_GRAPH_IDS_H
#define MUD_GRAPH_IDS_H

#include "base/hash.h"
#include "parse/post.h"

enum mud_node_kind {
    MUD_NODE_PERSONA = 1, /* an account on a forum site or chat network */
    MUD_NODE_CONTACT,     /* where to reach somebody: QQ, Telegram, phone... */
    MUD_NODE_WALLET,      /* btc, eth, tron... */
    MUD_NODE_PAYEE,       /* bank account, alipay, paypal */
    MUD_NODE_GROUP,       /* a forum site, a chat group or channel */
    MUD_NODE_INDICATOR, /* domain, ip, url, file_hash... that an advert names */
    MUD_NODE_KINDS
};

enum mud_claim_kind {
    MUD_CLAIM_USES = 1, /* persona or group -> contact: strong */
    MUD_CLAIM_PAID_AT,  /* persona or group -> wallet or payee: strong */
    MUD_CLAIM_TOGETHER, /* contact -> contact, in one anonymous offer: strong */
    MUD_CLAIM_ACCUSED,  /* group -> contact that a post there accuses */
    MUD_CLAIM_POSTS_IN, /* persona -> group where it offers */
    MUD_CLAIM_FORWARDS, /* group -> origin of an offer forwarded there */
    MUD_CLAIM_NAMES,    /* persona or group -> indicator */
    MUD_CLAIM_POINTS_TO, /* persona, group or contact -> place: shops and
                            groups that many may advertise */
    MUD_CLAIM_WAS,       /* persona -> the name it says it had before, as a
                            persona that is known by its name alone */
    /* Found over all claims and adverts (graph/bond.h), not read in a post: */
    MUD_CLAIM_CALLED,    /* persona known by its name alone -> account of it */
    MUD_CLAIM_WORDS,     /* persona -> persona who had the advert before */
    MUD_CLAIM_PICTURE,   /* persona -> persona who showed the picture before */
    MUD_CLAIM_SAME_ID,   /* contact -> contact of another network: one id */
    MUD_CLAIM_REPOSTS,   /* persona -> persona whose advert it posts, contacts
                          and all */
    MUD_CLAIM_IMITATES,  /* persona -> persona that it looks like */
    MUD_CLAIM_CONFIRMED, /* node -> node: a verdict (graph/verdict.h) */
    MUD_CLAIM_KINDS
};

const char *mud_node_kind_name(int kind);  /* "persona"...; "" */
const char *mud_claim_kind_name(int kind); /* "uses"...; "" */
/* Claims of this kind hold an actor together (graph/actor.h). */
bool mud_claim_strong(int kind);
/* A contact that is a place, not a person: url, onion, invites, groups. */
bool mud_contact_is_place(struct mud_str type);

/* A node: what its id is made of, and how it is written. */
struct mud_node {
    struct mud_id id; /* all zero: there is none */
    int kind;
    struct mud_str type, value, shown;
};

/*
 * The network an account of this post lives on: the engine for chat networks
 * with one name space (telegram, matrix, ...), else the site.
 */
struct mud_str mud_post_network(const struct mud_post *post);

/* An account of the network that is known by its name alone. */
struct mud_node mud_node_named(struct mud_str network, struct mud_str name,
                               struct mud_arena *arena);
/* The author's node; none when anonymous or nameless. Text may be in arena. */
struct mud_node mud_node_author(const struct mud_post *post,
                                struct mud_arena *arena);
/* The forum site or chat group in which the post stands. */
struct mud_node mud_node_group(const struct mud_post *post);
/* Who wrote what the post forwards: a group, or a persona known by name. */
struct mud_node mud_node_origin(const struct mud_post *post,
                                struct mud_arena *arena);
/* A contact, wallet or payee by its type; none past 1,024 bytes. */
struct mud_node mud_node_contact(struct mud_str type, struct mud_str value);
struct mud_node mud_node_indicator(struct mud_str type, struct mud_str value);

struct mud_id mud_thread_id(int32_t source, const struct mud_post *post);
/* A post without a key of its own is known by its author, time and content. */
struct mud_id mud_post_id(int32_t source, const struct mud_post *post,
                          struct mud_id content);

/* The number under which a reader version is kept: the first four bytes of its
 * SHA-256, big-endian. */
int32_t mud_reader_number(const char *version);

#endif
