#include "nlp/whose.h"

#include "nlp/whose_words.h"

enum {
    CLAUSE_MAX = 160, /* bytes that a clause may reach to each side */
    STORY_MAX = 320,  /* the same for what is told around a contact */
    QUOTE_MAX = 512,
    NEAR_MAX = 600,
    FOUND_MAX = 64,
    OPEN_MAX = 40 /* bytes of a beginning */
};

/* Does a part of the body hold one of the words? */
#define HAS(part, words) mud_words_in((words), body->grams, (part))

/* Does a clause end with the character before byte i, or begin at it? */
static bool parts(struct mud_str s, uint32_t i, bool whole)
{
    char c = s.s[i];

    if (c == '\n' || c == '!' || c == '?' || c == ';' ||
        (c == '.' && (i + 1 >= s.n || s.s[i + 1] == ' ')))
        return true;
    if (i + 3 <= s.n && memcmp(s.s + i, "\xe3\x80\x82", 3) == 0)
        return true;
    return whole ? false : c == ',' || c == '(' || c == ')';
}

/* The clause (or, whole, the sentence) around [start, end). */
static struct mud_span around(struct mud_str s, uint32_t start, uint32_t end,
                              uint32_t reach, bool whole)
{
    uint32_t from = start, to = end;

    while (from > 0 && start - from < reach && !parts(s, from - 1, whole) &&
           !(from >= 3 && memcmp(s.s + from - 3, "\xe3\x80\x82", 3) == 0))
        from--;
    while (to < s.n && to - end < reach && !parts(s, to, whole))
        to++;
    while (from < start && (s.s[from] & 0xC0) == 0x80)
        from++;
    return (struct mud_span){from, to};
}

static uint32_t gap(struct mud_span a, struct mud_span b)
{
    return a.end <= b.start   ? b.start - a.end
           : b.end <= a.start ? a.start - b.end
                              : 0;
}

static struct mud_span folded(const struct mud_scan *body,
                              const struct mud_entity *e)
{
    return (struct mud_span){mud_fold_at(&body->fold, e->at.start),
                             mud_fold_at(&body->fold, e->at.end)};
}

/* Is none of the clause's other contacts nearer to `word` than e is? */
static bool nearest(const struct mud_scan *body, struct mud_span clause,
                    struct mud_span word, struct mud_span at)
{
    uint32_t mine = gap(at, word);

    for (size_t i = 0; i < body->n_entities && i < FOUND_MAX; i++) {
        const struct mud_entity *o = &body->entities[i];
        struct mud_span there;

        if (o->type != MUD_ENT_CONTACT)
            continue;
        there = folded(body, o);
        if (there.start >= clause.start && there.end <= clause.end &&
            gap(there, word) < mine)
            return false;
    }
    return true;
}

/* Does one of the words in the clause speak of this contact? */
static bool called(const struct mud_scan *body, struct mud_span clause,
                   struct mud_span at, struct mud_words *words)
{
    if (!mud_words_may(words, body->grams))
        return false;
    for (size_t i = 0; i < words->n; i++) {
        const char *text = mud_words_at(words, i);
        size_t found = mud_scan_word(body, clause.start, clause.end, text);
        struct mud_span word;

        if (found == MUD_NPOS)
            continue;
        word.start = clause.start + (uint32_t)found;
        word.end = word.start + (uint32_t)strlen(text);
        if (nearest(body, clause, word, at))
            return true;
    }
    return false;
}

/* An advert that calls this contact a cheat's, in the clause it stands in. */
static bool called_cheat(const struct mud_scan *body, struct mud_span at)
{
    struct mud_span clause;
    struct mud_str text;

    if (!mud_words_may(&mud_whose_cheats, body->grams) &&
        !mud_words_may(&mud_whose_posers, body->grams))
        return false;
    clause = around(body->text, at.start, at.end, CLAUSE_MAX, false);
    text = mud_str_sub(body->text, clause.start, clause.end);

    return called(body, clause, at, &mud_whose_posers) ||
           (!HAS(text, &mud_whose_harmless) &&
            called(body, clause, at, &mud_whose_cheats));
}

