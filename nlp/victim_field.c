#include "nlp/victim_field.h"

#include "base/utf8.h"

enum {
    NAME_HAN = 4,
    WORDS_MAX = 4,
    MAIL_MAX = 100,
    ADDRESS_MAX = 200
};

/* The commonest family names, in the order of the Hundred Family Surnames and
 * of today's use; folded, so Simplified. Own list. */
static const char surnames[] =
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许"
    "傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆"
    "郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施"
    "陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝"
    "左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁"
    "隋植甘景薄单包司柏宁柯阮桂闵解强丘冉车宫简鹿楚冷桑沙诸岑符肖滕邬褚计荆";

static const char *const double_surnames[] = {"欧阳",
                                              "司马",
                                              "上官",
                                              "诸葛",
                                              "东方",
                                              "皇甫",
                                              "尉迟",
                                              "公孙",
                                              "慕容",
                                              "司徒",
                                              "夏侯",
                                              "端木"};

const char *mud_victim_kind_name(unsigned kind)
{
    static const char *const names[MUD_V_KINDS] = {"",
                                                   "name",
                                                   "phone",
                                                   "id_card",
                                                   "bank_card",
                                                   "email",
                                                   "address",
                                                   "account",
                                                   "password"};

    return names[kind < MUD_V_KINDS ? kind : 0];
}

static bool is_han(uint32_t c)
{
    return c >= 0x4E00 && c <= 0x9FFF;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* One of those signs; never NUL. */
static bool sign(char c, const char *signs)
{
    return c && strchr(signs, c);
}

static bool in_list(const char *list, struct mud_str character)
{
    size_t at = 0;
    struct mud_str all = mud_str_z(list);

    while (at + 3 <= all.n) {
        if (memcmp(all.s + at, character.s, 3) == 0)
            return true;
        at += 3;
    }
    return false;
}

static bool surname(struct mud_str run, bool *twofold)
{
    *twofold = false;
    for (size_t i = 0; i < sizeof double_surnames / sizeof double_surnames[0];
         i++) {
        if (mud_str_starts(run, mud_str_z(double_surnames[i]))) {
            *twofold = true;
            return true;
        }
    }
    return run.n >= 3 && in_list(surnames, mud_str_sub(run, 0, 3));
}

struct shape { /* a run of Han characters and covered places */
    uint32_t end;
    unsigned han, covers, some; /* some: 某 */
    bool first_some;
};

/* "王x明", "王xx": an x that belongs to no word. */
static bool crossed(struct mud_str s, uint32_t i)
{
    uint32_t end = i;

    while (end < s.n && s.s[end] == 'x')
        end++;
    return end >= s.n ||
           !(is_lower(s.s[end]) || is_digit(s.s[end]) || s.s[end] == '_');
}

static struct shape han_shape(struct mud_str s, uint32_t at, uint32_t end)
{
    struct shape h = {.end = at};

    while (h.end < end && h.han + h.covers + h.some < 8) {
        size_t next = h.end, cover = mud_victim_cover(s, h.end);
        uint32_t c = mud_step(s, &next);

        if (cover) {
            h.covers++;
        } else if (c == 0x67D0 && h.han > 0) {
            h.some++;
        } else if (is_han(c)) {
            h.first_some |= c == 0x67D0;
            h.han++;
        } else if (c == 'x' && h.han > 0 && crossed(s, h.end)) {
            h.covers++;
        } else {
            break;
        }
        h.end = (uint32_t)next;
    }
    return h;
}

static bool title(struct mud_str run)
{
    static const char *const titles[] = {
        "先生", "女士", "小姐", "太太", "阿姨", "老师"};

    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (run.n == 9 && mud_str_ends(run, mud_str_z(titles[i])))
            return true;
    }
    return false;
}

/* "王*明", "陈*", "李某某", "欧阳某", "白样例", "王女士". */
static bool han_name(struct mud_victim_field *out, struct mud_str s,
                     uint32_t at, uint32_t end)
{
    struct shape h = han_shape(s, at, end);
    struct mud_str run = mud_str_sub(s, at, h.end);
    bool twofold;

    *out = (struct mud_victim_field){
        .start = at, .end = h.end, .kind = MUD_V_NAME};
    if (h.han == 0 || h.first_some)
        return false;
    if (h.covers) {
        out->masked = 1;
        return h.some == 0 && h.covers <= 3 && h.han <= 3;
    }
    if (!surname(run, &twofold))
        return false;
    if (h.some) {
        out->masked = 1;
        return h.some <= 2 && h.han - twofold <= 2 && h.han + h.some <= 4;
    }
    out->soft = title(run);
    return out->soft ||
           (h.han >= 2 && h.han <= (twofold ? NAME_HAN : NAME_HAN - 1));
}

