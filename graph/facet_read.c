/* Values of facets, as people write them. */
#include "graph/facet.h"

#include "nlp/meaning.h"
#include "nlp/reading.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const field_names[MUD_FACETS] = {
    [MUD_F_CATEGORY] = "category",
    [MUD_F_SIDE] = "side",
    [MUD_F_SOURCE] = "source",
    [MUD_F_BOARD] = "board",
    [MUD_F_LANG] = "lang",
    [MUD_F_CONTACT] = "contact",
    [MUD_F_ACTOR] = "actor",
    [MUD_F_SELLER] = "seller",
    [MUD_F_AUTHOR] = "author",
    [MUD_F_PRODUCT] = "product",
    [MUD_F_PRICE] = "price",
    [MUD_F_TIME] = "time",
    [MUD_F_FIELD] = "field",
    [MUD_F_IS] = "is",
    [MUD_F_HAS] = "has",
};

struct name {
    const char *name;
    unsigned code;
};

static const struct name fields[] = {{"text", MUD_IN_TEXT},
                                     {"title", MUD_IN_TITLE},
                                     {"signature", MUD_IN_SIGNATURE},
                                     {"attachment", MUD_IN_ATTACHMENT},
                                     {"attachments", MUD_IN_ATTACHMENT},
                                     {NULL, 0}};
static const struct name states[] = {{"offer", MUD_IS_OFFER},
                                     {"edited", MUD_IS_EDITED},
                                     {"deleted", MUD_IS_DELETED},
                                     {"blocked", MUD_IS_BLOCKED},
                                     {"forward", MUD_IS_FORWARD},
                                     {"reply", MUD_IS_REPLY},
                                     {NULL, 0}};
static const struct name holdings[] = {{"image", MUD_HAS_IMAGE},
                                       {"link", MUD_HAS_LINK},
                                       {"contact", MUD_HAS_CONTACT},
                                       {"price", MUD_HAS_PRICE},
                                       {NULL, 0}};

static bool field_of(struct mud_str word, enum mud_facet_field *out)
{
    for (int i = 0; i < MUD_FACETS; i++)
        if (mud_str_ieq(word, mud_str_z(field_names[i]))) {
            *out = (enum mud_facet_field)i;
            return true;
        }
    *out = MUD_F_TIME;
    return mud_str_ieq(word, MUD_STR("since")) ||
           mud_str_ieq(word, MUD_STR("until"));
}

static bool is_contact_type(struct mud_str word)
{
    unsigned type = 0;

    return mud_contact_type_of(word, &type);
}

bool mud_facet_known(struct mud_str word)
{
    enum mud_facet_field field;

    return field_of(word, &field) || is_contact_type(word);
}

static bool off(const struct mud_facet *facet, struct mud_error *err,
                const char *fmt, ...) MUD_PRINTF(3, 4);

static bool off(const struct mud_facet *facet, struct mud_error *err,
                const char *fmt, ...)
{
    char text[400];
    va_list list;

    va_start(list, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, list);
    va_end(list);
    return mud_fail(err,
                    MUD_EUSAGE,
                    "query: column %zu: %.*s: %s",
                    facet->column,
                    MUD_FMT(facet->word),
                    text);
}

static void names_in(char *out, size_t size, const struct name *names)
{
    size_t n = 0;

    out[0] = 0;
    for (; names->name && n + 40 < size; names++)
        n += (size_t)snprintf(
            out + n, size - n, "%s%s", n ? ", " : "", names->name);
}

static bool named(struct mud_facet *facet, unsigned *bits, bool as_bits,
                  const struct name *names, struct mud_error *err)
{
    char known[300];

    for (size_t i = 0; i < facet->n; i++) {
        const struct name *name = names;

        while (name->name &&
               !mud_str_ieq(facet->values[i], mud_str_z(name->name)))
            name++;
        names_in(known, sizeof(known), names);
        if (!name->name)
            return off(facet,
                       err,
                       "\"%.*s\" is none of %s",
                       (int)(facet->values[i].n < 60 ? facet->values[i].n : 60),
                       facet->values[i].s,
                       known);
        *bits |= as_bits ? name->code : 1U << name->code;
    }
    return true;
}

static bool coded(struct mud_facet *facet, struct mud_error *err)
{
    struct name names[MUD_CATEGORIES + 1] = {{0}};
    int n =
        facet->field == MUD_F_CATEGORY ? MUD_CATEGORIES : MUD_DIR_RECRUIT + 1;

    for (int i = 0; i < n; i++)
        names[i] =
            (struct name){facet->field == MUD_F_CATEGORY
                              ? mud_category_name((enum mud_category)i)
                              : mud_direction_name((enum mud_direction)i),
                          (unsigned)i};
    return named(facet, &facet->codes, false, names, err);
}

