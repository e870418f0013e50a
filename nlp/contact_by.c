#include "nlp/contact_by.h"

#include <pthread.h>

enum {
    NO_MAX = 12 /* bytes before a word where it may be denied */
};

struct way {
    unsigned by;
    const char *word;
};

/* Of three bytes and more each. */
static const struct way ways[] = {
    {MUD_BY_BUTTON, "button below"},
    {MUD_BY_PROFILE, "check bio"},
    {MUD_BY_COMMENT, "comment below"},
    {MUD_BY_MESSAGE, "dd我"},
    {MUD_BY_MESSAGE, "dm for"},
    {MUD_BY_MESSAGE, "dm me"},
    {MUD_BY_MESSAGE, "dms open"},
    {MUD_BY_NAME, "id就是"},
    {MUD_BY_COMMENT, "in comments"},
    {MUD_BY_COMMENT, "in the comments"},
    {MUD_BY_MESSAGE, "in pm"},
    {MUD_BY_PROFILE, "in bio"},
    {MUD_BY_PROFILE, "in profile"},
    {MUD_BY_SIGNATURE, "in my sig"},
    {MUD_BY_SIGNATURE, "in signature"},
    {MUD_BY_MESSAGE, "inbox me"},
    {MUD_BY_MESSAGE, "message me here"},
    {MUD_BY_MESSAGE, "my dm"},
    {MUD_BY_MESSAGE, "my inbox"},
    {MUD_BY_NAME, "my nickname is"},
    {MUD_BY_NAME, "my username"},
    {MUD_BY_PROFILE, "my bio"},
    {MUD_BY_PROFILE, "my profile"},
    {MUD_BY_SIGNATURE, "my signature"},
    {MUD_BY_PINNED, "pinned"},
    {MUD_BY_MESSAGE, "pm for"},
    {MUD_BY_MESSAGE, "pm me"},
    {MUD_BY_MESSAGE, "pm only"},
    {MUD_BY_MESSAGE, "private message"},
    {MUD_BY_QR, "qr code"},
    {MUD_BY_QR, "qr код"},
    {MUD_BY_QR, "qr-код"},
    {MUD_BY_COMMENT, "reply here"},
    {MUD_BY_COMMENT, "reply to this"},
    {MUD_BY_NAME, "same as my nick"},
    {MUD_BY_NAME, "see username"},
    {MUD_BY_SIGNATURE, "see sig"},
    {MUD_BY_MESSAGE, "send me a pm"},
    {MUD_BY_MESSAGE, "send pm"},
    {MUD_BY_MESSAGE, "via pm"},
    {MUD_BY_COMMENT, "в комментар"},
    {MUD_BY_MESSAGE, "в личк"},
    {MUD_BY_MESSAGE, "в личные"},
    {MUD_BY_MESSAGE, "в лс"},
    {MUD_BY_MESSAGE, "в пм"},
    {MUD_BY_PINNED, "в закреп"},
    {MUD_BY_PROFILE, "в профиле"},
    {MUD_BY_SIGNATURE, "в подписи"},
    {MUD_BY_PINNED, "закреплен"},
    {MUD_BY_BUTTON, "кнопк"},
    {MUD_BY_MESSAGE, "личные сообщения"},
    {MUD_BY_NAME, "мой ник"},
    {MUD_BY_PROFILE, "мой профиль"},
    {MUD_BY_NAME, "ник как тут"},
    {MUD_BY_BUTTON, "下方按钮"},
    {MUD_BY_COMMENT, "下方评论"},
    {MUD_BY_PROFILE, "个人资料"},
    {MUD_BY_SIGNATURE, "个性签名"},
    {MUD_BY_PROFILE, "主页有"},
    {MUD_BY_PROFILE, "主页联系"},
    {MUD_BY_QR, "二维码"},
    {MUD_BY_NAME, "同论坛id"},
    {MUD_BY_NAME, "和id一样"},
    {MUD_BY_COMMENT, "回帖留"},
    {MUD_BY_PROFILE, "头像联系"},
    {MUD_BY_MESSAGE, "密我"},
    {MUD_BY_MESSAGE, "密聊"},
    {MUD_BY_MESSAGE, "小窗"},
    {MUD_BY_MESSAGE, "带价私"},
    {MUD_BY_MESSAGE, "悄悄话"},
    {MUD_BY_SIGNATURE, "我的签名"},
    {MUD_BY_SIGNATURE, "我签名"},
    {MUD_BY_COMMENT, "扣1"},
    {MUD_BY_QR, "扫一扫"},
    {MUD_BY_QR, "扫下图"},
    {MUD_BY_QR, "扫图"},
    {MUD_BY_QR, "扫描下"},
    {MUD_BY_QR, "扫码"},
    {MUD_BY_NAME, "昵称即"},
    {MUD_BY_NAME, "昵称就是"},
    {MUD_BY_MESSAGE, "来私"},
    {MUD_BY_COMMENT, "楼下回"},
    {MUD_BY_MESSAGE, "滴我"},
    {MUD_BY_MESSAGE, "滴滴我"},
    {MUD_BY_BUTTON, "点下面按钮"},
    {MUD_BY_BUTTON, "点击按钮"},
    {MUD_BY_BUTTON, "点按钮"},
    {MUD_BY_PROFILE, "点击头像"},
    {MUD_BY_PROFILE, "点头像"},
    {MUD_BY_PROFILE, "点我头像"},
    {MUD_BY_NAME, "用户名即"},
    {MUD_BY_NAME, "用户名就是"},
    {MUD_BY_COMMENT, "留言"},
    {MUD_BY_MESSAGE, "直接聊"},
    {MUD_BY_NAME, "看id"},
    {MUD_BY_NAME, "看名字"},
    {MUD_BY_NAME, "看我id"},
    {MUD_BY_NAME, "看我名字"},
    {MUD_BY_NAME, "看我昵称"},
    {MUD_BY_NAME, "看我用户名"},
    {MUD_BY_NAME, "看昵称"},
    {MUD_BY_NAME, "看用户名"},
    {MUD_BY_PINNED, "看置顶"},
    {MUD_BY_PROFILE, "看主页"},
    {MUD_BY_PROFILE, "看头像"},
    {MUD_BY_PROFILE, "看简介"},
    {MUD_BY_PROFILE, "看资料"},
    {MUD_BY_SIGNATURE, "看签名"},
    {MUD_BY_MESSAGE, "短消息"},
    {MUD_BY_MESSAGE, "私信"},
    {MUD_BY_MESSAGE, "私我"},
    {MUD_BY_MESSAGE, "私聊"},
    {MUD_BY_MESSAGE, "私讯"},
    {MUD_BY_MESSAGE, "站内信"},
    {MUD_BY_MESSAGE, "站内私"},
    {MUD_BY_MESSAGE, "站短"},
    {MUD_BY_SIGNATURE, "签名处"},
    {MUD_BY_SIGNATURE, "签名有"},
    {MUD_BY_SIGNATURE, "签名档"},
    {MUD_BY_SIGNATURE, "签名里"},
    {MUD_BY_PROFILE, "简介有"},
    {MUD_BY_PINNED, "置顶帖"},
    {MUD_BY_PINNED, "置顶消息"},
    {MUD_BY_PINNED, "群置顶"},
    {MUD_BY_PINNED, "见置顶"},
    {MUD_BY_SIGNATURE, "见签名"},
    {MUD_BY_MESSAGE, "论坛消息"},
    {MUD_BY_NAME, "论坛id就是"},
    {MUD_BY_COMMENT, "评论区"},
    {MUD_BY_COMMENT, "评论联系"},
    {MUD_BY_PROFILE, "资料页"},
    {MUD_BY_COMMENT, "跟帖"},
    {MUD_BY_PINNED, "频道置顶"},
};