/* The end of a word of letters at `at` that was written with a capital. */
static uint32_t capital_word(const struct mud_scan *scan, uint32_t at,
                             uint32_t end)
{
    struct mud_str s = scan->text;
    uint32_t stop = at;
    unsigned char c = at < end ? (unsigned char)s.s[at] : 0;

    if (c >= 0x80) { /* Cyrillic */
        struct mud_span raw =
            mud_fold_raw(&scan->fold, (struct mud_span){at, at + 2});
        size_t i = raw.start;
        uint32_t first;

        if ((c != 0xD0 && c != 0xD1) || raw.end <= raw.start)
            return at;
        first = mud_utf8_next(scan->fold.raw, &i);
        if ((first < 0x410 || first > 0x42F) && first != 0x401)
            return at;
        while (stop + 1 < end && ((unsigned char)s.s[stop] & 0xFE) == 0xD0)
            stop += 2;
        return stop - at >= 6 ||
                       (stop - at == 2 && stop < end && s.s[stop] == '.')
                   ? stop
                   : at;
    }
    if (!is_lower((char)c) || !scan->fold.n_runs)
        return at;
    c = (unsigned char)mud_scan_cased(scan, at, at + 1).s[0];
    if (c < 'A' || c > 'Z')
        return at;
    while (stop < end &&
           (is_lower(s.s[stop]) || s.s[stop] == '\'' ||
            (s.s[stop] == '-' && stop + 1 < end && is_lower(s.s[stop + 1]))))
        stop++;
    return stop;
}

/* "Ann M. Example", "Примеров Иван Иванович" */
static bool word_name(struct mud_victim_field *out, const struct mud_scan *scan,
                      uint32_t at, uint32_t end)
{
    uint32_t i = at, stop = at;
    unsigned words = 0, longest = 0;

    while (words < WORDS_MAX) {
        uint32_t next = capital_word(scan, i, end);
        bool initial =
            next == i + 1 || (next == i + 2 && (scan->text.s[i] & 0x80) != 0);

        if (next == i)
            break;
        if (next - i > longest)
            longest = next - i;
        words++;
        if (!initial)
            stop = next;
        i = next;
        if (initial && i < end && scan->text.s[i] == '.')
            i++;
        if (i >= end || scan->text.s[i] != ' ')
            break;
        i++;
    }
    *out =
        (struct mud_victim_field){.start = at, .end = stop, .kind = MUD_V_NAME};
    return words >= 2 && longest >= 3;
}

static bool mail(struct mud_victim_field *out, struct mud_str s, uint32_t at,
                 uint32_t end)
{
    uint32_t i = at, dot = 0, start;
    bool covered = false;

    while (i < end && i - at < MAIL_MAX &&
           (is_lower(s.s[i]) || is_digit(s.s[i]) || sign(s.s[i], "._%+-*"))) {
        covered |= s.s[i] == '*';
        i++;
    }
    if (i == at || i >= end || s.s[i] != '@' || s.s[at] == '*')
        return false;
    start = ++i;
    while (i < end && (is_lower(s.s[i]) || is_digit(s.s[i]) || s.s[i] == '.' ||
                       (s.s[i] == '-' && i + 1 < end && s.s[i + 1] != '-' &&
                        s.s[i - 1] != '-'))) {
        if (s.s[i] == '.' && i > start)
            dot = i;
        i++;
    }
    if (dot + 1 == i && dot)
        i = dot;
    *out = (struct mud_victim_field){
        .start = at, .end = i, .kind = MUD_V_EMAIL, .masked = covered};
    return dot > start && i - start >= 4;
}

