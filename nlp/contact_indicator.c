/*
 * Indicators: what an advert or a report names beside contacts, such as hosts
 * that malware calls, senders of phishing and families of malware; and links
 * that are somebody's target. The words before a value tell.
 */
#include "nlp/contact.h"

enum {
    NEAR = 60, /* bytes before a value where its word may stand */
    CLOSE = 24
};

/* Hosts that malware calls. */
static const char *const calls[] = {
    "c2",          "c&c",        "cnc",
    "回连",        "外联",       "反连",
    "上线地址",    "控制端",     "控制服务",
    "主控",        "回传",       "通信域名",
    "通信地址",    "通讯地址",   "beacon",
    "call back",   "callback",   "calls home",
    "phones home", "phone home", "command and control",
    "ioc",         "恶意域名",   "恶意网址",
    "恶意ip",      "恶意链接",   "钓鱼域名",
    "sinkhole",    "malicious",  "resolves to",
    "exfil",       "управляющ",  "dropper",
    "下载地址",    "payload",    NULL};

/* Sites that a buyer wants attacked. */
static const char *const targets[] = {
    "目标:",     "目标站",    "目标是",    "目标网站", "这个站",
    "这个网站",  "这个网址",  "该站",      "对手网站", "对手站",
    "打掉",      "target:",   "target is", "target -", "this site",
    "take down", "take out ", "цель:",     "положить", NULL};

static const char *const senders[] = {"发件人",
                                      "发信人",
                                      "发件地址",
                                      "发件邮箱",
                                      "发信地址",
                                      "来信地址",
                                      "发送号码",
                                      "发信号码",
                                      "短信来自",
                                      "寄件者",
                                      "发送方",
                                      "寄件人",
                                      "sender",
                                      "mail from:",
                                      "отправитель",
                                      "from:",
                                      NULL};

/* Numbers with points that are no address of the net. */
static const char *const versions[] = {
    "版本",    "version", " ver ",   " ver.", "升级",     "更新",
    "内核",    "kernel",  "driver",  "固件",  "firmware", "build",
    "release", "верси",   "section", "rfc",   "sp800",    " step ",
    " oid ",   "章节",    " v ",     NULL};

static struct mud_words calling = MUD_WORDS_TO_NULL(calls);
static struct mud_words targeting = MUD_WORDS_TO_NULL(targets);
static struct mud_words sending = MUD_WORDS_TO_NULL(senders);
static struct mud_words telling = MUD_WORDS_TO_NULL(versions);

static bool before(const struct mud_scan *s, uint32_t at, uint32_t reach,
                   struct mud_words *words)
{
    return mud_words_in(
        words, s->grams, mud_scan_text(s, at > reach ? at - reach : 0, at));
}

static bool ends_so(const struct mud_scan *s, uint32_t end, const char *word)
{
    size_t n = strlen(word);

    return end + n <= s->text.n && memcmp(s->text.s + end, word, n) == 0;
}

/* Addresses that mean something in one house only: RFC 1918, 1122. */
static bool at_home(struct mud_str ip)
{
    static const char *const starts[] = {"10.",
                                         "127.",
                                         "192.168.",
                                         "0.",
                                         "169.254.",
                                         "255.",
                                         "172.16.",
                                         "172.17.",
                                         "172.18.",
                                         "172.19.",
                                         "172.2",
                                         "172.30.",
                                         "172.31."};

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (mud_str_starts(ip, mud_str_z(starts[i])))
            return true;
    }
    return false;
}

/* RFC 4291, 2.2: eight groups of up to four hex digits, or fewer with "::".
 * Three at least and a digit tell it from code. */
bool mud_contact_ip6(struct mud_value *out, struct mud_scan *s, uint32_t start,
                     uint32_t end)
{
    unsigned groups = 0, run = 0;
    bool gap = false, digit = false;
    uint32_t i = start;

    for (; i < end; i++) {
        char c = s->text.s[i];

        if (mud_digit(c) || (c >= 'a' && c <= 'f')) {
            digit |= mud_digit(c);
            groups += run == 0;
            if (++run > 4)
                return false;
        } else if (c == ':' && run > 0) {
            run = 0;
        } else if (c == ':' && !gap && i > start && s->text.s[i - 1] == ':') {
            gap = true;
        } else {
            break;
        }
    }
    if (i < end && mud_alnum(s->text.s[i]))
        return false;
    while (i > start && s->text.s[i - 1] == ':' &&
           !(i - start >= 2 && s->text.s[i - 2] == ':'))
        i--;
    if (!digit || (gap ? groups < 3 || groups > 7 : groups != 8) ||
        memcmp(s->text.s + start, "fe80", 4) == 0)
        return false;
    *out = (struct mud_value){.start = start,
                              .end = i,
                              .indicator = "ip",
                              .value = mud_scan_text(s, start, i),
                              .rule = MUD_RULE_INDICATOR_IP,
                              .sure = 900};
    return true;
}

