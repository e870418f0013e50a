/*
 * Digits that only their neighbours explain. A circled digit in a row of digits
 * is one of them; alone at the start of an item it numbers a list ("①50元" is
 * not 150) and becomes the one sign of list markers. A circle between digits is
 * a zero; five dice, tiles, cards or clock faces in a row are digits.
 */
#include "nlp/foldnum.h"

#include "base/utf8.h"
#include "nlp/folding.h"
#include "nlp/script.h"

enum {
    ID_DIGITS = 6, /* so many in a row are no amount behind a list marker */
    ROW = 5,       /* pictures in a row that are digits */
    MARKER = 0x2460
};

struct item {
    uint32_t start, end; /* folded bytes */
    uint8_t kind;        /* enum mud_fold_face */
    uint8_t value;
};

struct items {
    struct mud_arena *arena;
    struct item *v;
    size_t n, cap;
};

static void put(struct items *items, uint32_t start, uint32_t end,
                enum mud_fold_face kind, unsigned value)
{
    items->v = mud_arena_grow(
        items->arena, items->v, &items->cap, items->n, sizeof *items->v);
    items->v[items->n++] =
        (struct item){start, end, (uint8_t)kind, (uint8_t)value};
}

/* A keycap: a digit, perhaps a variation selector, the cap. */
static bool is_keycap(struct mud_str raw, unsigned *value)
{
    if (raw.n < 4 || raw.s[0] < '0' || raw.s[0] > '9' ||
        memcmp(raw.s + raw.n - 3, "\xe2\x83\xa3", 3) != 0)
        return false;
    *value = (unsigned)(raw.s[0] - '0');
    return true;
}

/* The characters of an even run that show numbers, as they were written. */
static void in_even(struct items *items, struct mud_str raw, uint32_t folded)
{
    size_t at = 0;

    while (at < raw.n) {
        uint32_t start = folded + (uint32_t)at;
        enum mud_fold_face kind;
        unsigned value;

        if ((unsigned char)raw.s[at] < 0x80) {
            at++;
            continue;
        }
        kind = mud_fold_face(mud_utf8_next(raw, &at), &value);
        if (kind)
            put(items, start, folded + (uint32_t)at, kind, value);
    }
}

static void find_items(struct items *items, const struct mud_fold *fold)
{
    for (uint32_t i = 0; i < fold->n_runs; i++) {
        const struct mud_fold_run *run = &fold->runs[i];
        uint32_t stop = i + 1 < fold->n_runs ? fold->runs[i + 1].at
                                             : (uint32_t)fold->text.n;
        struct mud_str raw = mud_str_sub(fold->raw, run->start, run->end);
        enum mud_fold_face kind;
        unsigned value;
        size_t at = 0;

        if (run->even) {
            in_even(items, raw, run->at);
            continue;
        }
        kind = mud_fold_face(mud_utf8_next(raw, &at), &value);
        if (!kind && is_keycap(raw, &value))
            kind = MUD_FACE_ENCLOSED;
        if (kind)
            put(items, run->at, stop, kind, value);
    }
}

static bool digit_at(struct mud_str s, size_t at)
{
    return at < s.n && s.s[at] >= '0' && s.s[at] <= '9';
}

/* Plain digits from `at` on. */
static size_t digits_from(struct mud_str s, size_t at)
{
    size_t n = 0;

    while (digit_at(s, at + n) && n < ID_DIGITS)
        n++;
    return n;
}

/* May an item of a list begin at byte `at`: line start, space, sign? */
static bool item_begins(struct mud_str s, size_t at)
{
    enum mud_char_class class;
    size_t start = at;

    if (!at)
        return true;
    do {
        start--;
    } while (start && ((unsigned char)s.s[start] & 0xc0) == 0x80);
    class = mud_char_class(mud_utf8_next(s, &start));
    return class == MUD_CHAR_SPACE || class == MUD_CHAR_PUNCT ||
           class == MUD_CHAR_SYMBOL || class == MUD_CHAR_OTHER;
}