/* Signs of an address, from region to room, a bit each. */
static unsigned place_mark(uint32_t c)
{
    switch (c) {
    case 0x7701: /* 省 */
        return 1U << 0;
    case 0x5E02: /* 市 */
        return 1U << 1;
    case 0x533A: /* 区 */
        return 1U << 2;
    case 0x53BF: /* 县 */
        return 1U << 3;
    case 0x9547: /* 镇 */
        return 1U << 4;
    case 0x4E61: /* 乡 */
        return 1U << 5;
    case 0x6751: /* 村 */
        return 1U << 6;
    case 0x8DEF: /* 路 */
        return 1U << 7;
    case 0x8857: /* 街 */
        return 1U << 8;
    case 0x5DF7: /* 巷 */
        return 1U << 9;
    case 0x5F04: /* 弄 */
        return 1U << 10;
    case 0x53F7: /* 号 */
        return 1U << 11;
    case 0x680B: /* 栋 */
        return 1U << 12;
    case 0x5E62: /* 幢 */
        return 1U << 13;
    case 0x697C: /* 楼 */
        return 1U << 14;
    case 0x5BA4: /* 室 */
        return 1U << 15;
    case 0x5143: /* 元 */
        return 1U << 16;
    case 0x5EA7: /* 座 */
        return 1U << 17;
    case 0x9053: /* 道 */
        return 1U << 18;
    case 0x91CC: /* 里 */
        return 1U << 19;
    case 0x7EC4: /* 组 */
        return 1U << 20;
    default:
        return 0;
    }
}

static unsigned place_marks(struct mud_str s, uint32_t at, uint32_t end,
                            unsigned *kinds)
{
    unsigned bits = 0, han = 0;

    for (size_t i = at; i < end;) {
        uint32_t c = mud_step(s, &i);

        if (!is_han(c))
            continue;
        han++;
        bits |= place_mark(c);
    }
    *kinds = bits;
    return han;
}

/* Bytes that an address goes on over, at i: Han, digits, letters, dashes. */
static size_t place_step(struct mud_str s, uint32_t i)
{
    size_t next = i;
    uint32_t c = mud_step(s, &next);

    return is_han(c) || is_digit(s.s[i]) || is_lower(s.s[i]) || c == '-' ||
                   c == '#' || c == '(' || c == ')'
               ? next - i
               : 0;
}

static bool han_address(struct mud_victim_field *out, struct mud_str s,
                        uint32_t at, uint32_t end, bool named)
{
    uint32_t i = at;
    unsigned bits, han, count = 0;
    bool digits = false;

    while (i < end && i - at < ADDRESS_MAX) {
        size_t n = place_step(s, i);

        if (i + 3 < end && memcmp(s.s + i, "----", 4) == 0)
            break;
        if (n == 0 && s.s[i] == ' ' && i + 1 < end) {
            uint32_t word = i + 1;
            unsigned more, many;

            while (word < end && (n = place_step(s, word)) > 0)
                word += (uint32_t)n;
            many = place_marks(s, i + 1, word, &more);
            if (more == 0 || many > 12)
                break;
            i = word;
            continue;
        }
        if (n == 0)
            break;
        digits |= is_digit(s.s[i]);
        i += (uint32_t)n;
    }
    han = place_marks(s, at, i, &bits);
    for (unsigned k = bits; k; k &= k - 1)
        count++;
    *out =
        (struct mud_victim_field){.start = at, .end = i, .kind = MUD_V_ADDRESS};
    /* of a region or a street, and two kinds of mark at least */
    return han >= 4 && (bits & 0x407FF) &&
           (named || (han >= 6 && count >= 2 && (digits || count >= 3)));
}

static bool street(struct mud_str word)
{
    static const char *const words[] = {
        "st",     "street", "ave",     "avenue", "road", "rd",
        "lane",   "ln",     "blvd",    "drive",  "dr",   "court",
        "ct",     "way",    "close",   "place",  "pl",   "terrace",
        "square", "str",    "strasse", "straße", "rue",  "via"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (mud_str_eqz(word, words[i]))
            return true;
    }
    return false;
}

