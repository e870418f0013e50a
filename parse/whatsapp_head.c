#include "parse/whatsapp_head.h"

#define NAME_MAX 200 /* bytes */

/* U+200E, U+200F, U+202A..U+202E, U+2066..U+2069, U+FEFF */
static size_t direction_mark(struct mud_str s)
{
    const unsigned char *p = (const unsigned char *)s.s;
    if (s.n < 3)
        return 0;
    if (p[0] == 0xE2 && p[1] == 0x80 &&
        (p[2] == 0x8E || p[2] == 0x8F || (p[2] >= 0xAA && p[2] <= 0xAE)))
        return 3;
    if (p[0] == 0xE2 && p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9)
        return 3;
    return p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF ? 3 : 0;
}

/* Blanks, among them U+00A0 and U+202F, and marks of direction. */
static void blanks(struct mud_str *s)
{
    size_t n = 1;
    while (s->n && n) {
        n = direction_mark(*s);
        if (s->s[0] == ' ')
            n = 1;
        else if (mud_str_starts(*s, MUD_STR("\xC2\xA0")))
            n = 2;
        else if (mud_str_starts(*s, MUD_STR("\xE2\x80\xAF")))
            n = 3;
        *s = mud_str_sub(*s, n, s->n);
    }
}

struct mud_str mud_whatsapp_bare(struct mud_str s)
{
    size_t before = s.n + 1;
    s = mud_str_trim(s);
    blanks(&s);
    while (s.n < before) {
        before = s.n;
        s = mud_str_trim(s);
        if (s.n >= 3 && (direction_mark(mud_str_sub(s, s.n - 3, s.n)) ||
                         mud_str_ends(s, MUD_STR("\xE2\x80\xAF"))))
            s.n -= 3;
        else if (mud_str_ends(s, MUD_STR("\xC2\xA0")))
            s.n -= 2;
    }
    return s;
}

static bool take(struct mud_str *s, const char *what)
{
    struct mud_str w = mud_str_z(what);
    if (!mud_str_istarts(*s, w))
        return false;
    *s = mud_str_sub(*s, w.n, s->n);
    return true;
}

static bool number(struct mud_str *s, int *out, size_t most)
{
    size_t n = 0;
    *out = 0;
    while (n < s->n && n < most && s->s[n] >= '0' && s->s[n] <= '9')
        *out = *out * 10 + (s->s[n++] - '0');
    bool more = n < s->n && s->s[n] >= '0' && s->s[n] <= '9';
    *s = mud_str_sub(*s, n, s->n);
    return n > 0 && !more;
}

