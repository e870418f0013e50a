/*
 * Values that their author tells how to mend: "97331A00009 (without the A)",
 * "733100010, put a 9 in front", "made_o1, o is 0". Words of such telling
 * stand within a line or two of the value.
 */
#include "nlp/contact.h"

enum {
    AHEAD = 120, /* bytes behind the value where it may be told */
    BACK = 60,   /* and before */
    TOKEN_MAX = 60,
    OPS_MAX = 4,
    VALUES_MAX = 64, /* of a field */
    PART_MAX = 8     /* bytes that an operation speaks of */
};

enum op_kind {
    DROP = 1,
    DROP_HAN,     /* all Han characters */
    DROP_LETTERS, /* all Latin letters */
    DROP_SIGNS,   /* all that is neither letter nor digit */
    PREFIX,
    SUFFIX,
    SWAP
};

struct op {
    unsigned kind;
    char what[PART_MAX + 1], with[PART_MAX + 1];
    bool near; /* right behind the value */
};

struct telling {
    struct op ops[OPS_MAX];
    size_t n;
};

/* Length of the first of these words that stands at byte i, else 0. */
static uint32_t one_of(struct mud_str s, size_t i, const char *const *words)
{
    for (; *words; words++) {
        size_t n = strlen(*words);

        if (i + n <= s.n && memcmp(s.s + i, *words, n) == 0)
            return (uint32_t)n;
    }
    return 0;
}

static size_t skip(struct mud_str s, size_t i, const char *const *words)
{
    for (uint32_t n = one_of(s, i, words); n; n = one_of(s, i, words))
        i += n;
    return i;
}

static const char *const drops[] = {
    "去掉",    "去除",    "删掉",      "删除",    "删去",     "除去",
    "拿掉",    "剔除",    "忽略",      "无视",    "略去",     "不要",
    "去",      "删",      "remove ",   "delete ", "drop ",    "without ",
    "ignore ", "minus ",  "take out ", "skip ",   "omit ",    "без ",
    "убери ",  "убрать ", "уберите ",  "удали ",  "удалите ", NULL};
static const char *const behinds[] = {"不要",
                                      "去掉",
                                      "删掉",
                                      "删除",
                                      "去除",
                                      "别加",
                                      "别输",
                                      "不用输",
                                      "不用打",
                                      "是干扰",
                                      "是假的",
                                      "是多余",
                                      "都不要",
                                      "都去掉",
                                      "全去掉",
                                      "拿掉",
                                      "removed",
                                      " removed",
                                      NULL};
static const char *const drop_fills[] = {
    "中间的", "中间",   "里面的", "里面",    "里的",     "前面的", "后面的",
    "最后的", "最后",   "末尾的", "开头的",  "第一个",   "所有的", "所有",
    "全部",   "那个",   "两个",   "一个",    "几个",     "个",     "的",
    "字母",   "数字",   "\"",     "'",       "“",        "「",     "【",
    "the ",   "all ",   "both ",  "letter ", "letters ", "any ",   "extra ",
    "букву ", "буквы ", "все ",   " ",       NULL};
static const char *const fronts[] =
    {"前面", "开头", "前边", "最前面", "首位", "头部", "前", "在前面", NULL};
static const char *const backs[] = {"后面",
                                    "后边",
                                    "结尾",
                                    "末尾",
                                    "最后",
                                    "尾部",
                                    "尾巴",
                                    "末位",
                                    "后",
                                    NULL};
static const char *const adds[] =
    {"加上", "再加", "加", "补上", "补", "添加", "添", "上", NULL};
static const char *const add_fills[] =
    {"个", "数字", "字母", "一个", "上", "\"", "“", " ", NULL};
static const char *const swaps[] = {
    "换成", "换为",    "替换成", "替换为", "改成", "改为",  "换",
    "改",   "变成",    "代表",   "是",     "当",   "=",     " = ",
    " is ", " means ", " with ", " to ",   " by ", " for ", NULL};

/* A short run of letters and digits at byte i, copied to out. */
static size_t read_part(struct mud_str s, size_t i, char out[PART_MAX + 1])
{
    size_t n = 0;

    while (i + n < s.n && n < PART_MAX && mud_alnum(s.s[i + n])) {
        out[n] = s.s[i + n];
        n++;
    }
    out[n] = '\0';
    return i + n < s.n && mud_alnum(s.s[i + n]) ? 0 : n;
}

