/*
 * Reading a message: what it offers, at what price, and how to reach whoever
 * wrote it. nlp knows text only. Spans are half-open BYTE offsets into the
 * field they name; the extract record of the command line turns them into code
 * points. All result text lives in the arena.
 */
#ifndef MUD_NLP_READING_H
#define MUD_NLP_READING_H

#include "base/str.h"
#include "base/time.h"

enum mud_category {
    MUD_CAT_BENIGN = 0,
    MUD_CAT_BOTS,
    MUD_CAT_PERSONAL_DATA,
    MUD_CAT_ATTACK_FOR_HIRE,
    MUD_CAT_MALWARE,
    MUD_CAT_PHISHING,
    MUD_CAT_HACKING_TRAINING,
    MUD_CAT_VIRTUAL_PROPERTY,
    MUD_CAT_ACCOUNT_TRADE,
    MUD_CAT_MONEY_MULE,
    MUD_CAT_SMS_TRAFFIC_FRAUD,
    MUD_CAT_MARKET_SERVICE,
    MUD_CAT_OTHER,
    MUD_CATEGORIES
};

enum mud_direction {
    MUD_DIR_NONE = 0,
    MUD_DIR_SELL,
    MUD_DIR_BUY,
    MUD_DIR_RECRUIT
};

enum mud_entity_type {
    MUD_ENT_PRODUCT = 1,
    MUD_ENT_QUANTITY,
    MUD_ENT_PRICE,
    MUD_ENT_CONTACT,
    MUD_ENT_VICTIM_DATA,
    MUD_ENT_INDICATOR,
    MUD_ENT_CANDIDATE
};

enum mud_field { /* where in the message an entity stands */
    MUD_IN_TEXT = 0,
    MUD_IN_TITLE,
    MUD_IN_SIGNATURE,
    MUD_IN_LINK,   /* with its index */
    MUD_IN_BUTTON, /* with its index */
    MUD_IN_AUTHOR,
    MUD_IN_ATTACHMENT /* with its index */
};

/* Ways to reach an author that are no address, as bits. */
enum mud_by {
    MUD_BY_MESSAGE = 1,   /* a private message where the post stands */
    MUD_BY_NAME = 2,      /* the name of the account is the address */
    MUD_BY_PROFILE = 4,   /* avatar, profile, "bio" */
    MUD_BY_SIGNATURE = 8, /* below the author's posts */
    MUD_BY_QR = 16,       /* in an image */
    MUD_BY_PINNED = 32,   /* a message on top of the chat */
    MUD_BY_COMMENT = 64,  /* answers below the post */
    MUD_BY_BUTTON = 128
};

/* An amount that may be open: NAN means null. */
struct mud_entity {
    uint8_t type;         /* enum mud_entity_type */
    uint8_t field;        /* enum mud_field */
    uint16_t field_index; /* of links and buttons */
    struct mud_span at;   /* bytes of that field */
    struct mud_str
        kind; /* product: canonical id; contact, candidate: contact_type;
                             victim_data: kind; indicator: indicator_type */
    struct mud_str value; /* contact, candidate, indicator: normal form */
    struct mud_str role;  /* contact, price, indicator */
    double min, max;      /* quantity; price amounts */
    struct mud_str unit;  /* quantity: unit; price: per */
    double per_qty;       /* price */
    struct mud_str currency;
    int32_t of;            /* index of the product entity, or -1 */
    uint16_t rule;         /* its name: mud_rule_name */
    uint16_t sure;         /* 0..1000 */
    struct mud_str folded; /* the folded form that the rule saw */
};

/* A stretch of an attachment's text that may have been read wrong. */
struct mud_doubt {
    uint16_t attachment; /* index */
    struct mud_span at;
};

struct mud_message {
    struct mud_str id, text, title, author, author_id, signature;
    const struct mud_str *links, *buttons, *attachments;
    size_t n_links, n_buttons, n_attachments; /* texts of attachments: what a
                                                 picture says; empty where there
                                                 is none */
    const struct mud_doubt *doubts; /* contacts in them are candidates */
    size_t n_doubts;
    struct mud_str thread, reply_to;
    struct mud_str lang; /* hint, may be empty */
    int64_t posted;      /* us */
    bool explain;        /* the reasons are asked for */
};

