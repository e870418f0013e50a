#include "cli/options.h"

#define SWITCH(name, letter, en, zh)      \
    {                                     \
        name, NULL, en, zh, letter, false \
    }
#define VALUE(name, letter, arg, en, zh) \
    {                                    \
        name, arg, en, zh, letter, false \
    }
#define VALUES(name, letter, arg, en, zh) \
    {                                     \
        name, arg, en, zh, letter, true   \
    }
#define END                              \
    {                                    \
        NULL, NULL, NULL, NULL, 0, false \
    }

const struct mud_option mud_global_options[] = {
    SWITCH("help", 'h', "explain the command and end", "显示说明后退出"),
    VALUE("format", 'f', "FORM", "text, json or ndjson (text on a terminal)",
          "输出格式：text、json 或 ndjson（终端默认 text）"),
    VALUE("as", 0, "USER", "who acts, for the record (system user by default)",
          "操作人，记入审计（默认为系统用户）"),
    SWITCH("quiet", 'q', "no progress", "不显示进度"),
    SWITCH("verbose", 'v', "log what is done", "记录过程日志"),
    SWITCH("debug", 0, "log details", "记录详细日志"),
    VALUE("log", 0, "FORM", "log as text or json lines",
          "日志格式：text 或 json"),
    END,
};

const struct mud_option mud_no_options[] = {END};

const struct mud_option mud_up_options[] = {
    SWITCH("once", 0, "one round, then end", "只运行一轮"),
    VALUE("every", 0, "SECONDS", "a source's rounds are so far apart (900)",
          "同一来源两轮之间的间隔秒数（默认 900）"),
    SWITCH("later", 0, "pause before the first round too",
           "第一轮之前也先等待"),
    END,
};

const struct mud_option mud_help_options[] = {
    SWITCH("man", 0, "as a man page", "输出 man 手册页"),
    SWITCH("names", 0, "names of all commands, a line each",
           "逐行列出全部命令名"),
    END,
};

const struct mud_option mud_restore_options[] = {
    SWITCH("force", 0, "replace what the database holds", "覆盖数据库现有内容"),
    END,
};

const struct mud_option mud_source_add_options[] = {
    VALUE("kind", 'k', "KIND", "see above (forum with --url, else import)",
          "类型，见上（有 --url 时为 forum，否则为 import）"),
    VALUE("url", 'u', "URL", "where it begins, or the server",
          "起始地址或服务器"),
    VALUES("room", 0, "NAME", "a room, channel or chat to read",
           "要读取的群组、频道或聊天室"),
    VALUE("account", 0, "NAME",
          "whose log-in it uses: file secrets/NAME of MUDLARK_HOME",
          "使用的账号：MUDLARK_HOME 下的 secrets/NAME 文件"),
    VALUE("robots", 0, "POLICY",
          "what robots.txt forbids: ignore (default), note or obey",
          "robots.txt 禁止的页面：ignore（默认）、note 或 obey"),
    VALUE("folder", 0, "DIR", "where exports are dropped (kind folder)",
          "投放导出文件的目录（folder 类型）"),
    VALUE("every", 0, "SECONDS", "between rounds, instead of up --every",
          "两轮采集的间隔秒数，替代 up --every"),
    VALUE("basis", 'b', "TEXT", "legal basis for collecting here (required)",
          "采集的法律依据（必填）"),
    VALUE("expires", 'e', "DATE", "last day, YYYY-MM-DD (required)",
          "截止日期 YYYY-MM-DD（必填）"),
    VALUES("host", 0, "HOST", "further host in scope, *.name for below",
           "范围内的其他主机，可用 *.name"),
    VALUES("path", 0, "PREFIX",
           "only this path and below; /thread-* by its beginning",
           "仅限该路径及其下；/thread-* 按开头匹配"),
    VALUE("zone", 'z', "ZONE", "time zone of the site, such as +08:00",
          "站点时区，如 +08:00"),
    VALUE("delay", 0, "MS", "pause between fetches of a host (1000)",
          "同一主机两次抓取的间隔毫秒（默认 1000）"),
    VALUE("parallel", 0, "N", "fetches at a time per host (1)",
          "同一主机的并发数（默认 1）"),
    VALUE("proxy", 0, "URL", "http:// or socks5h://; nothing goes around it",
          "http:// 或 socks5h:// 代理；不绕过代理直连"),
    VALUE("user-agent", 0, "TEXT", "instead of a current browser's",
          "替换默认的浏览器标识"),
    VALUE("page-bytes", 0, "N", "most bytes of a page (16777216)",
          "单页最大字节数（默认 16777216）"),
    VALUE("day-bytes", 0, "N", "most bytes a day (1073741824)",
          "每日最大字节数（默认 1073741824）"),
    SWITCH("allow-private", 0, "private and loopback addresses are in scope",
           "允许内网与回环地址"),
    SWITCH("media", 0, "images of its posts may be taken and read",
           "允许留存并读取帖子中的图片"),
    END,
};

