/*
 * Contacts: by their form (links, mail, @names, wallets with a checksum, keys)
 * or by a cue before or behind a value ("QQ: ...", "... (微信同号)"). What has
 * a form but no proof is a candidate, never a contact. Roles are set later,
 * when it is known whose words these are.
 */
#ifndef MUD_NLP_CONTACT_H
#define MUD_NLP_CONTACT_H

#include "nlp/scan.h"

/* Find contacts, candidates and indicators of a field, and claim their marks. */
void mud_contacts_walk(struct mud_scan *scan);

static inline void mud_contacts_find(struct mud_scan *scan)
{
    /* values have letters or digits; families of malware are named by terms */
    if (scan->n_numbers > 0 || mud_scan_has(scan, MUD_LEX_CUE) ||
        mud_grams_alnum(scan->grams))
        mud_contacts_walk(scan);
}

/* ---- shared by the contact files ---- */

struct mud_value { /* something read at a place of the folded text */
    uint32_t start, end;
    unsigned type; /* enum mud_contact_type */
    struct mud_str value;
    unsigned rule, sure;
    bool candidate;
    const char *indicator; /* its type, or NULL */
};

/* Forms that need no cue, in the chunk of signs and letters [start, end). */
bool mud_contact_link(struct mud_value *out, struct mud_scan *scan,
                      uint32_t start, uint32_t end);
bool mud_contact_mail(struct mud_value *out, struct mud_scan *scan,
                      uint32_t start, uint32_t end);

/* A value of the cue's type at byte `at`; false when it has not the form. */
bool mud_contact_value(struct mud_value *out, struct mud_scan *scan,
                       uint32_t at, unsigned type);
/* A telephone number. type: that of its cue, which allows forms that prove
 * nothing alone; MUD_C_NONE without. */
bool mud_contact_phone(struct mud_value *out, struct mud_scan *scan,
                       uint32_t at, unsigned type);

enum {
    MUD_DIGITS_MAX = 19
};

/*
 * Digits of an id from byte `at` on, Arabic and Chinese ones, with junk
 * between; *n of them in out. Returns where the last one ends. loose: brackets
 * and 加 between them are junk too.
 */
uint32_t mud_contact_digits(const struct mud_scan *scan, uint32_t at,
                            char out[MUD_DIGITS_MAX + 1], size_t *n,
                            bool loose);
/* Does a unit or currency stand right behind, so that it is an amount? */
bool mud_contact_counted(const struct mud_scan *scan, uint32_t end);
/* A digit or letter right behind: the value goes on, so it is not this one. */
bool mud_contact_goes_on(const struct mud_scan *scan, uint32_t end);
/* Set out to a value behind a cue; true. */
bool mud_contact_fill(struct mud_value *out, struct mud_scan *scan,
                      struct mud_span at, unsigned type, struct mud_str value);

/* Put the wallets, keys and hashes between these bytes; one that goes on behind
 * `end` too. False when there is none. */
bool mud_contacts_keys(struct mud_scan *scan, uint32_t start, uint32_t end);

/* A value that the text tells how to mend: "97331A00009 (without the A)". */
bool mud_contact_decoy(struct mud_value *out, struct mud_scan *scan,
                       uint32_t at, unsigned type);

/* Add v as a contact (candidate, indicator) of that type, claim its marks. */
void mud_contact_put(struct mud_scan *scan, const struct mud_value *v,
                     unsigned type);

/* The same for a value known by its form: cues around it may say another type,
 * or more of them. */
void mud_contact_put_formed(struct mud_scan *scan, struct mud_value *v);

/* The mark of the value that a list goes on with behind byte `end`, else 0. */
uint32_t mud_contact_next(const struct mud_scan *scan, uint32_t end);

/* "QQ: a / b / c": put the values of v's type that follow it. */
void mud_contact_more(struct mud_scan *scan, const struct mud_value *v);

/* Marks worth a look, found in one pass over all. */
struct mud_picks {
    /* that begin with a letter, digit, "@" or "+", and numbers */
    uint32_t *values;
    size_t n_values;
    uint32_t *cues; /* that name a network */
    size_t n_cues;
    bool malware; /* a family of it is named */
};

/* Values whose cue stands behind: "made.up (line)", "made_up is my telegram".
 */
void mud_contacts_after(struct mud_scan *scan, const struct mud_picks *picks);

/* What the words before a value of a known form make of it: an indicator, a
 * candidate, or (false) nothing. */
bool mud_contact_judge(struct mud_value *v, struct mud_scan *scan);

/* An address of IPv6 that the chunk begins with, as an indicator. */
bool mud_contact_ip6(struct mud_value *out, struct mud_scan *scan,
                     uint32_t start, uint32_t end);

/* Senders by number and families of malware by name. */
void mud_contacts_indicators(struct mud_scan *scan,
                             const struct mud_picks *picks);

/* Contacts hidden from plain forms, such as "name [at] mail [dot] tld". */
void mud_contacts_hidden(struct mud_scan *scan);

/* Networks spelled in pieces, and account numbers told by their owner. */
void mud_contacts_spelled(struct mud_scan *scan, const struct mud_picks *picks);

extern const bool mud_alnums[256];

static inline bool mud_alnum(char c)
{
    return mud_alnums[(unsigned char)c];
}

static inline bool mud_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Byte at i of the folded text, 0 outside. */
static inline char mud_scan_byte(const struct mud_scan *scan, uint32_t i)
{
    return i < scan->text.n ? scan->text.s[i] : '\0';
}

/* May the sign part the digits of a telephone number? */
static inline bool mud_gap_sign(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')';
}

/* Too few digits for one, and no sign behind them that more may follow? */
static inline bool mud_contact_short(const struct mud_scan *scan, uint32_t at)
{
    uint32_t i = at;

    while (i < at + 8 && mud_digit(mud_scan_byte(scan, i)))
        i++;
    return i < at + 8 && !mud_gap_sign(mud_scan_byte(scan, i));
}

#endif
