/* See repost.h: one advert posted again. */
#include "tests/support/repost.h"

#include "base/utf8.h"
#include "tests/support/repost_words.h"

#include <string.h>

uint64_t mud_dice_next(struct mud_dice *dice)
{
    uint64_t x = dice->state += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

size_t mud_dice_roll(struct mud_dice *dice, size_t n)
{
    return n ? (size_t)(mud_dice_next(dice) % n) : 0;
}

#define PICK(dice, list) ((list)[mud_dice_roll(dice, MUD_COUNT(list))])

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool of_handle(char c)
{
    return digit(c) || letter(c) || c == '_';
}

static struct mud_str taken(struct mud_buf *buf, struct mud_arena *arena)
{
    struct mud_str out = mud_str_dup(mud_buf_view(buf), arena);

    mud_buf_free(buf);
    return out;
}

/* ---- level 1 ---- */

/* Letters for letters, digits for digits. */
static void other_handle(struct mud_dice *dice, struct mud_buf *out,
                         struct mud_str run)
{
    for (size_t i = 0; i < run.n; i++) {
        char c = run.s[i];

        if (digit(c))
            c = (char)('1' + mud_dice_roll(dice, 9));
        else if (letter(c))
            c = (char)((c & 32) | ('A' + mud_dice_roll(dice, 26)));
        mud_buf_c(out, c);
    }
}

/* A run of letters, digits and _ that is somebody's name or number. */
static bool is_handle(struct mud_str text, size_t start, size_t end)
{
    size_t digits = 0;
    bool low = false;

    for (size_t i = start; i < end; i++) {
        digits += digit(text.s[i]);
        low = low || text.s[i] == '_';
    }
    if (end - start >= 4 &&
        ((start && text.s[start - 1] == '@') ||
         (end < text.n && text.s[end] == '@') ||
         (start >= 5 && memcmp(text.s + start - 5, "t.me/", 5) == 0)))
        return true;
    return end - start >= 6 && (digits >= 6 || low);
}

static struct mud_str contacts(struct mud_dice *dice, struct mud_str text,
                               struct mud_arena *arena)
{
    struct mud_buf out = {0};

    for (size_t i = 0; i < text.n;) {
        size_t end = i;

        while (end < text.n && of_handle(text.s[end]))
            end++;
        if (end == i)
            mud_buf_c(&out, text.s[i++]);
        else if (is_handle(text, i, end))
            other_handle(dice, &out, mud_str_sub(text, i, end));
        else
            mud_buf_str(&out, mud_str_sub(text, i, end));
        i = end > i ? end : i;
    }
    return taken(&out, arena);
}

/* Amounts: short runs of digits that no Latin letter is glued in front of and
 * that name nothing (3389, 163). */
static struct mud_str numbers(struct mud_dice *dice, struct mud_str text,
                              struct mud_arena *arena)
{
    struct mud_buf out = {0};

    for (size_t i = 0; i < text.n;) {
        size_t end = i;
        struct mud_str run;

        while (end < text.n && digit(text.s[end]))
            end++;
        run = mud_str_sub(text, i, end);
        if (end == i) {
            mud_buf_c(&out, text.s[i++]);
            continue;
        }
        if (run.n > 5 || (i && of_handle(text.s[i - 1])) ||
            (end < text.n && of_handle(text.s[end])) ||
            mud_str_eqz(run, "3389") || mud_str_eqz(run, "163") ||
            mud_str_eqz(run, "126"))
            mud_buf_str(&out, run);
        else
            other_handle(dice, &out, run);
        i = end;
    }
    return taken(&out, arena);
}

static bool stops(uint32_t c)
{
    return c == ',' || c == 0xff0c || c == 0x3002 || c == ';' || c == 0xff1b ||
           c == 0x3001 || c == '!' || c == 0xff01;
}

/* Emoji, other white space and other signs between clauses. */
static struct mud_str dress(struct mud_dice *dice, struct mud_str text,
                            struct mud_arena *arena)
{
    struct mud_buf out = {0};
    size_t at = 0;
    bool signs = mud_dice_roll(dice, 2) == 0;

    if (mud_dice_roll(dice, 2))
        mud_buf_z(&out, PICK(dice, emoji));
    while (at < text.n) {
        size_t start = at;
        uint32_t c = mud_utf8_next(text, &at);

        if (stops(c) && signs)
            mud_buf_z(&out, PICK(dice, between));
        else
            mud_buf_str(&out, mud_str_sub(text, start, at));
        if ((c == '\n' || stops(c)) && mud_dice_roll(dice, 3) == 0)
            mud_buf_z(&out, PICK(dice, emoji));
        if (c >= 0x4e00 && c <= 0x9fff && mud_dice_roll(dice, 24) == 0)
            mud_buf_c(&out, ' ');
    }
    mud_buf_z(&out, PICK(dice, emoji));
    return taken(&out, arena);
}

/* ---- level 2 ---- */

#define PARTS 64

static struct mud_str order(struct mud_dice *dice, struct mud_str text,
                            struct mud_arena *arena)
{
    struct mud_str parts[PARTS];
    struct mud_buf out = {0};
    bool lines = mud_str_chr(text, '\n') != MUD_NPOS;
    size_t n = 0, at = 0, from = 0;

    while (at < text.n && n + 1 < PARTS) {
        size_t start = at;
        uint32_t c = mud_utf8_next(text, &at);

        if (lines ? c == '\n' : stops(c)) {
            parts[n++] = mud_str_sub(text, from, start);
            from = at;
        }
    }
    parts[n++] = mud_str_sub(text, from, text.n);
    for (int i = 0; i < 2; i++) { /* two exchanges: posts are not shuffled */
        size_t a = mud_dice_roll(dice, n), b = mud_dice_roll(dice, n);
        struct mud_str part = parts[a];

        parts[a] = parts[b];
        parts[b] = part;
    }
    for (size_t i = 0; i < n; i++) {
        if (i)
            mud_buf_z(&out, lines ? "\n" : "\xef\xbc\x8c");
        mud_buf_str(&out, parts[i]);
    }
    return taken(&out, arena);
}

/* Each character of pair[0] becomes the one at its place in pair[1]. */
static struct mud_str exchange(struct mud_str text, const char *const pair[2],
                               struct mud_arena *arena)
{
    struct mud_str from = mud_str_z(pair[0]), to = mud_str_z(pair[1]);
    struct mud_buf out = {0};
    size_t at = 0;

    while (at < text.n) {
        size_t start = at, i = 0, j = 0;
        uint32_t c = mud_utf8_next(text, &at), one = 0;
        struct mud_str put = mud_str_sub(text, start, at);

        while (i < from.n && one != c) {
            size_t was = j;

            one = mud_utf8_next(from, &i);
            mud_utf8_next(to, &j);
            if (one == c)
                put = mud_str_sub(to, was, j);
        }
        mud_buf_str(&out, put);
    }
    return taken(&out, arena);
}

static void put_code(struct mud_buf *out, uint32_t c)
{
    char bytes[4];

    mud_buf_put(out, bytes, mud_utf8_put(c, bytes));
}

static struct mud_str disguise(struct mud_dice *dice, struct mud_str text,
                               struct mud_arena *arena)
{
    struct mud_buf out = {0};
    size_t at = 0, trick = mud_dice_roll(dice, 4);

    if (trick == 3)
        return exchange(text, stand_in, arena);
    while (at < text.n) {
        size_t start = at;
        uint32_t c = mud_utf8_next(text, &at);

        if (trick == 0 && c > ' ' && c < 0x7f)
            put_code(&out, c + 0xfee0); /* full-width */
        else if (trick == 1 && c >= '1' && c <= '9')
            put_code(&out, 0x2460 + c - '1'); /* circled */
        else
            mud_buf_str(&out, mud_str_sub(text, start, at));
        if (trick == 2 && mud_dice_roll(dice, 6) == 0)
            put_code(&out, 0x200b);
    }
    return taken(&out, arena);
}

/* ---- levels 3 to 5 ---- */

static struct mud_str frame(struct mud_dice *dice, struct mud_str text,
                            bool hanzi, struct mud_arena *arena)
{
    size_t which = 1 + mud_dice_roll(dice, 3);
    const char *head = hanzi ? PICK(dice, heads) : PICK(dice, heads_en);
    const char *foot = hanzi ? PICK(dice, feet) : PICK(dice, feet_en);

    return mud_str_printf(arena,
                          "%s%s%.*s%s%s",
                          which & 1 ? head : "",
                          which & 1 ? "\n" : "",
                          MUD_FMT(text),
                          which & 2 ? "\n" : "",
                          which & 2 ? foot : "");
}

/* Swap the word at *at if the table has one that begins there. */
static bool swap_at(struct mud_buf *out, struct mud_str text, size_t *at)
{
    for (size_t i = 0; i < MUD_COUNT(swaps); i++) {
        for (int side = 0; side < 2; side++) {
            struct mud_str word = mud_str_z(swaps[i][side]);

            if (!mud_str_istarts(mud_str_sub(text, *at, text.n), word))
                continue;
            mud_buf_z(out, swaps[i][!side]);
            *at += word.n;
            return true;
        }
    }
    return false;
}

/* Bytes of the word at `at`: two Han characters, or a run of letters. */
static size_t word_at(struct mud_str text, size_t at)
{
    size_t end = at, han = 0;

    while (end < text.n && han < 2) {
        size_t next = end;
        uint32_t c = mud_utf8_next(text, &next);
        bool is_han = c >= 0x4e00 && c <= 0x9fff;
        bool is_letter =
            (c < 128 && letter((char)c)) || (c >= 0x400 && c < 0x500);

        if (!is_han && (!is_letter || han))
            break;
        han += is_han;
        end = next;
    }
    return end - at;
}

static size_t count_words(struct mud_str text)
{
    size_t n = 0, at = 0;

    while (at < text.n) {
        size_t word = word_at(text, at);

        n += word > 0;
        if (word)
            at += word;
        else
            mud_utf8_next(text, &at);
    }
    return n;
}

/* About one word in `one_in` is swapped or left out, at least one. */
static struct mud_str words(struct mud_dice *dice, struct mud_str text,
                            size_t one_in, struct mud_arena *arena)
{
    struct mud_buf out = {0};
    size_t all = count_words(text), at = 0;
    size_t left = all / one_in ? all / one_in : 1;

    for (size_t seen = 0; at < text.n;) {
        size_t word = word_at(text, at);

        if (word && mud_dice_roll(dice, all > seen ? all - seen : 1) < left) {
            left--;
            if (swap_at(&out, text, &at)) {
                seen++;
                continue;
            }
            if (mud_dice_roll(dice, 2))
                mud_buf_z(&out, PICK(dice, fillers));
            at += word; /* left out, or another stands there */
            seen++;
            continue;
        }
        seen += word > 0;
        if (!word) {
            size_t start = at;

            mud_utf8_next(text, &at);
            word = at - start;
            at = start;
        }
        mud_buf_str(&out, mud_str_sub(text, at, at + word));
        at += word;
    }
    return taken(&out, arena);
}

static bool is_hanzi(struct mud_str text)
{
    size_t at = 0, n = 0;

    while (at < text.n) {
        uint32_t c = mud_utf8_next(text, &at);

        n += c >= 0x4e00 && c <= 0x9fff;
    }
    return n > 4;
}

struct mud_str mud_repost(struct mud_dice *dice, struct mud_str text, int level,
                          struct mud_arena *arena)
{
    bool hanzi = is_hanzi(text);

    if (level >= 4)
        text = words(dice, text, level >= 5 ? 4 : 10, arena);
    text = contacts(dice, text, arena);
    text = numbers(dice, text, arena);
    if (level >= 2)
        text = order(dice, text, arena);
    if (level >= 3)
        text = frame(dice, text, hanzi, arena);
    text = dress(dice, text, arena);
    if (level >= 2 && hanzi && mud_dice_roll(dice, 3) == 0)
        text = exchange(text, hant, arena);
    if (level >= 2)
        text = disguise(dice, text, arena);
    return text;
}

/* ---- adverts that are composed ---- */

static void contact_line(struct mud_dice *dice, struct mud_buf *out)
{
    switch (mud_dice_roll(dice, 3)) {
    case 0:
        mud_buf_printf(out, "QQ：9%09zu", mud_dice_roll(dice, 1000000000));
        break;
    case 1:
        mud_buf_printf(out, "飞机 @made_%zu", mud_dice_roll(dice, 1000000));
        break;
    default:
        mud_buf_printf(out, "微信 made_v%zu", mud_dice_roll(dice, 1000000));
        break;
    }
}

/* Another one of the list than those taken before: bits of `taken`. */
static const char *another(struct mud_dice *dice, const char *const *list,
                           size_t n, uint64_t *used)
{
    size_t i = mud_dice_roll(dice, n);

    while (*used >> i & 1)
        i = (i + 1) % n;
    *used |= UINT64_C(1) << i;
    return list[i];
}

static void sentences(struct mud_dice *dice, struct mud_buf *out,
                      const struct trade *trade)
{
    size_t boasts = 3 + mud_dice_roll(dice, 4);
    uint64_t details = 0, phrases = 0;

    mud_buf_z(out, PICK(dice, openers));
    mud_buf_z(out, trade->goods[mud_dice_roll(dice, 4)]);
    if (mud_dice_roll(dice, 2))
        mud_buf_printf(
            out, "，%zu元一%s", 1 + mud_dice_roll(dice, 900), trade->unit);
    for (int i = 0; i < 2; i++)
        mud_buf_printf(
            out,
            "，%s",
            another(dice, trade->details, MUD_COUNT(trade->details), &details));
    for (size_t i = 0; i < boasts; i++) {
        /* The first of the pool stand in most adverts, as in life. */
        size_t most = 8 + mud_dice_roll(dice, MUD_COUNT(stock) - 7);

        mud_buf_printf(out, "，%s", another(dice, stock, most, &phrases));
    }
    mud_buf_z(out, "，");
    contact_line(dice, out);
}

static void price_list(struct mud_dice *dice, struct mud_buf *out, size_t first)
{
    size_t rows = 6 + mud_dice_roll(dice, 9);

    mud_buf_printf(out, "%s\n", PICK(dice, list_heads));
    for (size_t i = 0; i < rows; i++) {
        const struct trade *trade =
            &trades[(first + mud_dice_roll(dice, 4)) % MUD_TRADES];

        mud_buf_printf(out,
                       "%s  %zu元/%s\n",
                       trade->goods[mud_dice_roll(dice, 4)],
                       1 + mud_dice_roll(dice, 900),
                       trade->unit);
    }
    for (size_t i = 0; i < 2; i++)
        mud_buf_printf(out, "%s\n", PICK(dice, stock));
    contact_line(dice, out);
}

struct mud_str mud_advert(struct mud_dice *dice, size_t trade, bool list,
                          struct mud_arena *arena)
{
    struct mud_buf out = {0};

    if (list)
        price_list(dice, &out, trade % MUD_TRADES);
    else
        sentences(dice, &out, &trades[trade % MUD_TRADES]);
    return taken(&out, arena);
}