/* One sign, Han character or emoji at byte i. */
static size_t read_character(struct mud_str s, size_t i, char out[PART_MAX + 1])
{
    size_t next = i;

    if (i >= s.n || mud_alnum(s.s[i]))
        return 0;
    mud_step(s, &next);
    if (next - i > 4)
        return 0;
    memcpy(out, s.s + i, next - i);
    out[next - i] = '\0';
    return next - i;
}

static void add_op(struct telling *t, unsigned kind, const char *what,
                   const char *with, bool near)
{
    struct op *op;

    if (t->n == OPS_MAX)
        return;
    op = &t->ops[t->n++];
    *op = (struct op){.kind = kind, .near = near};
    memcpy(op->what, what, strlen(what) + 1);
    memcpy(op->with, with, strlen(with) + 1);
}

static unsigned class_at(struct mud_str s, size_t i)
{
    static const char *const hans[] = {"汉字", "中文", "文字", "字 ", NULL};
    static const char *const letters[] = {
        "字母", "英文", "letters", "буквы", NULL};
    static const char *const signs[] = {"符号",
                                        "标点",
                                        "空格",
                                        "横线",
                                        "横杠",
                                        "星号",
                                        "表情",
                                        "图标",
                                        "emoji",
                                        "spaces",
                                        "dots",
                                        "dot",
                                        "dash",
                                        "dashes",
                                        "symbols",
                                        "пробелы",
                                        "杠",
                                        NULL};

    return one_of(s, i, hans)      ? DROP_HAN
           : one_of(s, i, letters) ? DROP_LETTERS
           : one_of(s, i, signs)   ? DROP_SIGNS
                                   : 0;
}

/* "去掉中间的A", "without the letters" at byte i; the end, or i. */
static size_t read_drop(struct telling *t, struct mud_str s, size_t i,
                        bool near)
{
    uint32_t n = one_of(s, i, drops);
    char what[PART_MAX + 1];
    size_t at = i + n, len;
    unsigned class;

    if (!n)
        return i;
    for (;;) {
        uint32_t fill = one_of(s, at, drop_fills);

        class = class_at(s, at);
        /* "字母A": the letter is named behind the word for it */
        if (class && (!fill || !read_part(s, at + fill, what))) {
            add_op(t, class, "", "", near);
            return at + 1;
        }
        if (!fill)
            break;
        at += fill;
    }
    len = read_part(s, at, what);
    if (!len)
        len = read_character(s, at, what);
    if (!len)
        return i;
    add_op(t, DROP, what, "", near);
    return at + len;
}

/* "前面加9", "结尾补个7" at byte i; the end, or i. */
static size_t read_add(struct telling *t, struct mud_str s, size_t i, bool near)
{
    char what[PART_MAX + 1];
    uint32_t front = one_of(s, i, fronts);
    uint32_t n = front ? front : one_of(s, i, backs);
    uint32_t add = n ? one_of(s, i + n, adds) : 0;
    size_t at, len;

    if (!add)
        return i;
    at = skip(s, i + n + add, add_fills);
    len = read_part(s, at, what);
    if (!len)
        return i;
    add_op(t, front ? PREFIX : SUFFIX, what, "", near);
    return at + len;
}

/* "add a 9 in front", "put 7 at the end". */
static size_t read_put(struct telling *t, struct mud_str s, size_t i, bool near)
{
    static const char *const verbs[] = {"add ", "put ", NULL};
    static const char *const fills[] = {
        "a ", "an ", "the ", "digit ", "number ", "letter ", "\"", "'", NULL};
    static const char *const ends[] = {
        " at the end", " to the end", " after", " behind", NULL};
    static const char *const starts[] = {" in front",
                                         " before",
                                         " at the start",
                                         " at the beginning",
                                         " first",
                                         " to the front",
                                         NULL};
    uint32_t n = one_of(s, i, verbs);
    char what[PART_MAX + 1];
    size_t at, len;
    unsigned kind;

    if (!n)
        return i;
    at = skip(s, i + n, fills);
    len = read_part(s, at, what);
    if (!len)
        return i;
    at += len;
    at += at < s.n && (s.s[at] == '"' || s.s[at] == '\'');
    kind = one_of(s, at, starts) ? PREFIX : one_of(s, at, ends) ? SUFFIX : 0;
    if (!kind)
        return i;
    add_op(t, kind, what, "", near);
    return at;
}

