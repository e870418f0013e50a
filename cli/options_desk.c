#include "cli/option_rows.h"
#include "cli/options.h"

#define REASON \
    VALUE("reason", 0, "TEXT", "why, for the record", "原因，记入记录")

const struct mud_option mud_user_add_options[] = {
    VALUES("role", 'r', "ROLE",
           "analyst, officer, supervisor, auditor or partner (required)",
           "角色：analyst、officer、supervisor、auditor 或 partner（必填）"),
    VALUE("full-name", 0, "TEXT", "as it stands in documents", "文书所用姓名"),
    VALUE("organisation", 0, "TEXT", "where the person works", "所在单位"),
    VALUE("email", 0, "ADDRESS", "where to reach the person", "电子邮箱"),
    REASON,
    END,
};

const struct mud_option mud_user_role_options[] = {
    VALUES("add", 0, "ROLE", "a role to give", "授予的角色"),
    VALUES("remove", 0, "ROLE", "a role to take", "收回的角色"),
    REASON,
    END,
};

const struct mud_option mud_user_reason_options[] = {REASON, END};

const struct mud_option mud_user_map_options[] = {
    SWITCH("remove", 0, "the account is this person's no more",
           "取消该账号的映射"),
    REASON,
    END,
};

const struct mud_option mud_approval_list_options[] = {
    VALUE("state", 0, "STATE", "asked, approved, refused or all (asked)",
          "asked、approved、refused 或 all（默认 asked）"),
    VALUE("by", 0, "NAME", "asked for by this person", "仅限该申请人"),
    VALUE("limit", 'n', "N", "at most so many (100)", "最多条数（默认 100）"),
    END,
};

const struct mud_option mud_approval_decide_options[] = {REASON, END};

const struct mud_option mud_audit_options[] = {
    VALUE("by", 0, "NAME", "by this person", "仅限该人员"),
    VALUE("since", 0, "TIME", "not older than this (RFC 3339 or a date)",
          "不早于此时间（RFC 3339 或日期）"),
    VALUE("until", 0, "TIME", "not newer than this", "不晚于此时间"),
    VALUE("action", 'a', "ACTION",
          "of this action (read, export...) or command (search, show...)",
          "仅限该类行为（read、export……）或命令（search、show……）"),
    VALUE("object", 'o', "TEXT", "about this id, query or name",
          "仅限该编号、查询或名称"),
    VALUE("limit", 'n', "N", "at most so many (100)", "最多条数（默认 100）"),
    END,
};

const struct mud_option mud_migrate_options[] = {
    SWITCH("roles", 0, "print the roles of Postgres and their grants as SQL",
           "以 SQL 输出 Postgres 角色及其授权"),
    END,
};