struct mud_reading {
    struct mud_str lang;               /* zh-Hans zh-Hant en ru mixed ... */
    const struct mud_entity *entities; /* by field, then start */
    size_t n_entities;

    /* Why this category: rules that spoke; only where message.explain. */
    const struct mud_reason {
        uint16_t rule;
        int16_t weight;
        struct mud_span at;     /* bytes of text */
        struct mud_str feature; /* of the model: its text */
        const char *kind;       /* and its kind */
    } * reasons;

    size_t n_reasons;
    enum mud_category category;
    enum mud_direction direction;
    uint16_t sure;
    bool is_offer;      /* an illicit offer or request */
    bool from_context;  /* the thread's other posts changed it */
    uint8_t contact_by; /* bits of enum mud_by, of whoever trades here; reach
                           them through the post's author */
};

const char *mud_category_name(enum mud_category category);
bool mud_category_of(struct mud_str name, enum mud_category *out);
const char *mud_direction_name(enum mud_direction direction);
/* "private_message", "username"...; of one bit. */
const char *mud_by_name(enum mud_by by);
const char *mud_entity_type_name(enum mud_entity_type type);

/*
 * A reader holds lexicon and tables; made once (about 0.1 s), then const and
 * shared by threads. lexicon_path: an analyst's lexicon.tsv to add, or NULL.
 */
struct mud_reader;
MUD_MUST bool mud_reader_new(struct mud_reader **out, const char *lexicon_path,
                             struct mud_error *err);
/* The same with the rows of a table at hand (nlp/lexicon.h) behind the file's;
 * name stands in messages. */
MUD_MUST bool mud_reader_with(struct mud_reader **out, const char *lexicon_path,
                              const char *name, struct mud_str tsv,
                              struct mud_error *err);
void mud_reader_free(struct mud_reader *reader);

/* Version of rules and lexicon: "1-<8 hex of digest>". Changes when they do. */
const char *mud_reader_version(const struct mud_reader *reader);
/* Name of a rule number, such as "contact.qq.cue". */
const char *mud_rule_name(const struct mud_reader *reader, uint16_t rule);

/*
 * Context over one run: a bounded window of posts per thread (512), for
 * reply_to, the previous post and the author's last offer. One per stream.
 */
struct mud_context;
struct mud_context *mud_context_new(void);
void mud_context_free(struct mud_context *context);

/*
 * Read one message. context may be NULL. Texts over 1 MiB are read up to
 * there. Fails only with MUD_ELIMIT.
 */
MUD_MUST bool mud_read(struct mud_reading *out, const struct mud_reader *reader,
                       const struct mud_message *message,
                       struct mud_context *context, struct mud_arena *arena,
                       struct mud_error *err);

/*
 * Read n messages in their order: out[i] is what mud_read would say of each
 * after those before. A tenth faster, because MUD_READ_MOST at a time go through
 * one step after the other; more of them gain nothing. What it needs of the
 * arena grows with all of their texts.
 */
enum {
    MUD_READ_MOST = 16
};

MUD_MUST bool mud_read_all(struct mud_reading *out,
                           const struct mud_reader *reader,
                           const struct mud_message *messages, size_t n,
                           struct mud_context *context, struct mud_arena *arena,
                           struct mud_error *err);

/*
 * Tokens of a text for search and for `mudlark tokenize`: byte spans in order
 * that cover all non-space characters. Returns how many (array in arena).
 */
size_t mud_tokenize(struct mud_span **out, const struct mud_reader *reader,
                    struct mud_str text, struct mud_arena *arena);

/*
 * The same tokens as search terms: folded, Traditional to Simplified, stemmed
 * for languages libstemmer knows; text[i] belongs to spans[i].
 */
size_t mud_terms(struct mud_str **text, struct mud_span **spans,
                 const struct mud_reader *reader, struct mud_str source,
                 struct mud_arena *arena);

/*
 * text with every victim_data entity of its field replaced by mask characters
 * of the same UTF-8 length per character, so that spans hold.
 */
struct mud_str mud_mask(struct mud_str text, enum mud_field field,
                        uint16_t field_index, const struct mud_reading *reading,
                        struct mud_arena *arena);

/* All of text masked, each character as mud_mask does it (line ends stay). */
struct mud_str mud_mask_text(struct mud_str text, struct mud_arena *arena);

#endif