/* "X不要", "o换成0" at byte i, where a short word begins; the end, or i. */
static size_t read_behind(struct telling *t, struct mud_str s, size_t i,
                          bool near)
{
    char what[PART_MAX + 1], with[PART_MAX + 1];
    size_t len = read_part(s, i, what), at = i + len, more;
    uint32_t n;

    if (!len || (i > 0 && mud_alnum(s.s[i - 1])))
        return i;
    n = one_of(s, at, behinds);
    if (n) {
        add_op(t, DROP, what, "", near);
        return at + n;
    }
    n = one_of(s, at, swaps);
    more = n ? read_part(s, at + n, with) : 0;
    if (len > 2 || !more || more > 2)
        return i;
    add_op(t, SWAP, what, with, near);
    return at + n + more;
}

/* What is told in [from, to) of how to read the value that ends at `end`. */
static void listen(struct telling *t, struct mud_str text, size_t from,
                   size_t to, size_t end)
{
    struct mud_str s = mud_str_sub(text, 0, to);
    unsigned lines = 0;

    for (size_t i = from; i < to && t->n < OPS_MAX;) {
        bool near = i >= end && i - end <= 12;
        size_t stop = read_drop(t, s, i, near);

        if (stop == i)
            stop = read_add(t, s, i, near);
        if (stop == i)
            stop = read_put(t, s, i, near);
        if (stop == i)
            stop = read_behind(t, s, i, near);
        lines += s.s[i] == '\n';
        if (lines > 1)
            break;
        i = stop > i ? stop : i + 1;
    }
}

static bool han_at(struct mud_str s, size_t i, size_t *next)
{
    uint32_t c;

    *next = i;
    c = mud_step(s, next);
    return c >= 0x4E00 && c <= 0x9FFF;
}

static bool drops_han(const struct telling *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->ops[i].kind == DROP_HAN ||
            (t->ops[i].kind == DROP && t->ops[i].what[0] & 0x80))
            return true;
    }
    return false;
}

/* The end of the value as written, from byte `at` on. */
static uint32_t token_end(const struct mud_scan *s, uint32_t at,
                          const struct telling *t)
{
    bool han = t && drops_han(t);
    size_t i = at;

    while (i < s->text.n && i - at < TOKEN_MAX) {
        size_t next = i + 1;
        char c = s->text.s[i];

        if (mud_alnum(c) || (c && strchr("_-.*~^#$%&", c))) {
            i++;
            continue;
        }
        if (!(c & 0x80) || !han || (han_at(s->text, i, &next) && !han))
            break;
        /* Han characters and emoji inside, not what follows */
        if (next >= s->text.n ||
            !(mud_alnum(s->text.s[next]) || s->text.s[next] & 0x80))
            break;
        i = next;
    }
    while (i > at && !mud_alnum(s->text.s[i - 1]) && !(s->text.s[i - 1] & 0x80))
        i--;
    return (uint32_t)i;
}

/* Take `what` out of text, or put `with` there; false when it is not in it. */
static bool replace(char *text, const char *what, const char *with)
{
    char out[TOKEN_MAX * 2 + 1];
    size_t n = 0, len = strlen(what), put = strlen(with);
    bool found = false;

    if (!len)
        return false;
    for (const char *p = text; *p && n + put + 1 < sizeof out;) {
        if (strncmp(p, what, len) == 0) {
            memcpy(out + n, with, put);
            n += put;
            p += len;
            found = true;
        } else {
            out[n++] = *p++;
        }
    }
    out[n] = '\0';
    if (n <= TOKEN_MAX)
        memcpy(text, out, n + 1);
    return found && n <= TOKEN_MAX;
}

