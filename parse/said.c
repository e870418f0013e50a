#include "parse/said.h"

#define SAID_MAX 512 /* bytes of text that are looked at */

/*
 * Words for "wrote" and "said" as the language packs of phpBB, MyBB, SMF and
 * XenForo have them (keys wrote, quote_wrote, x_said). Longer ones come before
 * their own ends.
 */
static const char *const words[] = {
    "wrote",
    "said",
    "says",
    "写道",
    "寫道",
    "提到",
    "发表",
    "發表",
    "说道",
    "說道",
    "说",
    "說",
    "写",
    "寫",
    "さんが書きました",
    "さんは書きました",
    "さんの投稿",
    "님이 썼습니다",
    "님이 작성",
    "написал(а)",
    "написала",
    "написал",
    "писал(а)",
    "писала",
    "писал",
    "пишет",
    "сказал(а)",
    "сказал",
    "написав(ла)",
    "писав(ла)",
    "писав",
    "пише",
    "hat geschrieben",
    "schrieb",
    "schreibt",
    "sagte",
    "a écrit",
    "a dit",
    "ha escrito",
    "escribió",
    "dijo",
    "escreveu",
    "disse",
    "ha scritto",
    "ha detto",
    "napisał(a)",
    "napisał",
    "napisała",
    "pisze",
    "yazdı",
    "demiş ki",
    "dedi ki",
    "schreef",
    "zei",
    "napsal(a)",
    "napsal",
    "píše",
    "đã viết",
    "viết",
    "a scris",
    "írta",
    "skrev",
    "kirjoitti",
    "menulis",
    "έγραψε",
    "написа",
    "كتب",
    "نوشته است",
};

/* Scripts that put no space between a name and the word. */
static bool joined(const char *word)
{
    return (unsigned char)word[0] >= 0xE3;
}

static struct mud_str without(struct mud_str text)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct mud_str word = mud_str_z(words[i]);
        if (text.n <= word.n ||
            !mud_str_ieq(mud_str_sub(text, text.n - word.n, text.n), word))
            continue;
        struct mud_str name = mud_str_sub(text, 0, text.n - word.n);
        if (joined(words[i]) || name.s[name.n - 1] == ' ' ||
            mud_str_ends(name, MUD_STR("\xC2\xA0")))
            return mud_str_trim(name);
    }
    return (struct mud_str){0};
}

struct mud_str mud_said(struct mud_str text)
{
    struct mud_str wide = MUD_STR("：");
    text = mud_str_trim(mud_str_sub(text, 0, SAID_MAX));
    /* A name may hold a colon: the first one with the word before it. */
    for (size_t at = 0; at < text.n; at++) {
        if (text.s[at] != ':' &&
            !mud_str_starts(mud_str_sub(text, at, text.n), wide))
            continue;
        struct mud_str name = without(mud_str_trim(mud_str_sub(text, 0, at)));
        if (name.n)
            return name;
    }
    return without(text);
}
