#include "parse/zone_guess.h"

#include "parse/zone_said.h"

#define PAIRS_MAX 64
#define QUARTER   INT64_C(900) /* zones differ by quarters of an hour */

/* Offset in quarters of an hour, rounded to `to` of them, that makes wall time
 * `wall` and UTC `utc` one moment. */
static bool quarters(int64_t wall, int64_t utc, int to, int *out)
{
    int64_t diff = (wall - utc) / MUD_SECOND, unit = to * QUARTER;
    int64_t q = (diff + (diff < 0 ? -unit : unit) / 2) / unit * to;
    if (q < -48 || q > 56)
        return false;
    *out = (int)q;
    return true;
}

/*
 * "<span title='2026-11-22 05:47:18'>3 hours ago</span>": the title is by the
 * site's clock, the text by ours, to an hour or a minute. Minutes tell to a
 * quarter, hours only to the hour, and are rounded down: half an hour is the
 * mean of what they leave out.
 */
static bool pair_at(struct mud_sight *sight, uint32_t i, int *found, bool *fine)
{
    const struct mud_node *node = &sight->page->nodes[i];
    const struct mud_date_rules utc = {.now = sight->dates.now};
    struct mud_str title = mud_node_attr(node, "title");
    int64_t wall, real;
    enum mud_precision as, precision;
    if (title.n < 10 || title.n > 40 || node->end - i > 4 ||
        !mud_date_find(&wall, &as, title, &utc) || as > MUD_TO_MINUTE)
        return false;
    struct mud_str text = mud_sight_text(sight, i, 0);
    if (text.n > 40 || mud_str_find(text, MUD_STR("半")) != MUD_NPOS ||
        !mud_date_relative(text) ||
        !mud_date_find(&real, &precision, text, &utc) ||
        precision > MUD_TO_HOUR)
        return false;
    *fine = precision <= MUD_TO_MINUTE;
    if (!*fine)
        real -= INT64_C(1800) * MUD_SECOND;
    return quarters(wall, real, *fine ? 1 : 4, found);
}

static bool by_pairs(struct mud_zone_guess *out, struct mud_sight *sight)
{
    unsigned votes[128] = {0}, most = 0;
    int best = 0, pairs = 0;
    for (uint32_t i = 0; i < sight->page->n && pairs < PAIRS_MAX; i++) {
        int q;
        bool fine;
        if (!sight->page->nodes[i].n_attrs || !pair_at(sight, i, &q, &fine))
            continue;
        pairs++;
        votes[q + 48] += fine ? 4 : 1;
        if (votes[q + 48] > most) {
            most = votes[q + 48];
            best = q;
        }
    }
    if (!most)
        return false;
    int minutes = best < 0 ? -best * 15 : best * 15;
    out->zone = mud_str_printf(sight->arena,
                               "%c%02d:%02d",
                               best < 0 ? '-' : '+',
                               minutes / 60,
                               minutes % 60);
    out->why = "times that stand there both ways";
    return true;
}

/* Letters of the labels that a site puts into links and buttons. */
static void count_letters(struct mud_sight *sight, size_t *han, size_t *kyr,
                          size_t *latin)
{
    const struct mud_page *page = sight->page;
    for (uint32_t i = 0, end = 0; i < page->n; i++) {
        if (mud_str_eqz(page->nodes[i].tag, "a"))
            end = page->nodes[i].end;
        struct mud_str s = page->nodes[i].text;
        if (i >= end || s.n > 40)
            continue;
        for (size_t k = 0; k < s.n; k++) {
            unsigned char c = (unsigned char)s.s[k];
            *han += c >= 0xe4 && c <= 0xe9;
            *kyr += c == 0xd0 || c == 0xd1;
            *latin += (c | 32) >= 'a' && (c | 32) <= 'z';
        }
    }
}

bool mud_zone_guess(struct mud_zone_guess *out, struct mud_sight *sight,
                    struct mud_str charset)
{
    const struct mud_page *page = sight->page;
    size_t han = 0, kyr = 0, latin = 0;
    struct mud_str lang =
        page->n ? mud_node_attr(&page->nodes[0], "lang") : (struct mud_str){0};
    if ((out->zone = mud_zone_said(sight)).n) {
        out->why = "what the page says of them";
        return true;
    }
    if (sight->dates.now && by_pairs(out, sight))
        return true;
    if (!lang.n)
        count_letters(sight, &han, &kyr, &latin);
    out->why = "the language of the page";
    if (mud_str_istarts(lang, MUD_STR("zh")) ||
        mud_str_istarts(charset, MUD_STR("gb")) ||
        mud_str_istarts(charset, MUD_STR("big5")) || han * 6 > latin + kyr)
        out->zone = MUD_STR("Asia/Shanghai");
    else if (mud_str_istarts(lang, MUD_STR("ru")) ||
             mud_str_istarts(charset, MUD_STR("windows-1251")) ||
             mud_str_istarts(charset, MUD_STR("koi8")) || kyr > latin)
        out->zone = MUD_STR("Europe/Moscow");
    else
        return false;
    return true;
}
