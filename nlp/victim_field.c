#include "nlp/victim_field.h"

#include <pthread.h>

#include "base/utf8.h"

enum {
    NAME_HAN = 4,
    WORDS_MAX = 4,
    MAIL_MAX = 100,
    PAPER_MAX = 20,
    PHONE_MIN = 7,      /* digits */
    COMMON = 13500,     /* cost of words that are no names */
    COMMON_ROW = 10500, /* the same where a telephone's digits follow */
    COMMON_PART = 12500 /* the same of what stands behind the family name */
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

/* Bits of surnames, and of what begins one of two characters too. */
static uint64_t family[(0xA000 - 0x4E00) / 64];
static uint64_t firsts[(0xA000 - 0x4E00) / 64];

static void note_surnames(void)
{
    struct mud_str all = mud_str_z(surnames);

    for (size_t at = 0; at < all.n;) {
        uint32_t c = mud_utf8_next(all, &at) - 0x4E00;

        family[c / 64] |= UINT64_C(1) << c % 64;
        firsts[c / 64] |= UINT64_C(1) << c % 64;
    }
    for (size_t i = 0; i < sizeof double_surnames / sizeof double_surnames[0];
         i++) {
        size_t at = 0;
        uint32_t c = mud_utf8_next(mud_str_z(double_surnames[i]), &at) - 0x4E00;

        firsts[c / 64] |= UINT64_C(1) << c % 64;
    }
}

/* Is the character of three bytes at p one of those? */
static bool is_one(const uint64_t *bits, const char *p)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    size_t at = 0;
    uint32_t c = mud_step(mud_str_of(p, 3), &at) - 0x4E00;

    (void)pthread_once(&once, note_surnames);
    return c < 0xA000 - 0x4E00 && bits[c / 64] >> c % 64 & 1;
}

/* Is the character of three bytes at p a surname? */
static bool is_surname(const char *p)
{
    return is_one(family, p);
}

static bool surname(struct mud_str run, bool *twofold)
{
    *twofold = false;
    if (mud_str_starts_among(run,
                             double_surnames,
                             sizeof double_surnames /
                                 sizeof double_surnames[0])) {
        *twofold = true;
        return true;
    }
    return run.n >= 3 && is_surname(run.s);
}

