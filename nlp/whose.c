#include "nlp/whose.h"

enum {
    CLAUSE_MAX = 160, /* bytes that a clause may reach to each side */
    STORY_MAX = 320,  /* the same for what is told around a contact */
    QUOTE_MAX = 512,
    NEAR_MAX = 600,
    FOUND_MAX = 64,
    OPEN_MAX = 40 /* bytes of a beginning */
};

#define ROWS(list) (sizeof(list) / sizeof((list)[0]))

/* What is said of a cheat, in an advert too. */
static const char *const cheats[] = {
    "是骗子",     "是假",          "冒充",        "假冒",
    "仿冒",       "骗子仿",        "骗子的",      "仿的",
    "高仿",       "被盗",          "盗用",        "骗子qq",
    "骗子微信",   "骗子号",        "骗子:",       "is a fake",
    "is fake",    "fake of me",    "is a scam",   "is scam",
    "impersonat", "not me",        "pretends to", "фейк",
    "самозван",   "не я",          "被此人骗",    "冒用",
    "山寨",       "骗子 ",         "骚扰号码",    "骚扰电话",
    "诈骗电话",   "诈骗账号",      "诈骗帐号",    "骗子账号",
    "骗子微信号", "诈骗line",      "诈骗微信",    "诈骗qq",
    "诈骗号码",   "嫌犯",          "嫌疑人",      "被告",
    "检方指控",   "检察机关指",    "公诉机关指",  "涉案账",
    "涉案qq",     "the defendant", "indictment",  "the suspect",
    "подсудим",   "обвиняем",      "подозреваем", "использовал ник",
    "也是他",     "也是这个骗",    "也是同一"};

/* What is said of somebody who takes the author's name: accuses whatever else
 * the clause says. */
static const char *const posers[] = {"冒充我",        "冒充本",
                                     "冒充的",        "是冒充",
                                     "是假冒",        "假冒我",
                                     "假冒本",        "仿我",
                                     "高仿号",        "仿冒我",
                                     "不是我",        "不是本人",
                                     "我的名义",      "都是假的",
                                     "是骗子",        "not me",
                                     "fake @",        "is fake",
                                     "is a fake",     "fake of me",
                                     "fakes @",       "pretending to be me",
                                     "impersonat",    "impost",
                                     "my clone",      "clone of",
                                     "copycat",       "using my name",
                                     "фейк",          "самозван",
                                     "не я",          "под меня",
                                     "под моим",      "клон",
                                     "我被盗的",      "i reported",
                                     "reported user", "reported discord",
                                     "reported @"};

/* Words that name the other party of a deal or who looks after it. */
static const char *const thirds[] = {"escrow",
                                     "middleman",
                                     "guarantor",
                                     "担保人",
                                     "担保找",
                                     "走担保",
                                     "中介人",
                                     "中间人",
                                     "гарант",
                                     "担保@",
                                     "担保 @",
                                     "担保:",
                                     "vouched by",
                                     "mm @"};

/* What buyers say who are content, and people who ask for such words. */
static const char *const reviews[] = {
    "靠谱",        "收到货",      "发货快",       "好评",       "vouch",
    "legit",       "+rep",        "reputable",    "спасибо",    "ровный",
    "проверенный", "всё получил", "все получил",  "合作愉快",   "交易顺利",
    "交易过",      "有人认识",    "谁认识",       "recommend",  "thanks to",
    "感谢",        "谢谢@",       "anyone dealt", "anyone know"};

/* Nobody writes these but of a place to turn to. */
static const char *const offices[] = {"举报电话",
                                      "举报邮箱",
                                      "线索",
                                      "拨打",
                                      "派出所",
                                      "民警",
                                      "警官",
                                      "反诈中心",
                                      "报案",
                                      "hotline",
                                      "report to",
                                      "горячая линия"};

/* What tells of a crime or a bad deal, outside of adverts. */
static const char *const tales[] = {"不理人",
                                    "不理我",
                                    "付完钱",
                                    "大家检举",
                                    "帮忙检举",
                                    "不要相信他",
                                    "别信他",
                                    "не связывайтесь",
                                    "小心这个",
                                    "小心此人",
                                    "小心该",
                                    "小心他",
                                    "避坑",
                                    "后封锁",
                                    "直接删",
                                    "是诈骗",
                                    "诈骗的",
                                    "诈骗犯",
                                    "坑了",
                                    "坑我",
                                    "被坑",
                                    "空包",
                                    "跑单",
                                    "封锁了",
                                    "不给货",
                                    "不给退",
                                    "死全家",
                                    "别买他",
                                    "别跟他",
                                    "玩消失",
                                    "钓鱼链接",
                                    "ghosted",
                                    "don't buy from",
                                    "do not buy from",
                                    "stay away from",
                                    "dead cc",
                                    "refuses refund",
                                    "refused to refund",
                                    "no reply since",
                                    "не покупайте",
                                    "черный список",
                                    "чёрный список",
                                    "тишина",
                                    "забаньте",
                                    "消失了",
                                    "直接消失",
                                    "千万别找",
                                    "别找他",
                                    "卖假",
                                    "就注销",
                                    "骗子",
                                    "骗我",
                                    "骗了",
                                    "被骗",
                                    "骗走",
                                    "对方",
                                    "假客服",
                                    "假中介",
                                    "拉黑",
                                    "失联",
                                    "跑路",
                                    "人没了",
                                    "人就没",
                                    "人就不见",
                                    "不发货",
                                    "没发货",
                                    "一直没发",
                                    "已读不回",
                                    "不读不回",
                                    "都没回",
                                    "不回消息",
                                    "不回我",
                                    "收了我",
                                    "收了钱",
                                    "收钱不",
                                    "收款后",
                                    "骗群里",
                                    "避雷",
                                    "曝光",
                                    "嫌疑人",
                                    "涉案",
                                    "受害人",
                                    "协查",
                                    "删了我",
                                    "把我删",
                                    "让我先",
                                    "让我加",
                                    "不退",
                                    "卷钱",
                                    "卷款",
                                    "scam",
                                    "ripped me",
                                    "rip off",
                                    "ripper",
                                    "took my",
                                    "took $",
                                    "took €",
                                    "took £",
                                    "of mine and",
                                    "blocked me",
                                    "deleted the chat",
                                    "never delivered",
                                    "never came",
                                    "never sent",
                                    "stole my",
                                    "hacked and",
                                    "taken over",
                                    "write to @",
                                    "asks me to",
                                    "tells me to",
                                    "asked me to",
                                    "demands",
                                    "кидал",
                                    "кинул",
                                    "мошен",
                                    "обманул",
                                    "развел",
                                    "пропал",
                                    "заблокировал",
                                    "не отвечает",
                                    "взял деньги",
                                    "предоплат"};

