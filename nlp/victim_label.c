/* Words that name a field of a record. */
#include "nlp/victim_field.h"

#include <pthread.h>

static const struct label {
    const char *word;
    uint8_t kind;
    uint8_t seller; /* it names who advertises */
    uint8_t glue;   /* a name may stand right behind it */
} labels[] = {
    {"姓名", MUD_V_NAME, 0, 1},         {"名字", MUD_V_NAME, 0, 1},
    {"全名", MUD_V_NAME, 0, 1},         {"真实姓名", MUD_V_NAME, 0, 1},
    {"收件人", MUD_V_NAME, 0, 1},       {"收货人", MUD_V_NAME, 0, 1},
    {"寄件人", MUD_V_NAME, 0, 1},       {"户主", MUD_V_NAME, 0, 1},
    {"机主", MUD_V_NAME, 0, 1},         {"持卡人", MUD_V_NAME, 0, 1},
    {"投保人", MUD_V_NAME, 0, 1},       {"被保人", MUD_V_NAME, 0, 1},
    {"被保险人", MUD_V_NAME, 0, 1},     {"乘机人", MUD_V_NAME, 0, 1},
    {"乘车人", MUD_V_NAME, 0, 1},       {"入住人", MUD_V_NAME, 0, 1},
    {"患者", MUD_V_NAME, 0, 1},         {"我叫", MUD_V_NAME, 0, 1},
    {"本人叫", MUD_V_NAME, 0, 1},       {"车主", MUD_V_NAME, 0, 1},
    {"客户", MUD_V_NAME, 0, 1},         {"家长", MUD_V_NAME, 0, 1},
    {"学生", MUD_V_NAME, 0, 1},         {"业主", MUD_V_NAME, 0, 1},
    {"法人", MUD_V_NAME, 0, 1},         {"法定代表人", MUD_V_NAME, 0, 1},
    {"会员", MUD_V_NAME, 0, 1},         {"旅客", MUD_V_NAME, 0, 1},
    {"买家", MUD_V_NAME, 0, 1},         {"name", MUD_V_NAME, 0, 1},
    {"full name", MUD_V_NAME, 0, 1},    {"fullname", MUD_V_NAME, 0, 1},
    {"first name", MUD_V_NAME, 0, 1},   {"last name", MUD_V_NAME, 0, 1},
    {"cardholder", MUD_V_NAME, 0, 1},   {"holder", MUD_V_NAME, 0, 1},
    {"customer", MUD_V_NAME, 0, 1},     {"фио", MUD_V_NAME, 0, 1},
    {"ф.и.о.", MUD_V_NAME, 0, 1},       {"имя", MUD_V_NAME, 0, 1},
    {"фамилия", MUD_V_NAME, 0, 1},      {"联系人", MUD_V_NAME, 1, 1},
    {"负责人", MUD_V_NAME, 1, 1},       {"户名", MUD_V_NAME, 1, 1},
    {"收款人", MUD_V_NAME, 1, 1},       {"开户人", MUD_V_NAME, 1, 1},
    {"电话", MUD_V_PHONE, 0, 0},        {"手机", MUD_V_PHONE, 0, 0},
    {"手机号", MUD_V_PHONE, 0, 0},      {"手机号码", MUD_V_PHONE, 0, 0},
    {"联系电话", MUD_V_PHONE, 0, 0},    {"联系方式", MUD_V_PHONE, 0, 0},
    {"电话号码", MUD_V_PHONE, 0, 0},    {"预留手机", MUD_V_PHONE, 0, 0},
    {"预留手机号", MUD_V_PHONE, 0, 0},  {"预留电话", MUD_V_PHONE, 0, 0},
    {"收件电话", MUD_V_PHONE, 0, 0},    {"收货电话", MUD_V_PHONE, 0, 0},
    {"phone", MUD_V_PHONE, 0, 0},       {"phone number", MUD_V_PHONE, 0, 0},
    {"mobile", MUD_V_PHONE, 0, 0},      {"cell", MUD_V_PHONE, 0, 0},
    {"tel", MUD_V_PHONE, 0, 0},         {"телефон", MUD_V_PHONE, 0, 0},
    {"тел", MUD_V_PHONE, 0, 0},         {"номер", MUD_V_PHONE, 0, 0},
    {"地址", MUD_V_ADDRESS, 0, 0},      {"住址", MUD_V_ADDRESS, 0, 0},
    {"现住址", MUD_V_ADDRESS, 0, 0},    {"居住地址", MUD_V_ADDRESS, 0, 0},
    {"户籍地址", MUD_V_ADDRESS, 0, 0},  {"收货地址", MUD_V_ADDRESS, 0, 0},
    {"收件地址", MUD_V_ADDRESS, 0, 0},  {"家庭住址", MUD_V_ADDRESS, 0, 0},
    {"家庭地址", MUD_V_ADDRESS, 0, 0},  {"详细地址", MUD_V_ADDRESS, 0, 0},
    {"联系地址", MUD_V_ADDRESS, 0, 0},  {"address", MUD_V_ADDRESS, 0, 0},
    {"addr", MUD_V_ADDRESS, 0, 0},      {"адрес", MUD_V_ADDRESS, 0, 0},
    {"身份证", MUD_V_ID, 0, 0},         {"身份证号", MUD_V_ID, 0, 0},
    {"身份证号码", MUD_V_ID, 0, 0},     {"身分证", MUD_V_ID, 0, 0},
    {"身分证字号", MUD_V_ID, 0, 0},     {"证件", MUD_V_ID, 0, 0},
    {"证件号", MUD_V_ID, 0, 0},         {"证件号码", MUD_V_ID, 0, 0},
    {"公民身份号码", MUD_V_ID, 0, 0},   {"护照", MUD_V_ID, 0, 0},
    {"护照号", MUD_V_ID, 0, 0},         {"护照号码", MUD_V_ID, 0, 0},
    {"驾驶证号", MUD_V_ID, 0, 0},       {"社保号", MUD_V_ID, 0, 0},
    {"hkid", MUD_V_ID, 0, 0},           {"ssn", MUD_V_ID, 0, 0},
    {"social", MUD_V_ID, 0, 0},         {"passport", MUD_V_ID, 0, 0},
    {"passport no", MUD_V_ID, 0, 0},    {"passport number", MUD_V_ID, 0, 0},
    {"id number", MUD_V_ID, 0, 0},      {"id card", MUD_V_ID, 0, 0},
    {"nric", MUD_V_ID, 0, 0},           {"паспорт", MUD_V_ID, 0, 0},
    {"снилс", MUD_V_ID, 0, 0},          {"инн", MUD_V_ID, 0, 0},
    {"卡号", MUD_V_CARD, 0, 0},         {"银行卡", MUD_V_CARD, 0, 0},
    {"银行卡号", MUD_V_CARD, 0, 0},     {"信用卡", MUD_V_CARD, 0, 0},
    {"信用卡号", MUD_V_CARD, 0, 0},     {"卡", MUD_V_CARD, 0, 0},
    {"card", MUD_V_CARD, 0, 0},         {"card number", MUD_V_CARD, 0, 0},
    {"cc", MUD_V_CARD, 0, 0},           {"карта", MUD_V_CARD, 0, 0},
    {"номер карты", MUD_V_CARD, 0, 0},  {"邮箱", MUD_V_EMAIL, 0, 0},
    {"邮件", MUD_V_EMAIL, 0, 0},        {"电邮", MUD_V_EMAIL, 0, 0},
    {"电子邮箱", MUD_V_EMAIL, 0, 0},    {"email", MUD_V_EMAIL, 0, 0},
    {"e-mail", MUD_V_EMAIL, 0, 0},      {"mail", MUD_V_EMAIL, 0, 0},
    {"почта", MUD_V_EMAIL, 0, 0},       {"账号", MUD_V_ACCOUNT, 0, 0},
    {"帐号", MUD_V_ACCOUNT, 0, 0},      {"账户", MUD_V_ACCOUNT, 0, 0},
    {"用户名", MUD_V_ACCOUNT, 0, 0},    {"登录名", MUD_V_ACCOUNT, 0, 0},
    {"登录账号", MUD_V_ACCOUNT, 0, 0},  {"login", MUD_V_ACCOUNT, 0, 0},
    {"user", MUD_V_ACCOUNT, 0, 0},      {"username", MUD_V_ACCOUNT, 0, 0},
    {"userid", MUD_V_ACCOUNT, 0, 0},    {"account", MUD_V_ACCOUNT, 0, 0},
    {"логин", MUD_V_ACCOUNT, 0, 0},     {"密码", MUD_V_PASSWORD, 0, 0},
    {"口令", MUD_V_PASSWORD, 0, 0},     {"登录密码", MUD_V_PASSWORD, 0, 0},
    {"password", MUD_V_PASSWORD, 0, 0}, {"passwd", MUD_V_PASSWORD, 0, 0},
    {"pass", MUD_V_PASSWORD, 0, 0},     {"pwd", MUD_V_PASSWORD, 0, 0},
    {"pw", MUD_V_PASSWORD, 0, 0},       {"пароль", MUD_V_PASSWORD, 0, 0},
};