bool mud_victim_surname(struct mud_victim_field *out, struct mud_str text,
                        uint32_t at, uint32_t end)
{
    size_t next = at + 3;

    *out = (struct mud_victim_field){
        .start = at, .end = at + 3, .kind = MUD_V_NAME, .soft = 1};
    return at + 3 <= end && (unsigned char)text.s[at] >= 0xE4 &&
           is_surname(text.s + at) &&
           (next >= end || !is_han(mud_step(text, &next)));
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

/* Does a number as long as a telephone's stand behind it: "李娜 139..."? Known
 * people's names are words of the dictionary too. */
static bool in_row(const struct mud_scan *scan, struct mud_str run)
{
    uint32_t i = (uint32_t)(run.s - scan->text.s + (ptrdiff_t)run.n);
    uint32_t digits = 0;

    while (i < scan->text.n &&
           (scan->text.s[i] == ' ' || scan->text.s[i] == ',' ||
            scan->text.s[i] == '\t'))
        i++;
    while (i < scan->text.n && is_digit(scan->text.s[i])) {
        digits++;
        i++;
    }
    return digits >= PHONE_MIN;
}

/* "方案", "余额", "高清": words that begin as names do. */
static bool common(const struct mud_scan *scan, struct mud_str run)
{
    const struct mud_segmenter *words = scan->reader->segmenter;
    int32_t cost = mud_segmenter_cost(words, run);

    const struct mud_mark *m;

    if (cost ? cost < (in_row(scan, run) ? COMMON_ROW : COMMON)
             : mud_segmenter_knows(words, run))
        return true;
    m = mud_scan_mark(scan,
                      mud_scan_find(scan, (uint32_t)(run.s - scan->text.s)));
    if ((m->kinds & 1U << MUD_LEX_PRODUCT && m->end - m->start > 3) ||
        mud_str_ends(run, MUD_STR("料")) || mud_str_ends(run, MUD_STR("库")))
        return true;
    /* "查" + "余额": surnames that begin many other words */
    return run.n == 9 && in_list("查高全单包解成车", mud_str_sub(run, 0, 3)) &&
           (cost = mud_segmenter_cost(words, mud_str_sub(run, 3, 9))) > 0 &&
           cost < COMMON_PART;
}

/* "1毛一个": is it a unit behind a number too short for a telephone? */
static bool counted(struct mud_str s, uint32_t at)
{
    uint32_t i = at;

    while (i > 0 && at - i < PHONE_MIN && is_digit(s.s[i - 1]))
        i--;
    return i < at && at - i < PHONE_MIN;
}

/* "王*明", "陈*", "李某某", "欧阳某", "白样例", "王女士". */
static bool han_name(struct mud_victim_field *out,
                     const struct mud_victim_text *t, uint32_t at, uint32_t end)
{
    const struct mud_scan *scan = t->scan;
    struct mud_str s = scan->text, run;
    struct shape h;
    bool twofold;

    if (at + 3 > end || (!t->covers && !is_one(firsts, s.s + at)))
        return false; /* only where signs cover it is any word a name */
    h = han_shape(s, at, end);
    run = mud_str_sub(s, at, h.end);
    *out = (struct mud_victim_field){
        .start = at, .end = h.end, .kind = MUD_V_NAME};
    if (h.han == 0 || h.first_some || counted(s, at))
        return false;
    if (h.covers) {
        out->masked = 1;
        return h.some == 0 && h.covers <= 3 && h.han <= 3;
    }
    if (h.han > NAME_HAN || !surname(run, &twofold))
        return false;
    if (h.some) {
        out->masked = 1;
        return h.some <= 2 && h.han - twofold <= 2 && h.han + h.some <= 4;
    }
    out->soft = title(run);
    return out->soft ||
           (h.han >= 2 && h.han <= (twofold ? NAME_HAN : NAME_HAN - 1) &&
            !common(scan, run));
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
        return stop - at >= 6 || (stop - at == 2 && stop < end &&
                                  (s.s[stop] == '.' || s.s[stop] == '*'))
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
    bool masked = false;

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
        while (i < end && scan->text.s[i] == '*') {
            masked = true; /* "Иванов И.****", "J*** Example" */
            stop = ++i;
        }
        if (i >= end || scan->text.s[i] != ' ')
            break;
        i++;
    }
    *out = (struct mud_victim_field){
        .start = at, .end = stop, .kind = MUD_V_NAME, .masked = masked};
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

/* Is it a name before a space, no first word of an address ("张家村 3号")? */
static bool before_space(struct mud_str s, const struct mud_victim_field *name,
                         uint32_t end)
{
    static const char *const places[] = {
        "省", "市", "区", "县", "镇", "乡", "村", "路", "街", "巷"};
    struct mud_str run = mud_str_sub(s, name->start, name->end);

    if (name->end >= end || s.s[name->end] != ' ')
        return false;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (mud_str_ends(run, mud_str_z(places[i])))
            return false;
    }
    return true;
}

/* A name, or an address that may begin as one does. */
static bool han_field(struct mud_victim_field *out,
                      const struct mud_victim_text *t, uint32_t at,
                      uint32_t end)
{
    struct mud_str s = t->scan->text;
    struct mud_victim_field place;
    bool name = han_name(out, t, at, end);

    if (!t->places || (name && before_space(s, out, end)))
        return name;
    if (!mud_victim_place(&place, s, at, end, false))
        return name;
    *out = place;
    return true;
}