/* ---- prices ---- */

static bool number(struct mud_str *rest, double *out)
{
    char digits[32];
    size_t n = 0;

    while (n < rest->n && n + 1 < sizeof(digits) &&
           ((rest->s[n] >= '0' && rest->s[n] <= '9') ||
            (rest->s[n] == '.' && !(n + 1 < rest->n && rest->s[n + 1] == '.'))))
        n++;
    if (!n)
        return false;
    memcpy(digits, rest->s, n);
    digits[n] = 0;
    *out = strtod(digits, NULL);
    *rest = mud_str_sub(*rest, n, rest->n);
    return isfinite(*out);
}

static bool currency(struct mud_facet *facet, struct mud_str text,
                     struct mud_arena *arena)
{
    static const char *const yuan[] = {"¥", "￥", "元", "块", "RMB", "rmb"};
    char *upper = NULL;

    if (mud_str_among(text, yuan, sizeof(yuan) / sizeof(*yuan))) {
        facet->money = MUD_STR("CNY");
        return true;
    }
    if (text.n > 8)
        return false;
    upper = mud_str_cstr(text, arena);
    for (size_t i = 0; i < text.n; i++) {
        if (upper[i] >= 'a' && upper[i] <= 'z')
            upper[i] = (char)(upper[i] - 32);
        if (upper[i] < 'A' || upper[i] > 'Z')
            return false;
    }
    facet->money = mud_str_of(upper, text.n);
    return true;
}

/* ">500CNY" "<=3" "1..10" "1.." "5USDT" */
static bool price(struct mud_facet *facet, struct mud_str text,
                  struct mud_arena *arena)
{
    bool more = mud_str_starts(text, MUD_STR(">"));
    bool less = mud_str_starts(text, MUD_STR("<"));
    bool equal = false, first = false;
    double n = 0;

    facet->low = 0;
    facet->high = HUGE_VAL;
    text = mud_str_sub(text, more || less, text.n);
    equal = (more || less) && mud_str_starts(text, MUD_STR("="));
    text = mud_str_sub(text, equal, text.n);
    first = number(&text, &n);
    if ((more || less) && !first)
        return false;
    if (more)
        facet->low = equal ? n : nextafter(n, HUGE_VAL);
    else if (less)
        facet->high = equal ? n : nextafter(n, -HUGE_VAL);
    else if (mud_str_starts(text, MUD_STR(".."))) {
        facet->low = first ? n : 0;
        text = mud_str_sub(text, 2, text.n);
        if (number(&text, &n))
            facet->high = n;
        else if (!first)
            return false;
    } else if (first) {
        facet->low = facet->high = n;
    } else {
        return false;
    }
    return facet->low <= facet->high && currency(facet, text, arena);
}

/* ---- times ---- */

static bool two(struct mud_str text, size_t at, int *out)
{
    if (at + 2 > text.n || text.s[at] < '0' || text.s[at] > '9' ||
        text.s[at + 1] < '0' || text.s[at + 1] > '9')
        return false;
    *out = (text.s[at] - '0') * 10 + text.s[at + 1] - '0';
    return true;
}

static int64_t us_of(const struct mud_zone *zone, const struct mud_civil *civil)
{
    return (zone ? mud_zone_to_unix(zone, civil) : mud_civil_to_unix(civil)) *
           MUD_SECOND;
}

/* "2026", "2026-03", "2026-03-05" or RFC 3339: from its begin to its end. */
static bool period(int64_t *lo, int64_t *hi, struct mud_str text,
                   const struct mud_zone *zone)
{
    struct mud_civil begin = {.month = 1, .day = 1}, end;
    int high = 0, year = 0;

    if (text.n > 10) {
        *hi = 0;
        if (!mud_time_parse(text, lo))
            return false;
        *hi = *lo + 1;
        return true;
    }
    if (!two(text, 0, &high) || !two(text, 2, &year))
        return false;
    begin.year = high * 100 + year;
    if (text.n > 4 && (text.s[4] != '-' || !two(text, 5, &begin.month)))
        return false;
    if (text.n > 7 && (text.s[7] != '-' || !two(text, 8, &begin.day)))
        return false;
    if ((text.n != 4 && text.n != 7 && text.n != 10) ||
        !mud_civil_valid(&begin))
        return false;
    end = begin;
    if (text.n == 10)
        end = mud_civil_of_unix(mud_civil_to_unix(&begin) + 86400);
    else if (text.n == 7 && begin.month < 12)
        end.month++;
    else
        end = (struct mud_civil){.year = begin.year + 1, .month = 1, .day = 1};
    *lo = us_of(zone, &begin);
    *hi = us_of(zone, &end);
    return true;
}