const struct mud_option mud_source_test_options[] = {
    VALUE("url", 'u', "URL", "address of a saved page", "已存网页的地址"),
    VALUE("source", 's', "NAME",
          "fetch within this source's scope, by its proxy, in its zone",
          "按该来源的范围、代理与时区抓取"),
    VALUE("engine", 0, "NAME", "take this engine, do not detect",
          "指定论坛引擎，不自动识别"),
    VALUE("zone", 'z', "ZONE", "time zone of the site", "站点时区"),
    VALUE("proxy", 0, "URL", "http:// or socks5h://, without --source",
          "http:// 或 socks5h:// 代理（未给 --source 时）"),
    SWITCH("allow-private", 0,
           "private and loopback addresses too, without --source",
           "允许内网与回环地址（未给 --source 时）"),
    END,
};

const struct mud_option mud_source_suggest_options[] = {
    VALUE("min", 0, "N", "named in at least N posts (2)",
          "至少 N 个帖子提到（默认 2）"),
    VALUE("limit", 0, "N", "at most N (50)", "最多 N 条（默认 50）"),
    SWITCH("all", 'a', "those that were decided on too", "包括已有结论的"),
    END,
};

const struct mud_option mud_source_judge_options[] = {
    VALUE("note", 0, "TEXT", "why", "理由"),
    END,
};

const struct mud_option mud_source_gaps_options[] = {
    VALUE("limit", 'n', "N", "at most N of each kind (100)",
          "每类最多 N 条（默认 100）"),
    END,
};

const struct mud_option mud_fetch_options[] = {
    VALUE("max-pages", 'n', "N", "end after N pages", "最多抓取 N 页"),
    SWITCH("all", 'a', "every page of a forum again, not only what is new",
           "重新抓取论坛全部页面，而不只是新内容"),
    END,
};

const struct mud_option mud_import_options[] = {
    VALUE("source", 's', "NAME", "the source it belongs to (required)",
          "所属来源（必填）"),
    VALUE("supplier", 0, "TEXT", "who handed it over", "提供人"),
    VALUE("url", 'u', "URL", "address that a page was saved from",
          "网页的原地址"),
    END,
};

const struct mud_option mud_parse_options[] = {
    VALUE("url", 'u', "URL", "address of a page", "网页地址"),
    VALUE("engine", 0, "NAME", "take this engine, do not detect",
          "指定论坛引擎，不自动识别"),
    VALUE("zone", 'z', "ZONE", "time zone of the site", "站点时区"),
    END,
};

const struct mud_option mud_extract_options[] = {
    SWITCH(
        "explain", 'x',
        "say why: rule, confidence, folds and source characters of each "
        "value, and the reasons for the category",
        "说明依据：每个值的规则、置信度、归一化过程与原文字符，以及分类理由"),
    SWITCH("text", 't', "input is plain text, a message a line",
           "输入为纯文本，每行一条消息"),
    END,
};

#define QUERY_OPTIONS                                                  \
    VALUE("source", 's', "NAME", "of this source only", "仅限该来源"), \
        VALUE("since",                                                 \
              0,                                                       \
              "TIME",                                                  \
              "not older than this (RFC 3339 or a date)",              \
              "不早于此时间（RFC 3339 或日期）"),                      \
        VALUE("limit", 'n', "N", "at most so many", "最多条数")

const struct mud_option mud_query_options[] = {QUERY_OPTIONS, END};

const struct mud_option mud_offers_options[] = {
    QUERY_OPTIONS,
    VALUE("category", 'c', "NAME", "of this category only", "仅限该类别"),
    END,
};

const struct mud_option mud_contacts_options[] = {
    QUERY_OPTIONS,
    VALUE("type", 't', "TYPE", "qq, wechat, telegram...",
          "类型：qq、wechat、telegram……"),
    END,
};

const struct mud_option mud_show_options[] = {
    SWITCH("verify", 0, "hash the bytes again now", "立即重新计算校验值"),
    SWITCH("raw", 0, "the payload as received (no other output)",
           "输出原始字节"),
    END,
};

const struct mud_option mud_similar_options[] = {
    VALUE("limit", 'n', "N", "at most so many posts (100)",
          "最多条数（默认 100）"),
    END,
};

const struct mud_option mud_verify_options[] = {
    SWITCH("all", 'a', "print what holds, too", "同时列出通过的检查"),
    END,
};

const struct mud_option mud_replay_options[] = {
    VALUE("port", 'p', "PORT", "port on 127.0.0.1 (8088; 0: any free one)",
          "127.0.0.1 端口（默认 8088；0 为任意空闲端口）"),
    END,
};

