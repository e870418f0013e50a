/* Words that name a field of a record. */
#include "nlp/victim_field.h"

static const struct label {
    const char *word;
    uint8_t kind;
    uint8_t seller;
} labels[] = {
    {"姓名", MUD_V_NAME, 0},
    {"名字", MUD_V_NAME, 0},
    {"收件人", MUD_V_NAME, 0},
    {"收货人", MUD_V_NAME, 0},
    {"户主", MUD_V_NAME, 0},
    {"车主", MUD_V_NAME, 0},
    {"机主", MUD_V_NAME, 0},
    {"客户", MUD_V_NAME, 0},
    {"家长", MUD_V_NAME, 0},
    {"学生", MUD_V_NAME, 0},
    {"持卡人", MUD_V_NAME, 0},
    {"投保人", MUD_V_NAME, 0},
    {"患者", MUD_V_NAME, 0},
    {"业主", MUD_V_NAME, 0},
    {"法人", MUD_V_NAME, 0},
    {"联系人", MUD_V_NAME, 1},
    {"负责人", MUD_V_NAME, 1},
    {"户名", MUD_V_NAME, 1},
    {"收款人", MUD_V_NAME, 1},
    {"name", MUD_V_NAME, 0},
    {"full name", MUD_V_NAME, 0},
    {"fullname", MUD_V_NAME, 0},
    {"holder", MUD_V_NAME, 0},
    {"фио", MUD_V_NAME, 0},
    {"电话", MUD_V_PHONE, 0},
    {"手机", MUD_V_PHONE, 0},
    {"手机号", MUD_V_PHONE, 0},
    {"手机号码", MUD_V_PHONE, 0},
    {"联系电话", MUD_V_PHONE, 0},
    {"电话号码", MUD_V_PHONE, 0},
    {"phone", MUD_V_PHONE, 0},
    {"mobile", MUD_V_PHONE, 0},
    {"tel", MUD_V_PHONE, 0},
    {"телефон", MUD_V_PHONE, 0},
    {"地址", MUD_V_ADDRESS, 0},
    {"住址", MUD_V_ADDRESS, 0},
    {"收货地址", MUD_V_ADDRESS, 0},
    {"家庭住址", MUD_V_ADDRESS, 0},
    {"收件地址", MUD_V_ADDRESS, 0},
    {"详细地址", MUD_V_ADDRESS, 0},
    {"address", MUD_V_ADDRESS, 0},
    {"адрес", MUD_V_ADDRESS, 0},
    {"身份证", MUD_V_ID, 0},
    {"身份证号", MUD_V_ID, 0},
    {"身份证号码", MUD_V_ID, 0},
    {"证件号", MUD_V_ID, 0},
    {"ssn", MUD_V_ID, 0},
    {"passport", MUD_V_ID, 0},
    {"паспорт", MUD_V_ID, 0},
    {"卡号", MUD_V_CARD, 0},
    {"银行卡", MUD_V_CARD, 0},
    {"银行卡号", MUD_V_CARD, 0},
    {"卡", MUD_V_CARD, 0},
    {"card", MUD_V_CARD, 0},
    {"карта", MUD_V_CARD, 0},
    {"邮箱", MUD_V_EMAIL, 0},
    {"email", MUD_V_EMAIL, 0},
    {"e-mail", MUD_V_EMAIL, 0},
    {"почта", MUD_V_EMAIL, 0},
    {"账号", MUD_V_ACCOUNT, 0},
    {"帐号", MUD_V_ACCOUNT, 0},
    {"账户", MUD_V_ACCOUNT, 0},
    {"用户名", MUD_V_ACCOUNT, 0},
    {"登录名", MUD_V_ACCOUNT, 0},
    {"login", MUD_V_ACCOUNT, 0},
    {"user", MUD_V_ACCOUNT, 0},
    {"username", MUD_V_ACCOUNT, 0},
    {"account", MUD_V_ACCOUNT, 0},
    {"логин", MUD_V_ACCOUNT, 0},
    {"密码", MUD_V_PASSWORD, 0},
    {"password", MUD_V_PASSWORD, 0},
    {"pass", MUD_V_PASSWORD, 0},
    {"pwd", MUD_V_PASSWORD, 0},
    {"pw", MUD_V_PASSWORD, 0},
    {"пароль", MUD_V_PASSWORD, 0},
};

enum {
    LABELS = sizeof labels / sizeof labels[0]
};

_Static_assert(LABELS <= MUD_V_LABELS, "a place for each label");

void mud_victim_text(struct mud_victim_text *out, const struct mud_scan *scan)
{
    static const char *const places[] = {
        "省", "市", "区", "县", "镇", "乡", "村", "路", "街", "巷", "弄", "道"};

    *out = (struct mud_victim_text){.scan = scan};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        out->places |= mud_grams_may(scan->grams, places[i]);
    for (size_t i = 0; i < LABELS; i++) {
        if (mud_grams_may(scan->grams, labels[i].word))
            out->labels[out->n_labels++] = (uint8_t)i;
    }
}

static bool goes_on(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c & 0x80 ||
           c == '_' || c == '.' || c == '@';
}

uint32_t mud_victim_label(unsigned *kind, bool *seller,
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
        *kind = l->kind;
        *seller = l->seller;
    }
    return at + (uint32_t)best;
}