enum {
    LABELS = sizeof labels / sizeof labels[0]
};

_Static_assert(LABELS <= MUD_V_LABELS, "a place for each label");

static uint16_t heads[LABELS]; /* grams that they begin with */

static void note_heads(void)
{
    for (size_t i = 0; i < LABELS; i++) {
        const char *word = labels[i].word;

        heads[i] = (uint16_t)(word[2] ? mud_gram(word) : mud_gram_pair(word));
    }
}

void mud_victim_text(struct mud_victim_text *out, const struct mud_scan *scan)
{
    static const char *const places[] = {
        "省", "市", "区", "县", "镇", "乡", "村", "路", "街", "巷", "弄", "道"};

    static const char *const signs[] = {"\xe2\x97\x8f",
                                        "\xe2\x96\xa0",
                                        "\xe2\x96\x88",
                                        "\xe2\x97\x8b",
                                        "\xe3\x80\x87"};
    static struct mud_words words = {
        .first = &labels[0].word, .n = LABELS, .stride = sizeof labels[0]};
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    *out = (struct mud_victim_text){.scan = scan};
    out->covers = mud_grams_char(scan->grams, '*') ||
                  mud_grams_char(scan->grams, 'x') ||
                  mud_grams_lead(scan->grams, 0xC3);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        out->covers |= mud_grams_may(scan->grams, signs[i]);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        out->places |= mud_grams_may(scan->grams, places[i]);
    if (!mud_words_may(&words, scan->grams))
        return;
    (void)pthread_once(&once, note_heads);
    for (size_t i = 0;
         (i = mud_grams_next(scan->grams, heads, i, LABELS)) < LABELS;
         i++) {
        if (!mud_grams_may(scan->grams, labels[i].word))
            continue;
        out->labels[out->n_labels++] = (uint8_t)i;
        out->firsts |= UINT64_C(1) << mud_victim_first(labels[i].word);
        out->kinds |= 1U << labels[i].kind;
    }
}

static bool goes_on(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c & 0x80 ||
           c == '_' || c == '.' || c == '@';
}

uint32_t mud_victim_label_at(struct mud_victim_label *out,
                             const struct mud_victim_text *t, uint32_t at,
                             uint32_t end)
{
    struct mud_str rest = mud_str_sub(t->scan->text, at, end);
    size_t best = 0;

    for (size_t i = 0; i < t->n_labels && rest.n >= 2; i++) {
        const struct label *l = &labels[t->labels[i]];
        struct mud_str word;

        if (l->word[0] != rest.s[0] || l->word[1] != rest.s[1])
            continue;
        word = mud_str_z(l->word);
        if (word.n <= best || !mud_str_starts(rest, word) ||
            ((unsigned char)word.s[0] < 0xE3 && word.n < rest.n &&
             goes_on(rest.s[word.n])))
            continue;
        best = word.n;
        *out = (struct mud_victim_label){
            .kind = l->kind, .seller = l->seller, .glue = l->glue};
    }
    return at + (uint32_t)best;
}