/* Is it told around this place what somebody did? */
static bool told_of(const struct mud_scan *body, struct mud_span at)
{
    struct mud_str text = body->text;
    struct mud_str story =
        mud_str_sub(text,
                    at.start > STORY_MAX ? at.start - STORY_MAX : 0,
                    at.end + STORY_MAX < text.n ? at.end + STORY_MAX : text.n);

    return HAS(story, &mud_whose_tales) && !HAS(story, &mud_whose_harmless);
}

/* The same in its own line alone: below a report stand others' addresses. */
static bool told_of_line(const struct mud_scan *body, struct mud_span at)
{
    struct mud_str s = body->text;
    uint32_t from = at.start, to = at.end;

    while (from > 0 && at.start - from < STORY_MAX && s.s[from - 1] != '\n')
        from--;
    while (to < s.n && to - at.end < STORY_MAX && s.s[to] != '\n')
        to++;
    return HAS(mud_str_sub(s, from, to), &mud_whose_tales);
}

/* Does it stand between Chinese quotation marks? */
static bool quoted(struct mud_str text, uint32_t at)
{
    struct mud_str before =
        mud_str_sub(text, at > QUOTE_MAX ? at - QUOTE_MAX : 0, at);
    size_t last_open = 0, last_close = 0;

    for (size_t i = 0; i + 3 <= before.n; i++) {
        if (memcmp(before.s + i, "“", 3) == 0)
            last_open = i + 1;
        else if (memcmp(before.s + i, "”", 3) == 0)
            last_close = i + 1;
    }
    return last_open > last_close;
}

static unsigned type_of(const struct mud_entity *e)
{
    unsigned type = MUD_C_NONE;

    (void)mud_contact_type_of(e->kind, &type);
    return type;
}

/* "@name ..." at the start of a message speaks to somebody. */
static bool addressed(const struct mud_scan *body, const struct mud_entity *e,
                      struct mud_span at)
{
    struct mud_str text = body->text;

    return e->rule == MUD_RULE_CONTACT_AT && at.start == 0 &&
           text.s[0] == '@' && at.end + 4 < text.n && text.s[at.end] == ' ';
}

/* What stands around a contact, short texts whole. */
static struct mud_str near_text(const struct mud_scan *body, struct mud_span at)
{
    return mud_str_sub(body->text,
                       at.start > NEAR_MAX ? at.start - NEAR_MAX : 0,
                       at.end + NEAR_MAX);
}

/* Does the author warn of others who take his name? Then what he does not call
 * theirs is his own. */
static bool warns(const struct mud_scan *body, struct mud_span at)
{
    static const char *const mine[] = {"冒充我",
                                       "冒充本",
                                       "假冒我",
                                       "仿我",
                                       "not me",
                                       "fake of me",
                                       "to be me",
                                       "impersonating me",
                                       "под меня",
                                       "не я",
                                       "clone of me"};

    static struct mud_words words = MUD_WORDS(mine);

    return HAS(near_text(body, at), &words);
}

/* Does he name a third party here? */
static bool third(const struct mud_scan *body, struct mud_span at)
{
    struct mud_str before;
    size_t cut;

    if (!mud_words_may(&mud_whose_thirds, body->grams))
        return false;
    before =
        mud_str_sub(body->text, at.start > 24 ? at.start - 24 : 0, at.start);
    for (size_t i = 0; i < mud_whose_thirds.n; i++) {
        const char *word = mud_words_at(&mud_whose_thirds, i);

        if (!mud_grams_may(body->grams, word))
            continue;
        cut = mud_str_find(before, mud_str_z(word));
        if (cut != MUD_NPOS &&
            mud_str_chr(mud_str_sub(before, cut, before.n), ',') == MUD_NPOS)
            return true;
    }
    return false;
}

