#include "nlp/explain.h"

#include "nlp/rules.h"

struct says {
    const char *en, *zh;
};

static const struct says rules[MUD_RULE_COUNT] = {
    [MUD_RULE_NONE] = {"no rule", "无规则"},
    [MUD_RULE_PRODUCT_TERM] = {"a term of the lexicon that names a product",
                               "词库中的商品名"},
    [MUD_RULE_PRODUCT_PHRASE] = {"several terms side by side name one product",
                                 "相邻词语合成一个商品名"},
    [MUD_RULE_PRODUCT_ACCOUNT] = {"a platform and a word for accounts",
                                  "平台名加“账号”类词语"},
    [MUD_RULE_PRODUCT_COURSE] = {"a word for lessons, and what is taught",
                                 "教学类词语及其教授的内容"},
    [MUD_RULE_PRODUCT_CONTEXT] = {"the thread's other posts name the product",
                                  "商品名来自同一主题的其他帖子"},
    [MUD_RULE_QUANTITY_UNIT] = {"a number with a unit that counts goods",
                                "数字加计量单位"},
    [MUD_RULE_QUANTITY_BARE] = {"a number without a unit beside a product",
                                "商品旁不带单位的数字"},
    [MUD_RULE_PRICE_CURRENCY] = {"an amount with its currency",
                                 "金额带货币单位"},
    [MUD_RULE_PRICE_PER] = {"an amount for each unit", "按单位计价的金额"},
    [MUD_RULE_PRICE_LOT] = {"an amount for a number of pieces",
                            "一批数量对应的金额"},
    [MUD_RULE_PRICE_CUE] = {"an amount behind a word for prices",
                            "价格类词语后的金额"},
    [MUD_RULE_PRICE_PRODUCT] = {"an amount right behind a product",
                                "紧跟商品名的金额"},
    [MUD_RULE_PRICE_CLAUSE] = {"an amount that ends a clause about goods",
                               "商品分句末尾的金额"},
    [MUD_RULE_PRICE_LIST] = {"an amount in a list of prices", "价目表中的金额"},
    [MUD_RULE_PRICE_PERCENT] = {"a share in percent", "百分比的分成或手续费"},
    [MUD_RULE_PRICE_RATIO] = {"an exchange ratio", "兑换比例"},
    [MUD_RULE_CONTACT_CUE] = {"a value behind the name of its network",
                              "联系工具名称后的账号"},
    [MUD_RULE_CONTACT_AFTER] = {"a value before the name of its network",
                                "联系工具名称前的账号"},
    [MUD_RULE_CONTACT_AT] = {"a name behind @", "@ 后的用户名"},
    [MUD_RULE_CONTACT_LINK] = {"a link to an account or a group",
                               "账号或群组的链接"},
    [MUD_RULE_CONTACT_MAIL] = {"the form of a mail address", "电子邮箱格式"},
    [MUD_RULE_CONTACT_WALLET] = {"a wallet whose checksum holds",
                                 "校验和正确的钱包地址"},
    [MUD_RULE_CONTACT_KEY] = {"a key or address whose form proves it",
                              "格式可验证的密钥或地址"},
    [MUD_RULE_CONTACT_PHONE] = {"the form of a telephone number",
                                "电话号码格式"},
    [MUD_RULE_CONTACT_GLUED] = {"a letter for a network glued to the value",
                                "工具缩写字母与账号相连"},
    [MUD_RULE_CONTACT_PAYEE] = {"an account that money is to be paid to",
                                "收款账户"},
    [MUD_RULE_CANDIDATE_FORM] = {"looks like a contact, without a proof",
                                 "形似联系方式，但无佐证"},
    [MUD_RULE_CANDIDATE_CHECKSUM] = {"the form fits, the checksum does not",
                                     "格式相符，但校验和错误"},
    [MUD_RULE_INDICATOR_IP] = {"an IP address", "IP 地址"},
    [MUD_RULE_INDICATOR_HASH] = {"the digest of a file", "文件摘要值"},
    [MUD_RULE_INDICATOR_CVE] = {"the number of a vulnerability", "漏洞编号"},
    [MUD_RULE_INDICATOR_URL] = {"an address of a site or server",
                                "网站或服务器地址"},
    [MUD_RULE_INDICATOR_SENDER] = {"a sender of messages or mail",
                                   "短信或邮件的发送方"},
    [MUD_RULE_INDICATOR_FAMILY] = {"the name of a malware family",
                                   "恶意软件家族名"},
    [MUD_RULE_VICTIM_MASKED] = {"personal data already masked in part",
                                "已部分打码的个人信息"},
    [MUD_RULE_VICTIM_RECORD] = {"fields of one person's record side by side",
                                "同一人的多项信息并列"},
    [MUD_RULE_VICTIM_CHECKSUM] = {"a number whose check digit holds",
                                  "校验位正确的证件号或卡号"},
    [MUD_RULE_CLASS_PRODUCT] = {"names goods of the trade", "提到黑产商品"},
    [MUD_RULE_CLASS_VERB] = {"sells, buys or recruits", "出现买卖或招人的词语"},
    [MUD_RULE_CLASS_PRICE] = {"states a price", "给出价格"},
    [MUD_RULE_CLASS_CONTACT] = {"gives a contact", "留下联系方式"},
    [MUD_RULE_CLASS_BENIGN] = {"speaks for a harmless reading", "表明内容无害"},
    [MUD_RULE_CLASS_SOLD_OUT] = {"the trade is over", "已售完或已停止"},
    [MUD_RULE_CLASS_CONTEXT] = {"the thread's other posts are about it",
                                "同一主题的其他帖子与此有关"},
    [MUD_RULE_NAME_FORMER] =
        {"says under which name the author was known before", "作者自述的旧名"},
    [MUD_RULE_CLASS_MODEL] = {"what the trained model makes of the text",
                              "训练模型对全文的判断"},
};

