/* Words around victims' records: for a sample, and for who is paid. */
#include "nlp/victim_field.h"

#include <pthread.h>

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
 * places and people ("样例市"), in words ("格式化"), nor in "mail.example". */
static bool announces(struct mud_str line, size_t start, size_t end)
{
    static const char *const places[] = {
        "市", "路", "区", "县", "街", "省", "化", "量", "免费"};
    struct mud_str rest;

    if ((unsigned char)line.s[start] >= 0xE0) {
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

static const char *const samples[] = {
    "样本",   "样品",   "样例",     "示例",   "范例",    "看样",
    "抽样",   "料样",   "样图",     "样:",    "例:",     "料:",
    "例如",   "格式",   "试号",     "验号",   "测试号",  "测试数据",
    "自己打", "随便打", "打电话验", "打着试", "先打",    "随便发",
    "随便丢", "随便给", "看质量",   "看格式", "sample",  "example",
    "e.g.",   "demo",   "preview",  "пример", "образец", "proof"};

enum {
    SAMPLES = sizeof samples / sizeof samples[0]
};

static uint16_t heads[SAMPLES]; /* grams that they begin with */

static void note_heads(void)
{
    for (size_t i = 0; i < SAMPLES; i++)
        heads[i] = (uint16_t)mud_gram(samples[i]);
}

/* The last word for a sample in a line; empty when there is none. */
struct mud_span mud_victim_sample(const struct mud_scan *scan, uint32_t start,
                                  uint32_t end)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static struct mud_words telling = MUD_WORDS(samples);
    struct mud_str line = mud_str_sub(scan->text, start, end);
    struct mud_span last = {0, 0};

    if (!mud_words_may(&telling, scan->grams))
        return last;
    (void)pthread_once(&once, note_heads);
    for (size_t k = 0;
         (k = mud_grams_next(scan->grams, heads, k, SAMPLES)) < SAMPLES;
         k++) {
        size_t at = mud_scan_word(scan, start, end, samples[k]), to;

        if (at == MUD_NPOS)
            continue;
        to = at + strlen(samples[k]);
        if (announces(line, at, to) && start + (uint32_t)to > last.end)
            last =
                (struct mud_span){start + (uint32_t)at, start + (uint32_t)to};
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
