/* Words around victims' records: for a sample, and for who is paid. */
#include "nlp/victim_field.h"

enum {
    NEAR = 40 /* bytes before a card that are looked at */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c & 0x80);
}

/* Does the word [start, end) of a line announce a sample? Not in names of
 * places and people, nor in "mail.example". */
static bool announces(struct mud_str line, size_t start, size_t end)
{
    static const char *const places[] = {"市", "路", "区", "县", "街", "省"};
    struct mud_str rest;

    if ((unsigned char)line.s[start] >= 0x80) {
        rest = mud_str_sub(line, end, line.n);
        for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
            if (mud_str_starts(rest, mud_str_z(places[k])))
                return false;
        }
        return true;
    }
    if (start > 0 && (is_word(line.s[start - 1]) || line.s[start - 1] == '.' ||
                      line.s[start - 1] == '@'))
        return false;
    if (end < line.n && line.s[end] == 's')
        end++;
    rest = mud_str_trim(mud_str_sub(line, end, line.n));
    return rest.n == 0 || !is_word(rest.s[0])
               ? rest.n == 0 || rest.s[0] != ','
               : is_digit(rest.s[0]) || line.s[start] == 'd' ||
                     line.s[end - 1] == '.';
}

/* The end of a word for a sample in a line, 0 when there is none. */
uint32_t mud_victim_sample(const struct mud_scan *scan, uint32_t start,
                           uint32_t end)
{
    static const char *const words[] = {
        "样本",   "样品",    "样例",   "示例",     "看样",    "抽样",
        "例:",    "例如",    "格式",   "sample",   "example", "e.g.",
        "demo",   "preview", "пример", "образец",  "试号",    "验号",
        "测试号", "自己打",  "随便打", "打电话验", "料样",    "样料",
        "验料",   "数据样",  "试打"};
    struct mud_str line = mud_str_sub(scan->text, start, end);
    uint32_t last = 0;

    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        size_t at = mud_scan_word(scan, start, end, words[k]), to;

        if (at == MUD_NPOS)
            continue;
        to = at + strlen(words[k]);
        if (announces(line, at, to) && start + (uint32_t)to > last)
            last = start + (uint32_t)to;
    }
    return last;
}

static bool near_word(const struct mud_scan *scan, uint32_t at,
                      const char *const *words, size_t n)
{
    uint32_t from = at > NEAR ? at - NEAR : 0;

    for (size_t i = 0; i < n; i++) {
        if (mud_scan_word(scan, from, at, words[i]) != MUD_NPOS)
            return true;
    }
    return false;
}

/* Is whatever stands at `at` the account that is paid into? */
bool mud_victim_payee(const struct mud_scan *scan, uint32_t at)
{
    static const char *const words[] = {"打款",
                                        "收款",
                                        "户名",
                                        "开户",
                                        "转账",
                                        "汇款",
                                        "付款",
                                        "定金",
                                        "支付宝",
                                        "pay to",
                                        "iban",
                                        "перевод на",
                                        "реквизит"};

    return near_word(scan, at, words, sizeof words / sizeof words[0]);
}
