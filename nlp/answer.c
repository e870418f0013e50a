#include "nlp/answer.h"

enum {
    SHORT = 90, /* bytes of a text that may be an answer */
    MARKS = 4,
    UNITS = 200 /* marks looked at for units */
};

static const char *const asks[] = {
    "多少",       "怎么卖",    "怎么收",     "还有吗",   "还有没",
    "有吗",       "有没有",    "啥价",       "什么价",   "几钱",
    "几多",       "怎么加",    "能便宜",     "how much", "price?",
    "still avai", "any left",  "available?", "you have", "сколько",
    "есть ещё?",  "есть еще?", "почем",      "почём",    "цена?",
    "актуально?"};

static const char *const wants[] = {
    "+1",     "我要",   "要一",       "要两",   "要了",   "来一",
    "来两",   "来个",   "来点",       "求带价", "我收",   "蹲一个",
    "留给我", "行就要", "行不行",     "能卖吗", "给我留", "i'll take",
    "i take", "want",   "interested", "беру",   "возьму", "мне надо"};

static const char *const has[] = {"有货",
                                  "有的",
                                  "还有",
                                  "现货",
                                  "在的",
                                  "有,",
                                  "我有",
                                  "我这有",
                                  "能做",
                                  "能接",
                                  "in stock",
                                  "have it",
                                  "i have",
                                  "got ",
                                  "have some",
                                  "есть",
                                  "в наличии"};

static const char *const pays[] =
    {"收款", "打款", "转账到", "付款到", "payment to", "pay to", "оплата на"};

static const char *const more[] = {"老客户",
                                   "优惠",
                                   "清仓",
                                   "补货",
                                   "还剩",
                                   "上新",
                                   "到货",
                                   "特价",
                                   "降价",
                                   "涨价",
                                   "活动价",
                                   "最后一批",
                                   "restock",
                                   "discount",
                                   "last ones",
                                   "price drop",
                                   "скидка",
                                   "осталось"};

/* "有五个", but not "有吗" and "有没有". */
static bool has_first(struct mud_str text)
{
    return mud_str_starts(text, MUD_STR("有")) &&
           !mud_str_starts(text, MUD_STR("有没")) &&
           !mud_str_starts(text, MUD_STR("有吗")) &&
           !mud_str_starts(text, MUD_STR("有人"));
}

static bool only_number(const struct mud_scan *s)
{
    unsigned numbers = 0;

    if (s->n_marks == 0 || s->n_marks > MARKS)
        return false;
    for (uint32_t i = 1; i <= s->n_marks; i++) {
        const struct mud_mark *m = &s->marks[i];

        if (m->claimed || m->type == MUD_MARK_WORD || m->type == MUD_MARK_HAN)
            return false;
        if (m->type == MUD_MARK_NUMBER)
            numbers++;
        else if (m->type == MUD_MARK_TERM &&
                 !(m->kinds & (1U << MUD_LEX_CURRENCY | 1U << MUD_LEX_UNIT)))
            return false;
    }
    return numbers == 1;
}

static uint64_t units_of(const struct mud_scan *s)
{
    uint64_t units = 0;

    for (uint32_t i = 1; i <= s->n_marks && i <= UNITS; i++) {
        const struct mud_meaning *u =
            mud_scan_means(s, &s->marks[i], MUD_LEX_UNIT);

        if (u && u->code < 64)
            units |= UINT64_C(1) << u->code;
    }
    return units;
}

void mud_answer_read(struct mud_answer *out, const struct mud_scan *s)
{
    static struct mud_words asking = MUD_WORDS(asks),
                            wanting = MUD_WORDS(wants), having = MUD_WORDS(has),
                            paying = MUD_WORDS(pays), again = MUD_WORDS(more);
    struct mud_str text = mud_str_trim(s->text);

    *out = (struct mud_answer){.units = units_of(s)};
    out->number = only_number(s);
    if (text.n > SHORT) {
        out->pays =
            mud_words_in(&paying, s->grams, mud_str_sub(text, 0, SHORT));
        return;
    }
    out->wants = mud_words_in(&wanting, s->grams, text);
    out->asks =
        !out->wants && !has_first(text) &&
        (mud_words_in(&asking, s->grams, text) ||
         mud_str_ends(text, MUD_STR("?")) || mud_str_ends(text, MUD_STR("吗")));
    out->has = !out->asks &&
               (mud_words_in(&having, s->grams, text) || has_first(text));
    out->pays = mud_words_in(&paying, s->grams, text);
    out->more = mud_words_in(&again, s->grams, text);
}