#define LEXICON_WHICH                                    \
    VALUE("kind",                                        \
          'k',                                           \
          "KIND",                                        \
          "of this kind only: product term verb cue...", \
          "仅限该类型：product、term、verb、cue……"),     \
        VALUE("sense", 0, "SENSE", "of this sense only", "仅限该含义")

#define LEXICON_REASON \
    VALUE("reason", 0, "TEXT", "why, for the record", "原因，记入历史")

const struct mud_option mud_lexicon_list_options[] = {
    LEXICON_WHICH,
    VALUE("category", 'c', "NAME", "of this category only", "仅限该类别"),
    VALUE("state", 0, "STATE", "active or disabled",
          "active（启用）或 disabled（停用）"),
    SWITCH("builtin", 'b', "those built into the program too",
           "同时列出内置词条"),
    SWITCH("senses", 0,
           "instead: the senses that rules know of --kind (no database)",
           "改为列出 --kind 可用的含义（不需数据库）"),
    END,
};

#define LEXICON_ROW                                                            \
    VALUE("kind",                                                              \
          'k',                                                                 \
          "KIND",                                                              \
          "what it is: product term verb cue unit currency platform "          \
          "negation benign report role victim name category",                  \
          "类型：product term verb cue unit currency platform negation "    \
          "benign report role victim name category"),                          \
        VALUE("sense",                                                         \
              0,                                                               \
              "SENSE",                                                         \
              "what it means to the rules (lexicon list --senses names them)", \
              "对规则的含义（见 lexicon list --senses）"),                     \
        VALUE("category",                                                      \
              'c',                                                             \
              "NAME",                                                          \
              "bots, personal_data...",                                        \
              "类别：bots、personal_data……"),                                  \
        SWITCH("weak",                                                         \
               'w',                                                            \
               "an ordinary word too: counts beside a verb only",              \
               "也是常用词：仅与买卖动词同现时计入"),                          \
        VALUES("flag",                                                         \
               0,                                                              \
               "FLAG",                                                         \
               "a flag of the tables: soft, inside, start...",                 \
               "词表标志：soft、inside、start……"),                             \
        VALUE("weight",                                                        \
              0,                                                               \
              "N",                                                             \
              "weight of a verb or of a benign cue",                           \
              "动词或无害线索的权重"),                                         \
        VALUE("note",                                                          \
              0,                                                               \
              "TEXT",                                                          \
              "a remark that stays with the entry",                            \
              "随词条保存的备注")

const struct mud_option mud_lexicon_row_options[] = {
    LEXICON_ROW,
    LEXICON_REASON,
    END,
};

const struct mud_option mud_lexicon_test_options[] = {
    LEXICON_ROW,
    VALUE("limit", 'n', "N", "at most so many stored texts (20)",
          "最多取多少条已存文本（默认 20）"),
    END,
};

const struct mud_option mud_lexicon_hits_options[] = {
    VALUE("source", 's', "NAME", "of this source only", "仅限该来源"),
    VALUE("since", 0, "TIME", "not older than this (RFC 3339 or a date)",
          "不早于此时间（RFC 3339 或日期）"),
    SWITCH("inside", 0, "inside words too (reads every text)",
           "词内部也算（逐条扫描全部文本）"),
    VALUE("limit", 'n', "N", "so many example posts (5)",
          "示例帖子条数（默认 5）"),
    END,
};

const struct mud_option mud_lexicon_state_options[] = {
    LEXICON_WHICH,
    LEXICON_REASON,
    END,
};

const struct mud_option mud_lexicon_suggest_options[] = {
    VALUE("source", 's', "NAME", "of this source only", "仅限该来源"),
    VALUE("since", 0, "TIME", "not older than this (RFC 3339 or a date)",
          "不早于此时间（RFC 3339 或日期）"),
    VALUE("least", 0, "N", "in so many distinct texts at least (3)",
          "至少出现于多少段不同文本（默认 3）"),
    VALUE("limit", 'n', "N", "at most so many (30)", "最多条数（默认 30）"),
    END,
};

const struct mud_option mud_lexicon_disable_options[] = {
    LEXICON_WHICH,
    SWITCH("builtin", 'b', "the built-in rows, not the analysts' entries",
           "停用内置词条，而非自有词条"),
    LEXICON_REASON,
    END,
};

const struct mud_option mud_lexicon_reject_options[] = {LEXICON_REASON, END};

const struct mud_option mud_lexicon_import_options[] = {
    SWITCH("replace", 0, "entries that FILE does not have are disabled",
           "停用 FILE 中没有的词条"),
    LEXICON_REASON,
    END,
};

const struct mud_option mud_lexicon_check_options[] = {
    SWITCH("repair", 0,
           "write lexicon.tsv anew; one changed by hand is kept as "
           "lexicon.tsv.old",
           "重写 lexicon.tsv；手工修改的版本保存为 lexicon.tsv.old"),
    END,
};