static const struct says layers[MUD_FOLD_LAYERS] = {
    [MUD_FOLD_NFKC] = {"full-width, circled or stylised characters",
                       "全角、带圈或花体字符"},
    [MUD_FOLD_DIGIT] = {"digits in disguise", "变形数字"},
    [MUD_FOLD_HANT] = {"Traditional to Simplified", "繁体转简体"},
    [MUD_FOLD_VARIANT] = {"stand-in characters", "火星文或异体字"},
    [MUD_FOLD_HOMOGLYPH] = {"letters of another script that look alike",
                            "形近的其他文字字母"},
    [MUD_FOLD_SPLIT] = {"a character written as its parts", "拆字"},
    [MUD_FOLD_GLOSS] = {"a reading in brackets", "括号注音"},
    [MUD_FOLD_MARK] = {"marks over letters", "附加符号"},
    [MUD_FOLD_LIST] = {"a number that marks an item of a list", "列表序号"},
    [MUD_FOLD_JUNK] = {"signs or breaks inside a term", "词中插入的符号或换行"},
    [MUD_FOLD_LEET] = {"digits and signs for letters", "以数字符号代替字母"},
    [MUD_FOLD_PINYIN] = {"pinyin for characters", "以拼音代替汉字"},
    [MUD_FOLD_SOUND] = {"a character that sounds alike", "同音字"},
    [MUD_FOLD_SHAPE] = {"a character that looks alike", "形近字"},
    [MUD_FOLD_MEND] = {"text that was read in the wrong charset",
                       "编码错误的乱码"},
    [MUD_FOLD_REVERSE] = {"text shown from right to left", "反向显示的文字"},
    [MUD_FOLD_EMOJI] = {"an emoji for a character", "以表情代替汉字"},
};

static const char *say(const struct says *says, bool zh)
{
    const char *text = zh ? says->zh : says->en;

    return text ? text : "";
}

const char *mud_rule_says(uint16_t rule, bool zh)
{
    return rule < MUD_RULE_COUNT ? say(&rules[rule], zh) : "";
}

const char *mud_layer_says(enum mud_fold_layer layer, bool zh)
{
    return layer < MUD_FOLD_LAYERS ? say(&layers[layer], zh) : "";
}

const char *mud_layer_named(struct mud_str name, bool zh)
{
    for (unsigned i = 0; i < MUD_FOLD_LAYERS; i++)
        if (mud_str_eqz(name, mud_fold_layer_name((enum mud_fold_layer)i)))
            return say(&layers[i], zh);
    return "";
}

/* The part of a run that lies under `at`; even runs may be cut. */
static struct mud_folded part_of(const struct mud_fold *fold, uint32_t i,
                                 struct mud_span at)
{
    const struct mud_fold_run *run = &fold->runs[i];
    uint32_t stop =
        i + 1 < fold->n_runs ? fold->runs[i + 1].at : (uint32_t)fold->text.n;
    uint32_t from = run->start, to = run->end, begin = run->at;

    if (run->even) {
        from = at.start > from ? at.start : from;
        to = at.end < to ? at.end : to;
        begin += from - run->start;
        stop = begin + (to - from);
    }
    return (struct mud_folded){.from = mud_str_sub(fold->raw, from, to),
                               .to = mud_str_sub(fold->text, begin, stop),
                               .at = {from, to},
                               .sure = run->sure,
                               .layer = run->layer};
}

/* Do two folds make one: the same layer, side by side in both texts? */
static bool joins(const struct mud_folded *a, const struct mud_folded *b)
{
    return a->layer == b->layer && a->at.end == b->at.start &&
           a->to.s + a->to.n == b->to.s;
}

/* The first run that ends behind raw byte `start`. */
static uint32_t first_run(const struct mud_fold *fold, uint32_t start)
{
    uint32_t low = 0, high = fold->n_runs;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (fold->runs[mid].end > start)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

size_t mud_folds_under(struct mud_folded **out, const struct mud_fold *fold,
                       struct mud_span at, struct mud_arena *arena)
{
    struct mud_folded *list =
        mud_arena_array(arena, MUD_FOLDS_MAX, sizeof *list);
    size_t n = 0;

    for (uint32_t i = first_run(fold, at.start);
         i < fold->n_runs && fold->runs[i].start < at.end;
         i++) {
        struct mud_folded part;

        if (fold->runs[i].layer == MUD_FOLD_PLAIN)
            continue;
        part = part_of(fold, i, at);
        if (n && joins(&list[n - 1], &part)) {
            list[n - 1].from.n += part.from.n;
            list[n - 1].to.n += part.to.n;
            list[n - 1].at.end = part.at.end;
            continue;
        }
        if (n == MUD_FOLDS_MAX)
            break;
        list[n++] = part;
    }
    *out = list;
    return n;
}