/* "12 Sample Street, Testville": number, words, the word for a street. */
static bool street_address(struct mud_victim_field *out, struct mud_str s,
                           uint32_t at, uint32_t end, bool tight)
{
    uint32_t i = at, stop = 0;
    unsigned words = 0;

    while (i < end && is_digit(s.s[i]))
        i++;
    if (i == at || i - at > 5)
        return false;
    while (i < end && s.s[i] == ' ' && words < 6 && !stop) {
        uint32_t from = ++i;

        while (i < end && (is_lower(s.s[i]) || (s.s[i] & 0x80)))
            i++;
        if (i == from)
            return false;
        words++;
        if (words > 1 && street(mud_str_sub(s, from, i)))
            stop = i;
        if (i < end && s.s[i] == '.')
            i++;
        if (stop)
            stop = i;
    }
    if (!stop)
        return false;
    if (tight) {
        stop = end;
    } else if (stop + 2 < end && s.s[stop] == ',' && s.s[stop + 1] == ' ') {
        for (i = stop + 2; i < end && (is_lower(s.s[i]) || s.s[i] == ' ');)
            i++;
        if (i == end || s.s[i] == ',' || s.s[i] == ';')
            stop = i;
    }
    while (stop > at && s.s[stop - 1] == ' ')
        stop--;
    *out = (struct mud_victim_field){
        .start = at, .end = stop, .kind = MUD_V_ADDRESS};
    return true;
}

/* "г. Примерск, ул. Тестовая, д. 5" */
static bool russian_address(struct mud_victim_field *out, struct mud_str s,
                            uint32_t at, uint32_t end)
{
    struct mud_str cell = mud_str_trim(mud_str_sub(s, at, end));

    *out = (struct mud_victim_field){
        .start = at, .end = at + (uint32_t)cell.n, .kind = MUD_V_ADDRESS};
    return (mud_str_starts(cell, MUD_STR("г.")) ||
            mud_str_starts(cell, MUD_STR("ул.")) ||
            mud_str_starts(cell, MUD_STR("г "))) &&
           cell.n >= 12 && cell.n < ADDRESS_MAX;
}

bool mud_victim_field(struct mud_victim_field *out,
                      const struct mud_victim_text *t, uint32_t at,
                      uint32_t end, bool tight)
{
    struct mud_str s = t->scan->text;
    unsigned char c = (unsigned char)s.s[at];

    if (c >= 0xE3)
        return (t->places && han_address(out, s, at, end, false)) ||
               han_name(out, s, at, end);
    if (mail(out, s, at, end))
        return true;
    if (is_digit((char)c) || c == '+' || mud_victim_cover(s, at))
        return mud_victim_number(out, s, at, end) ||
               street_address(out, s, at, end, tight);
    if (tight && russian_address(out, s, at, end))
        return true;
    return word_name(out, t->scan, at, end);
}

/* An account or password: visible ASCII up to a space or a parting sign. */
static uint32_t token_end(struct mud_str s, uint32_t at, uint32_t end)
{
    uint32_t i = at;

    while (i < end && s.s[i] > ' ' && (unsigned char)s.s[i] < 0x7F &&
           !sign(s.s[i], ",;|") &&
           !(i + 3 < end && memcmp(s.s + i, "----", 4) == 0))
        i++;
    while (i > at && (s.s[i - 1] == '.' || s.s[i - 1] == ','))
        i--;
    return i;
}

bool mud_victim_value(struct mud_victim_field *out,
                      const struct mud_victim_text *t, uint32_t at,
                      uint32_t end, unsigned kind, bool tight)
{
    struct mud_str s = t->scan->text;
    uint32_t stop;
    struct shape h;

    if (at >= end)
        return false;
    if (kind == MUD_V_ADDRESS && han_address(out, s, at, end, true))
        return true;
    if (kind != MUD_V_ACCOUNT && kind != MUD_V_PASSWORD &&
        mud_victim_field(out, t, at, end, tight) &&
        (out->kind == kind || kind == MUD_V_ID))
        return true;
    *out = (struct mud_victim_field){.start = at, .kind = (uint8_t)kind};
    if (kind == MUD_V_NAME) {
        if (at > 0 && (s.s[at - 1] & 0x80))
            return false; /* "车主名单" is a word, no name */
        h = han_shape(s, at, end);
        out->end = h.end;
        return h.han >= 2 && h.han <= 4 && h.covers == 0;
    }
    if (kind != MUD_V_ACCOUNT && kind != MUD_V_PASSWORD && kind != MUD_V_ID)
        return false;
    stop = token_end(s, at, end);
    out->end = stop;
    if (kind == MUD_V_ID) {
        for (uint32_t i = at; i < stop; i++) {
            if (is_digit(s.s[i]))
                return stop - at >= 6 && stop - at <= 20;
        }
        return false;
    }
    return stop - at >= 3 && stop - at <= 64 && s.s[at] != '@';
}
