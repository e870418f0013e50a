/* Platforms that stand for accounts on them. */
#include <stdlib.h>

#include "nlp/product.h"

enum {
    LINE_MARKS = 24 /* looked at for the price of a line */
};

/* "千粉", "三年": what such a number counts describes the account. */
static bool fans(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str text = mud_str_sub(s->text, m->start, m->start + 3);

    return mud_str_eqz(text, "粉") || mud_str_eqz(text, "年");
}

/*
 * "FB带商城 8U", "INS千粉 6.5U": a platform at the head of a price line, in a
 * message that sells accounts, is an account.
 */
static void bare_platforms(struct mud_scan *s)
{
    size_t k = 0, n = s->n_phrases;

    for (uint32_t i = 0; (i = mud_scan_next(s, i, MUD_LEX_PLATFORM)) > 0;) {
        int code = mud_product_platform(s, i);
        uint32_t j = i;
        bool taken;

        if (code < 0 || code >= MUD_PLATFORM_MOD || !mud_scan_break(s, i))
            continue;
        while (k < n && s->phrases[k].last < i)
            k++;
        taken = k < n && s->phrases[k].first <= i;
        if (taken)
            continue;
        while (j < s->n_marks && j - i < 6 && !s->marks[j + 1].claimed &&
               (s->marks[j + 1].type == MUD_MARK_HAN ||
                s->marks[j + 1].type == MUD_MARK_TERM ||
                (s->marks[j + 1].type == MUD_MARK_NUMBER && fans(s, j + 2))) &&
               (!s->marks[j + 1].space || j == i))
            j++;
        if (j > i && s->marks[j].type == MUD_MARK_TERM &&
            (s->marks[j + 1].space || mud_scan_break(s, j + 2)) &&
            (s->marks[j + 1].type == MUD_MARK_NUMBER ||
             s->marks[j + 1].type == MUD_MARK_SIGN)) {
            struct mud_phrase *p =
                mud_phrase_add(s, i, j, mud_product_account(s, code));

            if (p)
                p->weak = 1;
        }
    }
}

/* Does the line of mark i go on to a price: an amount with a currency, or an
 * amount behind a sign at its end? */
static bool priced_line(const struct mud_scan *s, uint32_t i)
{
    for (uint32_t j = i + 1, n = 0; n < LINE_MARKS; j++, n++) {
        const struct mud_mark *m = mud_scan_mark(s, j);
        const struct mud_mark *next = mud_scan_mark(s, j + 1);

        if (m->type == MUD_MARK_EOL || m->type == MUD_MARK_END)
            return false;
        if (m->type != MUD_MARK_NUMBER)
            continue;
        if (mud_scan_code(s, j - 1, MUD_LEX_CURRENCY) >= 0 ||
            mud_scan_code(s, j + 1, MUD_LEX_CURRENCY) >= 0 ||
            mud_scan_sign(s, j - 1, '$'))
            return true;
        if ((next->type == MUD_MARK_EOL || next->type == MUD_MARK_END) &&
            s->marks[j - 1].type == MUD_MARK_SIGN && j - 1 > i)
            return true;
    }
    return false;
}

/* "FB softreg", "Bybit KYC": a word that tells what state the account is in. */
static bool tells_state(const struct mud_scan *s, uint32_t i)
{
    static const char *const words[] = {
        "aged",    "verified", "kyc",     "premium", "business", "softreg",
        "pva",     "tdata",    "hash",    "bm",      "fresh",    "old",
        "авторег", "автореги", "ретрив",  "老号",    "老账",     "老帐",
        "白号",    "新号",     "session", "cookies", "автореге"};
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str word = mud_scan_text(s, m->start, m->end);

    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (mud_str_eqz(word, words[k]))
            return true;
    }
    return false;
}

/* A platform that begins the line of mark i; its code, or -1. */
static int leads_line(const struct mud_scan *s, uint32_t i)
{
    unsigned before = s->marks[i - 1].type;
    int code;

    if (before != MUD_MARK_EOL && before != MUD_MARK_END)
        return -1;
    code = mud_product_platform(s, i);
    return code < MUD_PLATFORM_MOD ? code : -1;
}

/* Two lines that name platforms and their prices are a list of accounts. */
static bool lists_platforms(const struct mud_scan *s)
{
    unsigned n = 0;

    for (uint32_t i = 0;
         n < 2 && (i = mud_scan_next(s, i, MUD_LEX_PLATFORM)) > 0;)
        n += leads_line(s, i) >= 0 && priced_line(s, i);
    return n == 2;
}

/* "LinkedIn 500+ conn | $28": a platform that begins a line with a price, in a
 * list of accounts. */
static void line_platforms(struct mud_scan *s)
{
    size_t k = 0, n = s->n_phrases;

    for (uint32_t i = 0; (i = mud_scan_next(s, i, MUD_LEX_PLATFORM)) > 0;) {
        int code = leads_line(s, i);
        uint32_t last = i;
        struct mud_phrase *p;

        if (code < 0)
            continue;
        while (k < n && s->phrases[k].last < i)
            k++;
        if (k < n && s->phrases[k].first <= i) {
            /* "WhatsApp hash" is no drug */
            if (s->phrases[k].first == i && s->phrases[k].last == i + 1 &&
                tells_state(s, i + 1))
                s->phrases[k].canonical =
                    (uint16_t)mud_product_account(s, code);
            continue;
        }
        if (!priced_line(s, i))
            continue;
        while (last - i < 2 && !mud_scan_mark(s, last + 1)->claimed &&
               tells_state(s, last + 1))
            last++;
        p = mud_phrase_add(s, i, last, mud_product_account(s, code));
        if (p)
            p->weak = 1;
    }
}

/* "收微信，400一个": dealt in and counted, a platform is an account on it. */
static void dealt_platforms(struct mud_scan *s)
{
    for (uint32_t i = 1; (i = mud_scan_next(s, i, MUD_LEX_PLATFORM)) > 0;) {
        const struct mud_meaning *v =
            mud_scan_means(s, &s->marks[i - 1], MUD_LEX_VERB);
        int code = v ? mud_product_platform(s, i) : -1;
        const struct mud_mark *next = mud_scan_mark(s, i + 1);
        struct mud_phrase *p;

        if (code < 0 || code >= MUD_PLATFORM_MOD || s->marks[i].space ||
            v->code == MUD_DIR_NONE)
            continue;
        if (!mud_scan_break(s, i + 2) && next->type != MUD_MARK_NUMBER)
            continue;
        p = mud_phrase_add(s, i, i, mud_product_account(s, code));
        if (p)
            p->weak = 1;
    }
}

void mud_product_accounts(struct mud_scan *s, bool account)
{
    size_t before = s->n_phrases;

    if (account || lists_platforms(s))
        line_platforms(s);
    if (account) {
        if (s->n_phrases > before && s->n_phrases > 1)
            qsort(s->phrases,
                  s->n_phrases,
                  sizeof *s->phrases,
                  mud_phrase_by_start);
        bare_platforms(s);
    }
    if (s->n_phrases == 0 && mud_scan_has(s, MUD_LEX_VERB))
        dealt_platforms(s);
}