static bool keep_class(char *text, unsigned kind)
{
    size_t n = 0;
    bool any = false;

    for (const char *p = text; *p; p++) {
        bool drop = kind == DROP_HAN       ? (*p & 0x80) != 0
                    : kind == DROP_LETTERS ? *p >= 'a' && *p <= 'z'
                                           : !mud_alnum(*p) && *p != '_';

        any |= drop;
        if (!drop)
            text[n++] = *p;
    }
    text[n] = '\0';
    return any;
}

static bool apply(char *text, const struct op *op, bool digits)
{
    char out[TOKEN_MAX + PART_MAX + 1];
    size_t n = strlen(text), k = strlen(op->what);
    bool number = k > 0;

    for (size_t i = 0; i < k; i++)
        number &= mud_digit(op->what[i]);
    switch (op->kind) {
    case DROP:
        /* a digit is left out only where it is said right behind */
        if (number && digits && !op->near)
            return false;
        return replace(text, op->what, "");
    case SWAP:
        return (!digits || !number) && replace(text, op->what, op->with);
    case PREFIX:
    case SUFFIX:
        if ((digits && !number) || n + k > TOKEN_MAX)
            return false;
        memcpy(out,
               op->kind == PREFIX ? op->what : text,
               op->kind == PREFIX ? k : n);
        memcpy(out + (op->kind == PREFIX ? k : n),
               op->kind == PREFIX ? text : op->what,
               op->kind == PREFIX ? n : k);
        memcpy(text, out, n + k);
        text[n + k] = '\0';
        return true;
    default:
        return keep_class(text, op->kind);
    }
}

static bool told_at_all(const struct mud_scan *s)
{
    static const char *const words[] = {
        "去掉",      "去除",       "删",     "不要",    "前面加", "前加",
        "后面加",    "加上",       "换成",   "改成",    "忽略",   "开头",
        "结尾",      "末尾",       "补",     "拿掉",    "代表",   "除去",
        "without ",  "remove",     "delete", "ignore ", "minus ", "take out",
        "in front",  "at the end", "убери",  "без ",    "удали",  "replace",
        "before it", "换",         "都去",   "drop ",   "убрать", "是0",
        "=0",        "是1",        "=1",     "是o",     "=o"};

    static struct mud_words telling = MUD_WORDS(words);

    return mud_words_in(&telling, s->grams, s->text);
}

/* Is the mended text a value of that type? */
static bool form_fits(struct mud_scan *s, const char *text, unsigned type,
                      struct mud_value *out)
{
    struct mud_scan one = *s;
    static struct mud_mark none[2];

    one.text = mud_str_z(text);
    one.marks = none;
    one.n_marks = 0;
    return one.text.n > 0 && mud_contact_value(out, &one, 0, type) &&
           out->end == one.text.n && out->type == type;
}

bool mud_contact_decoy(struct mud_value *out, struct mud_scan *s, uint32_t at,
                       unsigned type)
{
    struct telling t = {.n = 0};
    char text[TOKEN_MAX + 1];
    struct mud_value v;
    uint32_t plain, end;
    size_t to;
    bool changed = false, digits = true;

    if (s->decoys == 0 && !told_at_all(s))
        s->decoys = VALUES_MAX; /* no need to look again */
    if (s->decoys >= VALUES_MAX)
        return false;
    s->decoys++;
    plain = token_end(s, at, NULL);
    to = plain + AHEAD < s->text.n ? plain + AHEAD : s->text.n;
    listen(&t, s->text, plain, to, plain);
    listen(&t, s->text, at > BACK ? at - BACK : 0, at, at);
    end = token_end(s, at, &t);
    if (t.n == 0 || end - at < 4 || end - at > TOKEN_MAX)
        return false;
    memcpy(text, s->text.s + at, end - at);
    text[end - at] = '\0';
    for (uint32_t i = at; i < end; i++)
        digits &= !(s->text.s[i] >= 'a' && s->text.s[i] <= 'z');
    for (size_t i = 0; i < t.n; i++)
        changed |= apply(text, &t.ops[i], digits);
    if (!changed || !form_fits(s, text, type, &v))
        return false;
    return mud_contact_fill(out,
                            s,
                            (struct mud_span){at, end},
                            type,
                            mud_str_dup(v.value, s->arena));
}
