/*
 * Fields of victims' records, each by its own form: what a record is, victim.c
 * decides. Spans are bytes of the folded text. Inside nlp only.
 */
#ifndef MUD_NLP_VICTIM_FIELD_H
#define MUD_NLP_VICTIM_FIELD_H

#include "nlp/scan.h"

enum mud_victim_kind {
    MUD_V_NONE = 0,
    MUD_V_NAME,
    MUD_V_PHONE,
    MUD_V_ID,
    MUD_V_CARD,
    MUD_V_EMAIL,
    MUD_V_ADDRESS,
    MUD_V_ACCOUNT,
    MUD_V_PASSWORD,
    MUD_V_KINDS
};

struct mud_victim_field {
    uint32_t start, end;
    uint8_t kind;     /* enum mud_victim_kind */
    uint8_t masked;   /* part of it is covered already */
    uint8_t proof;    /* a checksum holds */
    uint8_t soft;     /* "王女士": a name that anyone may go by */
    uint8_t labelled; /* a word before it says what it is */
    uint8_t own;      /* a cue gives it to the seller */
    uint8_t coded;    /* a card with its date and code behind it */
};

#define MUD_V_LABELS 255

/* A word that names a field. */
struct mud_victim_label {
    uint8_t kind;
    bool seller; /* it names who advertises */
    bool glue;   /* a name may stand right behind it */
    bool sign;   /* a colon or the like stands behind it */
};

/* What all lines of a text have in common. */
struct mud_victim_text {
    const struct mud_scan *scan;
    bool covers;                  /* and signs that cover characters */
    bool places;                  /* it may hold an address in Han */
    uint8_t labels[MUD_V_LABELS]; /* words for fields that it may hold */
    uint8_t n_labels;
    uint64_t firsts; /* bits of mud_victim_first of those words */
    unsigned kinds;  /* bits of what they name */
};

/* A number below 64 for the first two bytes of a word. */
static inline unsigned mud_victim_first(const char *word)
{
    return ((unsigned char)word[0] * 5U + (unsigned char)word[1]) & 63;
}

void mud_victim_text(struct mud_victim_text *out, const struct mud_scan *scan);

/* "name", "phone"... as the record names them. */
const char *mud_victim_kind_name(unsigned kind);

/*
 * The field that begins at byte `at` and ends by `end`; tight: `end` is the end
 * of a cell, so that an address may run up to it.
 */
bool mud_victim_field(struct mud_victim_field *out,
                      const struct mud_victim_text *t, uint32_t at,
                      uint32_t end, bool tight);

/* The same where the first bytes may be of such a word. */
uint32_t mud_victim_label_at(struct mud_victim_label *out,
                             const struct mud_victim_text *t, uint32_t at,
                             uint32_t end);

/*
 * A word at `at` that names a field ("姓名", "password"). Returns where it
 * ends, or `at` when there is none.
 */
static inline uint32_t mud_victim_label(struct mud_victim_label *out,
                                        const struct mud_victim_text *t,
                                        uint32_t at, uint32_t end)
{
    return at + 2 <= end &&
                   t->firsts >> mud_victim_first(t->scan->text.s + at) & 1
               ? mud_victim_label_at(out, t, at, end)
               : at;
}

/* The value of a field so named, in forms that prove nothing without. */
bool mud_victim_value(struct mud_victim_field *out,
                      const struct mud_victim_text *t, uint32_t at,
                      uint32_t end, const struct mud_victim_label *label,
                      bool tight);

/* One character of Han that is a family name and stands alone. */
bool mud_victim_surname(struct mud_victim_field *out, struct mud_str text,
                        uint32_t at, uint32_t end);

/* An address in Han; named: a word before it says so. */
bool mud_victim_place(struct mud_victim_field *out, struct mud_str text,
                      uint32_t at, uint32_t end, bool named);

/* An address in English or Russian; tight: up to the end of the cell. */
bool mud_victim_street(struct mud_victim_field *out, struct mud_str text,
                       uint32_t at, uint32_t end, bool tight);

/* Digits with or without a mask, in groups or not: telephones, cards... */
bool mud_victim_number(struct mud_victim_field *out, struct mud_str text,
                       uint32_t at, uint32_t end);

/* A date and a code behind a card: "01/28 123", "|01|28|123", "0128 123". */
bool mud_victim_code(struct mud_str text, uint32_t at, uint32_t end);

/* Ten digits of an American telephone, in a cell behind a name. */
bool mud_victim_ten(struct mud_victim_field *out, struct mud_str text,
                    uint32_t at, uint32_t end);

/* Identity cards that begin with a letter, with their check. */
bool mud_victim_lettered(struct mud_victim_field *out, struct mud_str text,
                         uint32_t at, uint32_t end);

/* The same where the byte may begin such a sign. */
size_t mud_victim_cover_at(struct mud_str text, size_t i);

/* Bytes of the sign that covers a character at byte i, 0 when there is none. */
static inline size_t mud_victim_cover(struct mud_str text, size_t i)
{
    char c = i < text.n ? text.s[i] : '\0';

    return c == '*' || c == '\xc3' || c == '\xe2' || c == '\xe3'
               ? mud_victim_cover_at(text, i)
               : 0;
}

/* Can the text hold a record at all, or that line of it? Most cannot. */
bool mud_victim_worth(const struct mud_scan *scan);
bool mud_victim_line(struct mud_str line);

/* A word for a sample in the line [start, end); empty when there is none. */
struct mud_span mud_victim_sample(const struct mud_scan *scan, uint32_t start,
                                  uint32_t end);

/* Is whatever stands at byte `at` the account that is paid into? */
bool mud_victim_payee(const struct mud_scan *scan, uint32_t at);

#endif