/* 0: none; 1: before noon; 2: after; 3: the clock's own (noon, "晚上12"). */
static int half_of_day(struct mud_str *s)
{
    static const struct {
        const char *word;
        int half;
    } rows[] = {
        {"上午", 1},
        {"下午", 2},
        {"凌晨", 1},
        {"清晨", 1},
        {"早上", 1},
        {"中午", 3},
        {"晚上", 2},
        {"傍晚", 2},
        {"午前", 1},
        {"午後", 2},
        {"오전", 1},
        {"오후", 2},
        {"AM", 1},
        {"PM", 2},
        {"a.m.", 1},
        {"p.m.", 2},
        {"a. m.", 1},
        {"p. m.", 2},
        {"SA", 1},
        {"CH", 2},
        {"a.\xC2\xA0m.", 1},
        {"p.\xC2\xA0m.", 2},
        {"a.\xE2\x80\xAFm.", 1},
        {"p.\xE2\x80\xAFm.", 2},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (take(s, rows[i].word))
            return rows[i].half;
    return 0;
}

static bool clock_time(struct mud_str *s, struct mud_whatsapp_head *h)
{
    int half = half_of_day(s);
    blanks(s);
    if (!number(s, &h->hour, 2) || h->hour > 24)
        return false;
    if (!take(s, ":") && !take(s, "."))
        return false;
    if (!number(s, &h->minute, 2) || h->minute > 59)
        return false;
    h->seconds = s->n > 1 && (s->s[0] == ':' || s->s[0] == '.') &&
                 s->s[1] >= '0' && s->s[1] <= '9';
    if (h->seconds) {
        *s = mud_str_sub(*s, 1, s->n);
        if (!number(s, &h->second, 2) || h->second > 60)
            return false;
    }
    struct mud_str rest = *s;
    blanks(&rest);
    if (!half && (half = half_of_day(&rest)) != 0)
        *s = rest;
    h->twelve = half != 0;
    if (half == 1 && h->hour == 12)
        h->hour = 0;
    else if (half == 2 && h->hour < 12)
        h->hour += 12;
    else if (half == 3 && h->hour < 3)
        h->hour += 12;
    return h->hour < 24;
}

static bool date(struct mud_str *s, struct mud_whatsapp_head *h)
{
    if (!number(s, &h->date[0], 4) || !s->n || !strchr("/.-", s->s[0]))
        return false;
    h->sign = s->s[0];
    for (int i = 1; i < 3; i++) {
        if (!s->n || s->s[0] != h->sign)
            return false;
        *s = mud_str_sub(*s, 1, s->n);
        blanks(s); /* "9. 12. 2020" */
        if (!number(s, &h->date[i], i == 2 ? 4 : 2))
            return false;
    }
    if (s->n && s->s[0] == '.' && h->sign == '.')
        *s = mud_str_sub(*s, 1, s->n); /* "2020. 12. 9." */
    h->year_first = h->date[0] > 999;
    return h->year_first || h->date[2] > 999 || h->date[2] < 100;
}

/* Who speaks; a name has no quotation in it, which titles of groups have. */
static void who(struct mud_whatsapp_head *h, struct mud_str rest)
{
    size_t colon = mud_str_find(rest, MUD_STR(": "));
    struct mud_str ignored, name;
    if (colon == MUD_NPOS && rest.n && rest.s[rest.n - 1] == ':')
        colon = rest.n - 1;
    h->text = mud_whatsapp_bare(rest);
    if (colon == MUD_NPOS || colon == 0 || colon > NAME_MAX)
        return;
    name = mud_whatsapp_bare(mud_str_sub(rest, 0, colon));
    if (mud_str_chr(name, '"') != MUD_NPOS ||
        mud_str_find(name, MUD_STR("“")) != MUD_NPOS ||
        !mud_str_eqz(mud_whatsapp_service(name, &ignored, &ignored), "system"))
        return;
    h->name = name;
    h->text = mud_str_sub(rest, colon + 1, rest.n);
    if (h->text.n && h->text.s[0] == ' ')
        h->text = mud_str_sub(h->text, 1, h->text.n);
}

bool mud_whatsapp_head(struct mud_str line, struct mud_whatsapp_head *head)
{
    struct mud_str s = line;
    bool brackets;
    *head = (struct mud_whatsapp_head){0};
    if (line.n < 14)
        return false;
    blanks(&s);
    brackets = take(&s, "[");
    if (!date(&s, head))
        return false;
    (void)(take(&s, ",") || take(&s, "、"));
    blanks(&s);
    (void)take(&s, "um "); /* de, older */
    if (!clock_time(&s, head))
        return false;
    blanks(&s);
    if (brackets ? !take(&s, "] ") : !take(&s, "- "))
        return false;
    who(head, s);
    return true;
}

bool mud_whatsapp_date(const struct mud_whatsapp_head *head,
                       enum mud_whatsapp_order order, struct mud_civil *time)
{
    static const int places[][3] = {{2, 1, 0}, {2, 1, 0}, {2, 0, 1}, {0, 1, 2}};
    *time = (struct mud_civil){
        .year = head->date[places[order][0]],
        .month = head->date[places[order][1]],
        .day = head->date[places[order][2]],
        .hour = head->hour,
        .minute = head->minute,
        .second = head->second,
    };
    if (time->year < 100)
        time->year += 2000;
    /* Buddhist years of Thai phones */
    if (time->year > 2500 && time->year < 2700)
        time->year -= 543;
    return time->year >= 2009 && time->year < 2200 && mud_civil_valid(time);
}

struct mud_str mud_whatsapp_service(struct mud_str text, struct mud_str *who,
                                    struct mud_str *whom)
{
    static const struct {
        const char *mark, *action;
        bool whom; /* stands behind the mark */
    } rows[] = {
        {" created group", "create", false},
        {" created this group", "create", false},
        {" joined using ", "join", false},
        {" joined from ", "join", false},
        {" joined the group", "join", false},
        {" added ", "add", true},
        {" removed ", "remove", true},
        {" left", "leave", false},
        {" changed the subject", "title", false},
        {" changed the group name", "title", false},
        {" changed this group's icon", "photo", false},
        {" changed the group description", "description", false},
        {" changed their phone number", "number", false},
        {" changed to ", "number", true},
        {" is now an admin", "role", false},
        {" pinned a message", "pin", false},
        {"创建了群组", "create", false},
        {"建立了群組", "create", false},
        {"使用此群组的邀请链接加入", "join", false},
        {"通过群组邀请链接加入", "join", false},
        {"使用此群組的邀請連結加入", "join", false},
        {"加入了群组", "join", false},
        {"已添加", "add", true},
        {"添加了", "add", true},
        {"已新增", "add", true},
        {"已移除", "remove", true},
        {"移除了", "remove", true},
        {"离开了", "leave", false},
        {"已离开", "leave", false},
        {"已退出", "leave", false},
        {"離開了", "leave", false},
        {"已離開", "leave", false},
        {"更改了群组名称", "title", false},
        {"将群组名称", "title", false},
        {"將群組名稱", "title", false},
        {"更换了群组图标", "photo", false},
        {"更换了手机号码", "number", false},
        {" создал(-а) группу", "create", false},
        {" добавил(-а) ", "add", true},
        {" удалил(-а) ", "remove", true},
        {" покинул(-а) группу", "leave", false},
        {" присоединился", "join", false},
        {" hat die Gruppe verlassen", "leave", false},
        {" hat die Gruppe", "create", false},
        {" creó el grupo", "create", false},
        {" añadió a ", "add", true},
        {" salió del grupo", "leave", false},
    };

    *who = *whom = (struct mud_str){0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mud_str mark = mud_str_z(rows[i].mark);
        size_t at = mud_str_find(text, mark);
        if (at == MUD_NPOS || at > NAME_MAX)
            continue;
        struct mud_str rest = mud_str_sub(text, at + mark.n, text.n);
        if (mud_str_eqz(mark, " left") && rest.n && rest.s[0] != '.')
            continue;
        *who = mud_whatsapp_bare(mud_str_sub(text, 0, at));
        if (rows[i].whom)
            *whom = mud_whatsapp_bare(rest);
        return mud_str_z(rows[i].action);
    }
    return MUD_STR("system");
}

bool mud_whatsapp_deleted(struct mud_str text)
{
    static const char *const rows[] = {
        "This message was deleted",
        "You deleted this message",
        "此消息已删除",
        "此消息已被删除",
        "您删除了此消息",
        "你删除了此消息",
        "您已删除此消息",
        "此訊息已刪除",
        "此訊息已被刪除",
        "你已刪除這則訊息",
        "您刪除了此訊息",
        "Данное сообщение удалено",
        "Вы удалили данное сообщение",
        "Diese Nachricht wurde gelöscht",
        "Du hast diese Nachricht gelöscht",
        "Se eliminó este mensaje",
        "Eliminaste este mensaje",
        "Ce message a été supprimé",
        "Vous avez supprimé ce message",
    };

    text = mud_whatsapp_bare(text);
    if (text.n && text.s[text.n - 1] == '.')
        text.n--;
    else if (mud_str_ends(text, MUD_STR("。")))
        text.n -= 3;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_str_eqz(text, rows[i]))
            return true;
    return false;
}
