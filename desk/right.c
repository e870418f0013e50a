#include "desk/right.h"

#include <stdio.h>

#define A MUD_ANALYST
#define O MUD_OFFICER
#define S MUD_SUPERVISOR
#define U MUD_AUDITOR

const struct mud_right mud_rights[] = {
    /* Settings and states, no evidence. */
    {"look",
     A | O | S | U,
     MUD_LOGIN_ROLE,
     false,
     "see sources and settings",
     "查看来源与设置"},
    {"read",
     A | O | S,
     MUD_LOGIN_ROLE,
     true,
     "read posts and what they tell",
     "阅读帖子及其所含信息"},
    {"original",
     A | O | S,
     MUD_LOGIN_ROLE,
     true,
     "read bytes as they were received",
     "读取原始字节"},
    {"export", O | S | U, MUD_LOGIN_ROLE, true, "take data out", "导出数据"},
    {"verify",
     A | O | S | U,
     MUD_LOGIN_ROLE,
     true,
     "check evidence, ledger and database",
     "校验存证、账本与数据库"},
    {"verdict",
     A | O | S,
     MUD_LOGIN_ROLE,
     true,
     "say who is who, and what is right",
     "认定身份与判断"},
    {"alert",
     A | O | S,
     MUD_LOGIN_ROLE,
     true,
     "keep searches and decide on their hits",
     "管理保存的检索及其命中"},
    {"lexicon",
     A | O | S,
     MUD_LOGIN_ROLE,
     true,
     "change the lexicon",
     "修改词表"},
    {"source",
     A | S,
     MUD_LOGIN_ROLE,
     true,
     "change what is watched",
     "修改监测来源"},
    {"account",
     S,
     MUD_LOGIN_ROLE,
     true,
     "change accounts at sources",
     "修改来源账号"},
    {"collect",
     A | O | S,
     MUD_LOGIN_WORKER,
     true,
     "fetch, import, link and anchor",
     "抓取、导入、关联与锚定"},
    {"rebuild",
     A | S,
     MUD_LOGIN_WORKER,
     true,
     "make again what is derived",
     "重建派生数据"},
    {"hold",
     O | S,
     MUD_LOGIN_WORKER,
     true,
     "hold material back from being purged",
     "保留材料不予清除"},
    {"retention",
     S,
     MUD_LOGIN_WORKER,
     true,
     "change keys and how long originals are kept",
     "管理密钥与原件保存期限"},
    {"ask",
     A | O | S,
     MUD_LOGIN_ROLE,
     true,
     "ask for an act of two persons",
     "申请须双人办理的事项"},
    {"approve",
     O | S,
     MUD_LOGIN_ROLE,
     true,
     "decide on what another asked",
     "审批他人的申请"},
    {"people", S, MUD_LOGIN_ROLE, true, "change who may work here", "管理人员"},
    {"persons",
     S | U,
     MUD_LOGIN_ROLE,
     false,
     "see who may work here",
     "查看人员"},
    {"audit", S | U, MUD_LOGIN_ROLE, true, "read the audit", "查阅审计"},
    {"database", S, MUD_LOGIN_OWNER, true, "back up and restore", "备份与恢复"},
    {NULL, 0, MUD_LOGIN_ROLE, false, NULL, NULL},
};

static const char *const names[MUD_DUTIES] = {"analyst",
                                              "officer",
                                              "supervisor",
                                              "auditor",
                                              "partner"};

const char *mud_duty_name(unsigned role)
{
    for (unsigned i = 0; i < MUD_DUTIES; i++)
        if (role == 1U << i)
            return names[i];
    return "";
}

unsigned mud_duty_of(struct mud_str name)
{
    for (unsigned i = 0; i < MUD_DUTIES; i++)
        if (mud_str_eqz(name, names[i]))
            return 1U << i;
    return 0;
}

const char *mud_duties_text(char text[MUD_DUTIES_TEXT], unsigned roles)
{
    size_t n = 0;

    text[0] = 0;
    for (unsigned i = 0; i < MUD_DUTIES; i++)
        if (roles >> i & 1)
            n += (size_t)snprintf(
                text + n, MUD_DUTIES_TEXT - n, "%s%s", n ? ", " : "", names[i]);
    return text;
}

unsigned mud_duties_of(struct mud_str list)
{
    unsigned roles = 0;

    while (list.n) {
        size_t comma = mud_str_chr(list, ',');
        size_t end = comma == MUD_NPOS ? list.n : comma;
        unsigned one = mud_duty_of(mud_str_trim(mud_str_sub(list, 0, end)));

        if (!one)
            return 0;
        roles |= one;
        list = mud_str_sub(list, end + (comma != MUD_NPOS), list.n);
    }
    return roles;
}

const struct mud_right *mud_right_of(const char *action)
{
    for (const struct mud_right *r = mud_rights; r->action; r++)
        if (strcmp(r->action, action) == 0)
            return r;
    return NULL;
}

unsigned mud_right_role(const struct mud_right *right, unsigned held)
{
    unsigned may = right->roles & held;

    return may & (~may + 1); /* the lowest bit */
}
