/*
 * The text of a date as a few tokens: numbers, words (Latin or Cyrillic
 * letters), single other characters, which Chinese words are made of, and
 * punctuation. Internal to parse/date.c.
 */
#ifndef MUD_PARSE_DATE_SCAN_H
#define MUD_PARSE_DATE_SCAN_H

#include "parse/date.h"

enum mud_date_kind {
    MUD_DATE_NUMBER,
    MUD_DATE_WORD,
    MUD_DATE_MARK
};

struct mud_date_token {
    enum mud_date_kind kind;
    int value; /* of a number */
    int digits;
    struct mud_str text;
    bool gap; /* white space before it */
};

#define MUD_DATE_TOKENS 160

struct mud_date_scan {
    struct mud_date_token t[MUD_DATE_TOKENS];
    size_t n;
    const struct mud_date_rules *rules;
};

void mud_date_tokens(struct mud_date_scan *scan, struct mud_str s);

/* Token i, or an empty one behind the last. */
const struct mud_date_token *mud_date_token(const struct mud_date_scan *scan,
                                            size_t i);
bool mud_date_mark(const struct mud_date_scan *scan, size_t i,
                   const char *text);
/* The same in any case; text is in lower case. */
bool mud_date_word(const struct mud_date_scan *scan, size_t i,
                   const char *text);
/* A number of at most `digits` digits. */
bool mud_date_number(const struct mud_date_scan *scan, size_t i, int digits,
                     int *value);
/* Chinese words: the characters stand one after the other. Returns tokens. */
size_t mud_date_han(const struct mud_date_scan *scan, size_t i,
                    const char *text);
/* 1 to 12 for the name of a month, else 0. Some are words of other languages
 * too: those count only where a year follows. */
int mud_date_month(const struct mud_date_scan *scan, size_t i, bool year);

/* "小时", "hours": a stretch of time at token i; how many tokens it takes, 0 when
 * there is none. */
size_t mud_date_unit(const struct mud_date_scan *scan, size_t i,
                     int64_t *seconds, enum mud_precision *precision);
/* "昨天", "yesterday": days before today; tokens. */
size_t mud_date_day(const struct mud_date_scan *scan, size_t i, int *back);
/* "(周三)", "星期三": a day of the week behind a date; tokens. */
size_t mud_date_weekday(const struct mud_date_scan *scan, size_t i);
/* "一" to "十", "两"; 0 when it is none. */
int mud_date_numeral(const struct mud_date_scan *scan, size_t i);

#endif