/* What is counted or paid: behind it a digit is an amount. */
static bool unit_at(struct mud_str s, size_t at)
{
    static const char *const units[] = {"元", "块", "台", "条", "个", "张",
                                        "套", "份", "天", "月", "年", "万",
                                        "千", "百", "毛", "分", "折", "点",
                                        "起", "手", "次", "周", "人", "组",
                                        "刀", "k",  "w",  "u",  "%",  "r"};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (mud_str_starts(mud_str_sub(s, at, s.n), mud_str_z(units[i])))
            return true;
    return false;
}

/* Does the item stand next to no other digit in disguise? */
static bool is_alone(const struct items *items, size_t i)
{
    const struct item *item = &items->v[i];

    return item->kind == MUD_FACE_ENCLOSED &&
           (i == 0 || items->v[i - 1].end != item->start) &&
           (i + 1 == items->n || items->v[i + 1].start != item->end);
}

/* Do single items number a list, 1 before 2? */
static bool is_list(const struct items *items, struct mud_str s)
{
    bool one = false;

    for (size_t i = 0; i < items->n; i++) {
        const struct item *item = &items->v[i];

        if (!is_alone(items, i) ||
            (item->start && digit_at(s, item->start - 1) &&
             digit_at(s, item->end)))
            continue;
        if (one && item->value == 2)
            return true;
        one |= item->value == 1 && item_begins(s, item->start);
    }
    return false;
}

static bool is_marker(const struct items *items, size_t i, struct mud_str s,
                      bool list, unsigned last)
{
    const struct item *item = &items->v[i];
    size_t digits = digits_from(s, item->end), next = item->end;

    if (!is_alone(items, i) || !item->value ||
        (item->start && digit_at(s, item->start - 1) && digits) ||
        digits + 1 >= ID_DIGITS || item->end >= s.n)
        return false;
    if (list && (item->value == last + 1 || item->value == 1))
        return true;
    if (!item_begins(s, item->start))
        return false;
    if (digits || s.s[next] == ' ')
        return true;
    return !unit_at(s, next) &&
           mud_char_class(mud_utf8_next(s, &next)) == MUD_CHAR_HAN;
}

/* Items [i, end) of one kind of picture, one behind the other? */
static size_t row_end(const struct items *items, size_t i)
{
    size_t k = i + 1;

    while (k < items->n && items->v[k].kind == items->v[i].kind &&
           items->v[k].start == items->v[k - 1].end)
        k++;
    return k;
}

/* Is the circle a zero: a digit before it, and one behind or many before? */
static bool is_zero(const struct items *items, size_t i, struct mud_str s)
{
    const struct item *item = &items->v[i];
    size_t end = row_end(items, i), before = item->start;
    size_t n = 0;

    while (before && digit_at(s, before - 1) && n < 5) {
        before--;
        n++;
    }
    return n && (digit_at(s, items->v[end - 1].end) || n >= 5);
}

static void put_digit(struct mud_fold_edits *edits, const struct item *item)
{
    mud_fold_edit_char(
        edits, item->start, item->end, '0' + item->value, MUD_FOLD_DIGIT);
}

void mud_fold_numbers(struct mud_fold *fold, struct mud_arena *arena)
{
    struct items items = {.arena = arena};
    struct mud_fold_edits edits = {.arena = arena};
    unsigned last = 0;
    bool list;

    find_items(&items, fold);
    list = is_list(&items, fold->text);
    for (size_t i = 0; i < items.n;) {
        const struct item *item = &items.v[i];
        size_t end;

        if (item->kind == MUD_FACE_ENCLOSED) {
            if (is_marker(&items, i, fold->text, list, last)) {
                last = item->value;
                mud_fold_edit_char(&edits,
                                   item->start,
                                   item->end,
                                   MARKER + (last - 1) % 20,
                                   MUD_FOLD_LIST);
            }
            i++;
            continue;
        }
        end = row_end(&items, i);
        if (item->kind == MUD_FACE_ZERO ? is_zero(&items, i, fold->text)
                                        : end - i >= ROW)
            for (size_t k = i; k < end; k++)
                put_digit(&edits, &items.v[k]);
        i = end;
    }
    mud_fold_edit_apply(fold, &edits);
}