/* "不接私聊", "no pm": is the way that begins at byte `at` closed? */
static bool denied(const struct mud_scan *s, uint32_t at)
{
    static const char *const words[] = {"不",
                                        "勿",
                                        "别",
                                        "非",
                                        "禁",
                                        "谢绝",
                                        "拒绝",
                                        "no ",
                                        "not ",
                                        "n't ",
                                        "never ",
                                        "не "};
    uint32_t from = at > NO_MAX ? at - NO_MAX : 0;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t found = mud_scan_word(s, from, at, words[i]);

        /* "不用加好友直接私聊": a word between takes it back */
        if (found != MUD_NPOS &&
            mud_scan_word(s, from + (uint32_t)found, at, "直接") == MUD_NPOS)
            return true;
    }
    return false;
}

static uint16_t heads[sizeof ways / sizeof ways[0]]; /* grams */

static void note_heads(void)
{
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        heads[i] = (uint16_t)mud_gram(ways[i].word);
}

unsigned mud_contact_by(const struct mud_scan *s)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static struct mud_words words = {.first = &ways[0].word,
                                     .n = sizeof ways / sizeof ways[0],
                                     .stride = sizeof ways[0]};
    const size_t n = sizeof ways / sizeof ways[0];
    unsigned by = 0;

    if (!mud_words_may(&words, s->grams))
        return 0;
    (void)pthread_once(&once, note_heads);
    for (size_t i = 0; (i = mud_grams_next(s->grams, heads, i, n)) < n; i++) {
        size_t at;

        if (by & ways[i].by)
            continue;
        at = mud_scan_word(s, 0, (uint32_t)s->text.n, ways[i].word);
        if (at != MUD_NPOS && !denied(s, (uint32_t)at))
            by |= ways[i].by;
    }
    return by;
}