/* Words around "cheat" that accuse nobody. */
static const char *const harmless[] = {
    "骗子勿",    "骗子绕",   "骗子滚",        "骗子走开",   "骗子别",
    "骗子远",    "谨防",     "不是骗",        "不骗",       "防骗",
    "都是骗子",  "均为骗子", "全是骗子",      "皆骗子",     "beware of",
    "no scam",   "not scam", "scammers stay", "don't scam", "not a scam",
    "scam free", "被骗包赔", "避免被骗",      "跑路包赔",   "骗子自重"};

/* Places to turn to, in notices and complaints. */
static const char *const hotlines[] = {"举报电话",
                                       "热线",
                                       "咨询",
                                       "报警",
                                       "拨打",
                                       "致电",
                                       "线索",
                                       "联系民警",
                                       "联系警",
                                       "家属",
                                       "客服电话",
                                       "举报邮箱",
                                       "举报:",
                                       "派出所",
                                       "hotline",
                                       "call us",
                                       "report to",
                                       "report it",
                                       "contact us"};

static const char *const owns[] = {
    "我新",     "我的新",     "本人新",   "我现在用", "新号是",     "换号",
    "my new",   "联系我",     "我的邮箱", "我邮箱",   "我的微信是", "my email",
    "reach me", "contact me", "email me", "мне на",   "мой новый",  "新飞机",
    "新微信",   "新qq",       "唯一",     "交流群",   "欢迎加",     "欢迎联系"};

/* Does a part of the body hold one of the words? */
static bool has(const struct mud_scan *body, struct mud_str part,
                const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (mud_grams_may(body->grams, list[i]) &&
            mud_str_find(part, mud_str_z(list[i])) != MUD_NPOS)
            return true;
    }
    return false;
}

#define HAS(part, list) has(body, (part), (list), ROWS(list))

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
                   struct mud_span at, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t found = mud_scan_word(body, clause.start, clause.end, words[i]);
        struct mud_span word;

        if (found == MUD_NPOS)
            continue;
        word.start = clause.start + (uint32_t)found;
        word.end = word.start + (uint32_t)strlen(words[i]);
        if (nearest(body, clause, word, at))
            return true;
    }
    return false;
}

/* An advert that calls this contact a cheat's, in the clause it stands in. */
static bool called_cheat(const struct mud_scan *body, struct mud_span at)
{
    static struct mud_words named = MUD_WORDS(cheats),
                            posing = MUD_WORDS(posers);
    struct mud_span clause;
    struct mud_str text;

    if (!mud_words_may(&named, body->grams) &&
        !mud_words_may(&posing, body->grams))
        return false;
    clause = around(body->text, at.start, at.end, CLAUSE_MAX, false);
    text = mud_str_sub(body->text, clause.start, clause.end);

    return called(body, clause, at, posers, ROWS(posers)) ||
           (!HAS(text, harmless) &&
            called(body, clause, at, cheats, ROWS(cheats)));
}

/* Is it told around this place what somebody did? */
static bool told_of(const struct mud_scan *body, struct mud_span at)
{
    struct mud_str text = body->text;
    struct mud_str story =
        mud_str_sub(text,
                    at.start > STORY_MAX ? at.start - STORY_MAX : 0,
                    at.end + STORY_MAX < text.n ? at.end + STORY_MAX : text.n);

    return HAS(story, tales) && !HAS(story, harmless);
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
    return HAS(mud_str_sub(s, from, to), tales);
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

    return HAS(near_text(body, at), mine);
}

/* Does he name a third party here? */
static bool third(const struct mud_scan *body, struct mud_span at)
{
    static struct mud_words words = MUD_WORDS(thirds);
    struct mud_str before;
    size_t cut;

    if (!mud_words_may(&words, body->grams))
        return false;
    before =
        mud_str_sub(body->text, at.start > 24 ? at.start - 24 : 0, at.start);
    for (size_t i = 0; i < ROWS(thirds); i++) {
        if (!mud_grams_may(body->grams, thirds[i]))
            continue;
        cut = mud_str_find(before, mud_str_z(thirds[i]));
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

    return HAS(near_text(body, at), asks) && !HAS(near_text(body, at), losses);
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

    return mud_words_may(&opening, body->grams) && HAS(start, words) &&
           !HAS(start, harmless);
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
    if (HAS(near, owns))
        return "advertiser";
    if (HAS(near, offices))
        return "mentioned";
    if (HAS(near, hotlines) && (v->accuses || v->speaks))
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
    if (HAS(sentence, reviews))
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
    if (e->field != MUD_IN_TEXT && e->field != MUD_IN_TITLE)
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