/* A question whether this is a cheat, of somebody who has lost nothing yet. */
static bool wonders(const struct mud_scan *body, struct mud_span at)
{
    static const char *const asks[] = {
        "骗子吗",       "骗子么",        "诈骗吗",      "骗局吗",
        "骗人的吗",     "是真的吗",      "可信吗",      "是不是骗",
        "钓鱼吗",       "真的假的",      "a scam?",     "is this a scam",
        "is it a scam", "is this legit", "is it legit", "is this real",
        "развод?",      "мошенники?",    "это развод",  "что делать"};
    static const char *const losses[] = {"付了",
                                         "转了",
                                         "被骗",
                                         "骗了",
                                         "骗走",
                                         "收了",
                                         "没发",
                                         "拉黑",
                                         "骗我",
                                         "paid",
                                         "took",
                                         "sent him",
                                         "sent her",
                                         "перевел",
                                         "перевёл",
                                         "оплатил",
                                         "кинул"};

    static struct mud_words asking = MUD_WORDS(asks), lost = MUD_WORDS(losses);

    return HAS(near_text(body, at), &asking) &&
           !HAS(near_text(body, at), &lost);
}

/* "避坑! ...": does the text begin as an accusation? */
static bool opens_so(const struct mud_scan *body)
{
    static const char *const words[] = {"避坑",
                                        "避雷",
                                        "曝光",
                                        "黑名单",
                                        "挂人",
                                        "挂个",
                                        "骗子:",
                                        "骗子!",
                                        "scam alert",
                                        "scammer alert",
                                        "scammer:",
                                        "ripper",
                                        "кидала",
                                        "осторожно мошен",
                                        "внимание мошен",
                                        "小心这个",
                                        "小心此人"};
    static struct mud_words opening = MUD_WORDS(words);
    struct mud_str start = mud_str_sub(body->text, 0, OPEN_MAX);

    return HAS(start, &opening) && !HAS(start, &mud_whose_harmless);
}

static const char *outside_offers(const struct mud_scan *body,
                                  const struct mud_verdict *v,
                                  const struct mud_entity *e,
                                  struct mud_span at)
{
    unsigned type = type_of(e);
    struct mud_span clause =
        around(body->text, at.start, at.end, CLAUSE_MAX, false);
    struct mud_str near = mud_str_sub(body->text, clause.start, at.end);
    struct mud_span whole =
        around(body->text, at.start, at.end, CLAUSE_MAX, true);
    struct mud_str sentence = mud_str_sub(body->text, whole.start, whole.end);
    bool wallet = type >= MUD_C_BTC && type <= MUD_C_DOGE;

    if (v->asks && quoted(body->text, at.start))
        return "quoted";
    if (HAS(near, &mud_whose_owns))
        return "advertiser";
    if (HAS(near, &mud_whose_offices))
        return "mentioned";
    if (HAS(near, &mud_whose_hotlines) && (v->accuses || v->speaks))
        return "mentioned";
    if (wonders(body, at) || (v->asks && type == MUD_C_URL))
        return "mentioned";
    if (called_cheat(body, at) || opens_so(body))
        return "reported";
    if (warns(body, at))
        return "advertiser";
    if (v->accuses && type == MUD_C_EMAIL && !told_of_line(body, at))
        return "mentioned";
    if (v->accuses || told_of(body, at))
        return type == MUD_C_PHONE && !v->accuses ? "mentioned" : "reported";
    if (v->speaks && wallet)
        return "reported";
    if (HAS(sentence, &mud_whose_reviews))
        return "mentioned";
    if (v->direction == MUD_DIR_NONE)
        return "mentioned";
    return "advertiser";
}

const char *mud_contact_role(const struct mud_scan *body,
                             const struct mud_verdict *verdict,
                             const struct mud_entity *e)
{
    struct mud_span at;
    bool cheat;

    if (e->field == MUD_IN_SIGNATURE || e->field == MUD_IN_AUTHOR)
        return "advertiser";
    if (e->field != MUD_IN_TEXT && e->field != MUD_IN_TITLE &&
        e->field != MUD_IN_ATTACHMENT)
        return verdict->is_offer || !verdict->accuses ? "advertiser"
                                                      : "reported";
    at = folded(body, e);
    if (!verdict->is_offer) {
        const char *role = outside_offers(body, verdict, e, at);

        return addressed(body, e, at) && strcmp(role, "reported") != 0
                   ? "mentioned"
                   : role;
    }
    cheat = called_cheat(body, at) || opens_so(body);
    if (cheat)
        return "reported";
    if (verdict->category != MUD_CAT_MARKET_SERVICE && third(body, at))
        return "mentioned";
    return addressed(body, e, at) ? "mentioned" : "advertiser";
}