bool mud_victim_field(struct mud_victim_field *out,
                      const struct mud_victim_text *t, uint32_t at,
                      uint32_t end, bool tight)
{
    struct mud_str s = t->scan->text;
    unsigned char c = (unsigned char)s.s[at];

    if (c >= 0xE3)
        return han_field(out, t, at, end);
    if (mud_grams_char(t->scan->grams, '@') && mail(out, s, at, end))
        return true;
    if (is_digit((char)c) || c == '+' || mud_victim_cover(s, at))
        return mud_victim_number(out, s, at, end) ||
               mud_victim_street(out, s, at, end, tight);
    if (mud_victim_lettered(out, s, at, end) ||
        mud_victim_street(out, s, at, end, tight))
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

/* Number of a paper named before it: "4500 000163", "e00000161", "45 00 ***". */
static bool paper(struct mud_victim_field *out, struct mud_str s, uint32_t at,
                  uint32_t end)
{
    uint32_t i = at, stop = at, gap = at;
    unsigned digits = 0, covers = 0, letters = 0, before = 0;

    while (i < end && digits + covers + letters < PAPER_MAX) {
        size_t cover = mud_victim_cover(s, i);

        if (cover) {
            covers++;
        } else if (is_digit(s.s[i])) {
            digits++;
        } else if (is_lower(s.s[i]) && letters < 2 && i < at + 3) {
            letters++;
        } else if (i > at && (s.s[i] == ' ' || s.s[i] == '-') && i == stop &&
                   i + 1 < end &&
                   (is_digit(s.s[i + 1]) || mud_victim_cover(s, i + 1))) {
            gap = i++;
            before = digits;
            continue;
        } else {
            break;
        }
        i += cover ? (uint32_t)cover : 1;
        stop = i;
    }
    if (stop < end && s.s[stop] == 'x' && digits + covers >= 14)
        stop++;
    if (stop < end && is_lower(s.s[stop]) && gap > at && covers == 0) {
        stop = gap; /* "e00000161 20u" */
        digits = before;
    }
    *out = (struct mud_victim_field){
        .start = at, .end = stop, .kind = MUD_V_ID, .masked = covers > 1};
    return digits + covers >= 6 && digits + covers <= PAPER_MAX && digits > 1 &&
           !(stop < end && (is_lower(s.s[stop]) || is_digit(s.s[stop])));
}

/* A name of two to four characters behind a word that asks for one. */
static bool named(struct mud_victim_field *out, const struct mud_victim_text *t,
                  uint32_t at, uint32_t end, bool glue)
{
    struct mud_str s = t->scan->text;
    struct shape h = han_shape(s, at, end);
    struct mud_victim_label label;

    out->end = h.end;
    if (h.han < 2 || h.han > 4 || h.covers > 0 ||
        mud_victim_label(&label, t, at, end) > at) /* a head of columns */
        return false;
    return at == 0 || !(s.s[at - 1] & 0x80) ||
           (glue && h.han <= 3 && han_name(out, t, at, end));
}

bool mud_victim_value(struct mud_victim_field *out,
                      const struct mud_victim_text *t, uint32_t at,
                      uint32_t end, const struct mud_victim_label *label,
                      bool tight)
{
    struct mud_str s = t->scan->text;
    unsigned kind = label->kind;
    bool sign_in = false;
    uint32_t stop;

    if (at >= end)
        return false;
    if (kind == MUD_V_ADDRESS && (mud_victim_place(out, s, at, end, true) ||
                                  mud_victim_street(out, s, at, end, tight)))
        return true;
    if (kind == MUD_V_ID && mud_victim_lettered(out, s, at, end)) {
        out->proof = 1;
        return true;
    }
    /* "车主名单" is a word, no name */
    if (kind != MUD_V_ACCOUNT && kind != MUD_V_PASSWORD &&
        !(kind == MUD_V_NAME && at > 0 && s.s[at - 1] & 0x80) &&
        mud_victim_field(out, t, at, end, tight) &&
        (out->kind == kind || (kind == MUD_V_ID && out->kind != MUD_V_NAME &&
                               out->kind != MUD_V_ADDRESS)))
        return true;
    *out = (struct mud_victim_field){.start = at, .kind = (uint8_t)kind};
    if (kind == MUD_V_NAME)
        return named(out, t, at, end, label->glue);
    if (kind == MUD_V_ID)
        return paper(out, s, at, end);
    if (kind != MUD_V_ACCOUNT && kind != MUD_V_PASSWORD)
        return false;
    stop = token_end(s, at, end);
    out->end = stop;
    for (uint32_t i = at; i < stop && !label->sign; i++)
        sign_in |= is_digit(s.s[i]) || s.s[i] == '_';
    /* "our login page", "a password guess" */
    return stop - at >= 3 && stop - at <= 64 && s.s[at] != '@' &&
           (sign_in || label->sign);
}
