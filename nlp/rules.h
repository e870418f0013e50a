/* The rules by name: what an annotation rests on. Numbers are rows of this
 * list and hold within one version of the rules. Each needs its sentence in
 * explain.c. */
#ifndef MUD_NLP_RULES_H
#define MUD_NLP_RULES_H

/* Raise when a rule changes what it finds. */
#define MUD_RULES_VERSION 3

#define MUD_RULES(X)                            \
    X(NONE, "none")                             \
    X(PRODUCT_TERM, "product.term")             \
    X(PRODUCT_PHRASE, "product.phrase")         \
    X(PRODUCT_ACCOUNT, "product.account")       \
    X(PRODUCT_COURSE, "product.course")         \
    X(PRODUCT_CONTEXT, "product.context")       \
    X(QUANTITY_UNIT, "quantity.unit")           \
    X(QUANTITY_BARE, "quantity.bare")           \
    X(PRICE_CURRENCY, "price.currency")         \
    X(PRICE_PER, "price.per")                   \
    X(PRICE_LOT, "price.per_qty")               \
    X(PRICE_CUE, "price.cue")                   \
    X(PRICE_PRODUCT, "price.product")           \
    X(PRICE_CLAUSE, "price.clause")             \
    X(PRICE_LIST, "price.list")                 \
    X(PRICE_PERCENT, "price.percent")           \
    X(PRICE_RATIO, "price.ratio")               \
    X(CONTACT_CUE, "contact.cue")               \
    X(CONTACT_AFTER, "contact.cue_after")       \
    X(CONTACT_AT, "contact.at")                 \
    X(CONTACT_LINK, "contact.link")             \
    X(CONTACT_MAIL, "contact.mail")             \
    X(CONTACT_WALLET, "contact.wallet")         \
    X(CONTACT_KEY, "contact.key")               \
    X(CONTACT_PHONE, "contact.phone")           \
    X(CONTACT_GLUED, "contact.glued")           \
    X(CONTACT_PAYEE, "contact.payee")           \
    X(CANDIDATE_FORM, "candidate.form")         \
    X(CANDIDATE_CHECKSUM, "candidate.checksum") \
    X(INDICATOR_IP, "indicator.ip")             \
    X(INDICATOR_HASH, "indicator.hash")         \
    X(INDICATOR_CVE, "indicator.cve")           \
    X(INDICATOR_URL, "indicator.url")           \
    X(INDICATOR_SENDER, "indicator.sender")     \
    X(INDICATOR_FAMILY, "indicator.family")     \
    X(VICTIM_MASKED, "victim.masked")           \
    X(VICTIM_RECORD, "victim.record")           \
    X(VICTIM_CHECKSUM, "victim.checksum")       \
    X(CLASS_PRODUCT, "class.product")           \
    X(CLASS_VERB, "class.verb")                 \
    X(CLASS_PRICE, "class.price")               \
    X(CLASS_CONTACT, "class.contact")           \
    X(CLASS_BENIGN, "class.benign")             \
    X(CLASS_SOLD_OUT, "class.sold_out")         \
    X(CLASS_MODEL, "class.model")               \
    X(CLASS_CONTEXT, "class.context")           \
    X(NAME_FORMER, "name.former")

enum mud_rule {
#define MUD_RULE_ENUM(id, name) MUD_RULE_##id,
    MUD_RULES(MUD_RULE_ENUM)
#undef MUD_RULE_ENUM
    MUD_RULE_COUNT
};

#endif