static void host_only(struct mud_value *v, struct mud_scan *s)
{
    size_t path = mud_str_chr(v->value, '/');

    v->indicator = path == MUD_NPOS ? "domain" : "url";
    if (path == MUD_NPOS)
        v->value = mud_str_lower(v->value, s->arena);
}

bool mud_contact_judge(struct mud_value *v, struct mud_scan *s)
{
    if (v->indicator && strcmp(v->indicator, "ip") == 0)
        return !at_home(v->value) && !before(s, v->start, CLOSE, &telling) &&
               !ends_so(s, v->end, "版") && !ends_so(s, v->end, " 版");
    if (v->indicator)
        return true;
    if (v->type == MUD_C_EMAIL && before(s, v->start, CLOSE, &sending)) {
        v->indicator = "sender";
        v->rule = MUD_RULE_INDICATOR_SENDER;
        return true;
    }
    if (v->type != MUD_C_URL)
        return true;
    if (before(s, v->start, NEAR, &calling)) {
        v->rule = MUD_RULE_INDICATOR_URL;
        v->sure = 850;
        if (v->candidate)
            host_only(v, s);
        else
            v->indicator = "url";
        v->candidate = false;
    } else if (before(s, v->start, CLOSE, &targeting)) {
        v->candidate = true;
        v->rule = MUD_RULE_CANDIDATE_FORM;
    }
    return true;
}

/* "发送号码1069...": digits that a message came from. */
static void find_senders(struct mud_scan *s)
{
    if (!mud_words_may(&sending, s->grams))
        return;
    for (const char *const *word = senders; *word; word++) {
        size_t at = mud_scan_word(s, 0, (uint32_t)s->text.n, *word);
        char digits[MUD_DIGITS_MAX + 1];
        struct mud_entity *e;
        uint32_t from, end;
        size_t n;

        if (at == MUD_NPOS)
            continue;
        from = (uint32_t)(at + strlen(*word));
        while (from < s->text.n && strchr(": ", s->text.s[from]))
            from++;
        if (!mud_digit(mud_scan_byte(s, from)) ||
            mud_scan_mark(s, mud_scan_find(s, from))->claimed)
            continue;
        end = mud_contact_digits(s, from, digits, &n, false);
        if (n < 5 || mud_contact_goes_on(s, end) || mud_contact_counted(s, end))
            continue;
        e = mud_scan_add(
            s, MUD_ENT_INDICATOR, from, end, MUD_RULE_INDICATOR_SENDER, 850);
        e->kind = MUD_STR("sender");
        e->value = mud_str_dup(mud_str_of(digits, n), s->arena);
        mud_scan_claim(s, from, end);
    }
}

/* Families of malware by name; the words stay in the play, as products. */
static void find_families(struct mud_scan *s)
{
    for (uint32_t i = 1; i <= s->n_marks; i++) {
        const struct mud_mark *m = &s->marks[i];
        const struct mud_meaning *cue = mud_scan_means(s, m, MUD_LEX_CUE);
        struct mud_entity *e;

        if (!cue || cue->code != MUD_C_MALWARE || m->claimed)
            continue;
        e = mud_scan_add(s,
                         MUD_ENT_INDICATOR,
                         m->start,
                         m->end,
                         MUD_RULE_INDICATOR_FAMILY,
                         800);
        e->kind = MUD_STR("malware_name");
        e->value = mud_scan_text(s, m->start, m->end);
    }
}

void mud_contacts_indicators(struct mud_scan *s, const struct mud_picks *picks)
{
    if (s->n_numbers > 0)
        find_senders(s);
    if (picks->malware)
        find_families(s);
}
