#include "cli/options.h"
#include "cli/option_rows.h"

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

/* clang-format off */
#define WORK                                                                   \
    SWITCH("once", 0, "one round, then end", "只运行一轮"),                    \
    VALUE("every", 0, "SECONDS", "a source's rounds are so far apart (900)",   \
          "同一来源两轮之间的间隔秒数（默认 900）"),                           \
    SWITCH("later", 0, "without the summary at the beginning",                 \
           "开始时不输出摘要")
/* clang-format on */

const struct mud_option mud_up_options[] = {
    WORK,
    VALUE("listen", 0, "ADDRESS:PORT",
          "where metrics are served (127.0.0.1:8087; none: nowhere)",
          "指标服务地址（默认 127.0.0.1:8087；none 为不提供）"),
    END,
};

const struct mud_option mud_rebuild_options[] = {
    SWITCH("diff", 0, "say what changes: posts, offers, contacts, sellers",
           "列出变化：帖子、报价、联系方式、卖家"),
    END,
};

const struct mud_option mud_work_options[] = {WORK, END};

const struct mud_option mud_serve_options[] = {
    VALUE("listen", 0, "ADDRESS:PORT",
          "where to serve (127.0.0.1:8087; port 0: any free one)",
          "服务地址（默认 127.0.0.1:8087；端口 0 为任意空闲端口）"),
    END,
};

const struct mud_option mud_help_options[] = {
    SWITCH("man", 0, "as a man page", "输出 man 手册页"),
    SWITCH("names", 0, "names of all commands, a line each",
           "逐行列出全部命令名"),
    END,
};

const struct mud_option mud_anchor_options[] = {
    SWITCH("now", 0, "today as well, as far as it is",
           "今日截至此刻的部分也一并生成"),
    END,
};

const struct mud_option mud_key_options[] = {
    VALUE("name", 0, "TEXT", "in the certificate (Mudlark ledger)",
          "证书中的名称（默认 Mudlark ledger）"),
    SWITCH("replace", 0, "where there is a key already", "已有密钥时予以更换"),
    END,
};

const struct mud_option mud_witness_options[] = {
    VALUE("proxy", 0, "URL", "by another way than the source's own",
          "改走此代理，而非来源自身的线路"),
    VALUE("with", 0, "CAPTURE", "fetch nothing; this one is the witness",
          "不再抓取，以此存证为第二见证"),
    END,
};

const struct mud_option mud_shot_options[] = {
    VALUE("output", 'o', "FILE.png", "write the picture there, too",
          "另将图片写入此文件"),
    SWITCH("unmasked", 0,
           "as it was received; needs --reason, --output and a second person",
           "不作遮盖；须给出 --reason、--output，并经第二人批准"),
    VALUE("reason", 0, "TEXT", "why, for the record", "事由，记入审计"),
    END,
};

const struct mud_option mud_restore_options[] = {
    SWITCH("force", 0, "replace what the database holds", "覆盖数据库现有内容"),
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

const struct mud_option mud_sellers_options[] = {
    QUERY_OPTIONS,
    VALUE("sold", 0, "WHAT", "who sold that: words, a product's id or a query",
          "谁卖过：词、商品编号或查询"),
    VALUE("in", 0, "TIME", "with --sold: 2026, 2026-03, 2026-03-05 or A..B",
          "与 --sold 合用：2026、2026-03、2026-03-05 或 A..B"),
    END,
};

const struct mud_option mud_search_options[] = {
    QUERY_OPTIONS,
    SWITCH("facets", 0, "counts over the hits, and when, instead of them",
           "不列出结果，而给出分面计数与时间分布"),
    VALUE(
        "cursor", 0, "CURSOR",
        "go on from where an earlier search ended (\"first\": from the "
        "beginning); a last record \"page\" says how to go on",
        "从上次搜索结束处继续（first 为从头开始）；末尾的 page 记录给出后续游标"),
    END,
};

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
    SWITCH("raw", 0,
           "the payload as received (no other output); takes --reason and a "
           "second person",
           "输出原始字节（须 --reason 与第二人批准）"),
    SWITCH("records", 0,
           "with --raw: request, answer and metadata, as a .warc.gz",
           "与 --raw 同用：请求、应答与元数据，输出为 .warc.gz"),
    VALUE("reason", 0, "TEXT", "why the original is read, for the record",
          "查看原件的事由，记入账本"),
    VALUE("as-of", 0, "TIME",
          "what a post, or the page of an address, said then",
          "该时刻帖子或该网址页面的内容"),
    SWITCH("history", 0, "all texts of a post, with what changed",
           "帖子的全部版本及其差异"),
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
    VALUE("slow", 0, "N", "N bytes a second of each answer",
          "每个应答每秒只发 N 字节"),
    VALUE("broken", 0, "N",
          "every Nth answer is cut, half a gzip, a 503 or none at all",
          "每 N 个应答有一个残缺：中断、半截 gzip、503 或无应答"),
    VALUE("limit", 0, "N", "429 after N requests in ten seconds",
          "十秒内超过 N 个请求即答 429"),
    VALUE("loop", 0, "N", "one in N addresses leads round in circles",
          "每 N 个地址有一个循环跳转"),
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

const struct mud_option mud_actor_options[] = {
    VALUE("reason", 0, "TEXT", "why, for the record (required)",
          "原因，记入历史（必填）"),
    END,
};

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