static bool times(struct mud_facet *facet, struct mud_str text,
                  const struct mud_zone *zone)
{
    bool since = mud_str_ieq(facet->word, MUD_STR("since"));
    bool until = mud_str_ieq(facet->word, MUD_STR("until"));
    size_t dots = mud_str_find(text, MUD_STR(".."));
    struct mud_str from = text, to = text;
    int64_t other = 0;

    facet->lo = INT64_MIN;
    facet->hi = INT64_MAX;
    if (since || until)
        return period(since ? &facet->lo : &other,
                      until ? &facet->hi : &other,
                      text,
                      zone);
    if (dots != MUD_NPOS) {
        from = mud_str_sub(text, 0, dots);
        to = mud_str_sub(text, dots + 2, text.n);
    }
    return (from.n || to.n) &&
           (!from.n || period(&facet->lo, &other, from, zone)) &&
           (!to.n || period(&other, &facet->hi, to, zone)) &&
           facet->lo < facet->hi;
}

/* ---- all ---- */

static bool split(struct mud_facet *facet, struct mud_str value,
                  struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str part;

    facet->values =
        mud_arena_array(arena, MUD_FACET_VALUES, sizeof(*facet->values));
    while (mud_str_cut(&value, ',', &part)) {
        part = mud_str_trim(part);
        if (!part.n)
            continue;
        if (facet->n == MUD_FACET_VALUES)
            return off(facet, err, "more than %d values", MUD_FACET_VALUES);
        facet->values[facet->n++] = mud_str_dup(part, arena);
    }
    return facet->n || off(facet, err, "a value is missing behind the colon");
}

/* "qq:981", "981": to "qq:981", ":981". */
static void contacts(struct mud_facet *facet, struct mud_arena *arena)
{
    for (size_t i = 0; i < facet->n; i++) {
        struct mud_str *value = &facet->values[i];
        size_t colon = mud_str_chr(*value, ':');

        if (is_contact_type(facet->word))
            *value = mud_str_printf(arena,
                                    "%.*s:%.*s",
                                    MUD_FMT(mud_str_lower(facet->word, arena)),
                                    MUD_FMT(*value));
        else if (colon == MUD_NPOS ||
                 !is_contact_type(mud_str_sub(*value, 0, colon)))
            *value = mud_str_printf(arena, ":%.*s", MUD_FMT(*value));
    }
}

bool mud_facet_read(struct mud_facet *out, struct mud_str word,
                    struct mud_str value, size_t column,
                    const struct mud_zone *zone, struct mud_arena *arena,
                    struct mud_error *err)
{
    *out = (struct mud_facet){.word = word, .column = column};
    if (!field_of(word, &out->field))
        out->field = MUD_F_CONTACT;
    if (!split(out, value, arena, err))
        return false;
    if (out->n > 1 && (out->field == MUD_F_PRICE || out->field == MUD_F_TIME))
        return off(out, err, "one value only: write (A OR B)");
    switch ((int)out->field) {
    case MUD_F_CATEGORY:
    case MUD_F_SIDE:
        return coded(out, err);
    case MUD_F_FIELD:
        return named(out, &out->codes, false, fields, err);
    case MUD_F_IS:
        return named(out, &out->flags, true, states, err);
    case MUD_F_HAS:
        return named(out, &out->flags, true, holdings, err);
    case MUD_F_PRICE:
        return price(out, out->values[0], arena) ||
               off(out,
                   err,
                   "\"%.*s\" is no price: write >500CNY, <=3, 1..10 or "
                   "20USDT",
                   (int)(out->values[0].n < 60 ? out->values[0].n : 60),
                   out->values[0].s);
    case MUD_F_TIME:
        return times(out, out->values[0], zone) ||
               off(out,
                   err,
                   "\"%.*s\" is no time: write 2026, 2026-03, "
                   "2026-03-05, a time of RFC 3339%s",
                   (int)(out->values[0].n < 60 ? out->values[0].n : 60),
                   out->values[0].s,
                   mud_str_ieq(word, MUD_STR("time")) ? ", or FROM..TO of these"
                                                      : "");
    case MUD_F_CONTACT:
        contacts(out, arena);
        return true;
    default:
        return true;
    }
}
