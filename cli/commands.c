#include "cli/cmd.h"

#define SWITCH(name, letter, en, zh)      \
    {                                     \
        name, letter, NULL, false, en, zh \
    }
#define VALUE(name, letter, arg, en, zh) \
    {                                    \
        name, letter, arg, false, en, zh \
    }
#define VALUES(name, letter, arg, en, zh) \
    {                                     \
        name, letter, arg, true, en, zh   \
    }
#define END                              \
    {                                    \
        NULL, 0, NULL, false, NULL, NULL \
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

static const struct mud_option no_options[] = {END};

static const struct mud_option up_options[] = {
    SWITCH("once", 0, "one round, then end", "只运行一轮"),
    VALUE("every", 0, "SECONDS", "pause between rounds (900)",
          "两轮之间的间隔秒数（默认 900）"),
    END,
};

static const struct mud_option help_options[] = {
    SWITCH("man", 0, "as a man page", "输出 man 手册页"),
    SWITCH("names", 0, "names of all commands, a line each",
           "逐行列出全部命令名"),
    END,
};

static const struct mud_option restore_options[] = {
    SWITCH("force", 0, "replace what the database holds", "覆盖数据库现有内容"),
    END,
};

static const struct mud_option source_add_options[] = {
    VALUE("kind", 'k', "KIND", "forum, chat or import",
          "类型：forum、chat 或 import"),
    VALUE("url", 'u', "URL", "where it begins (forums)", "起始地址（论坛）"),
    VALUE("basis", 'b', "TEXT", "legal basis for collecting here (required)",
          "采集的法律依据（必填）"),
    VALUE("expires", 'e', "DATE", "last day, YYYY-MM-DD (required)",
          "截止日期 YYYY-MM-DD（必填）"),
    VALUES("host", 0, "HOST", "further host in scope, *.name for below",
           "范围内的其他主机，可用 *.name"),
    VALUES("path", 0, "PREFIX", "only paths that begin so",
           "仅限以此开头的路径"),
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
    END,
};

static const struct mud_option fetch_options[] = {
    VALUE("max-pages", 'n', "N", "end after N pages", "最多抓取 N 页"),
    END,
};

static const struct mud_option import_options[] = {
    VALUE("source", 's', "NAME", "the source it belongs to (required)",
          "所属来源（必填）"),
    VALUE("supplier", 0, "TEXT", "who handed it over", "提供人"),
    VALUE("url", 'u', "URL", "address that a page was saved from",
          "网页的原地址"),
    END,
};

static const struct mud_option parse_options[] = {
    VALUE("url", 'u', "URL", "address of a page", "网页地址"),
    VALUE("engine", 0, "NAME", "take this engine, do not detect",
          "指定论坛引擎，不自动识别"),
    VALUE("zone", 'z', "ZONE", "time zone of the site", "站点时区"),
    SWITCH("in-process", 0, "without a worker process (for debugging)",
           "不使用子进程（调试用）"),
    END,
};

static const struct mud_option extract_options[] = {
    SWITCH("explain", 'x', "add rule, confidence and folded form",
           "附加规则、置信度与归一化文本"),
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

static const struct mud_option query_options[] = {QUERY_OPTIONS, END};

static const struct mud_option offers_options[] = {
    QUERY_OPTIONS,
    VALUE("category", 'c', "NAME", "of this category only", "仅限该类别"),
    END,
};

static const struct mud_option contacts_options[] = {
    QUERY_OPTIONS,
    VALUE("type", 't', "TYPE", "qq, wechat, telegram...",
          "类型：qq、wechat、telegram……"),
    END,
};

static const struct mud_option show_options[] = {
    SWITCH("verify", 0, "hash the bytes again now", "立即重新计算校验值"),
    SWITCH("raw", 0, "the payload as received (no other output)",
           "输出原始字节"),
    END,
};

static const struct mud_option verify_options[] = {
    SWITCH("all", 'a', "print what holds, too", "同时列出通过的检查"),
    END,
};

static const struct mud_option replay_options[] = {
    VALUE("port", 'p', "PORT", "port on 127.0.0.1 (8088; 0: any free one)",
          "127.0.0.1 端口（默认 8088；0 为任意空闲端口）"),
    END,
};

const struct mud_command mud_commands[] = {
    {"up",
     "",
     0,
     0,
     up_options,
     "start all: database, rounds of fetching and reading, until stopped",
     "启动全部：数据库、循环抓取与解读，直到停止",
     "Starts the private Postgres if MUDLARK_DSN names none, brings the schema "
     "up to date, then fetches every active source, reads what came and links "
     "it, round after round, until it is stopped with Ctrl-C. Each round says "
     "what was read, what was skipped and why.",
     "若未设置 MUDLARK_DSN 则启动私有 Postgres，升级表结构，然后循环抓取所有"
     "活动来源并解读入库，按 Ctrl-C 停止。每轮都说明读了什么、跳过了什么及原因。",
     "mudlark up\nmudlark up --once",
     mud_cmd_up},
    {"source add",
     "NAME",
     1,
     1,
     source_add_options,
     "add a source: a forum, or a place for chat exports",
     "添加来源：论坛或聊天记录",
     "Every source has a legal basis, a scope and an expiry; outside them "
     "nothing is fetched. The host of --url is in scope; --host and --path "
     "widen and narrow it. Private and loopback addresses are refused unless "
     "--allow-private is given.",
     "每个来源都必须有法律依据、范围和截止日期，超出即不抓取。--url 的主机默认在"
     "范围内，--host 与 --path 可扩大或缩小。除非给出 --allow-private，内网与回环"
     "地址一律拒绝。",
     "mudlark source add board --kind forum --url https://forum.example/ "
     "--basis 'order 12/2026' --expires 2027-06-30\n"
     "mudlark source add group --kind chat --basis 'order 12/2026' --expires "
     "2027-06-30",
     mud_cmd_source_add},
    {"source list",
     "",
     0,
     0,
     no_options,
     "list the sources",
     "列出来源",
     "One line a source: name, kind, state, expiry, captures and posts held.",
     "每行一个来源：名称、类型、状态、截止日期、已存证数与帖子数。",
     "mudlark source list",
     mud_cmd_source_list},
    {"source show",
     "NAME",
     1,
     1,
     no_options,
     "show one source",
     "显示单个来源",
     "Everything that is set for the source, what was read of it and when, "
     "and what waits or failed.",
     "显示来源的全部设置、已读范围与时间，以及等待或失败的任务。",
     "mudlark source show board",
     mud_cmd_source_show},
    {"source pause",
     "NAME",
     1,
     1,
     no_options,
     "stop fetching a source",
     "暂停来源",
     "Nothing of the source is fetched until it is resumed. What is held stays.",
     "恢复前不再抓取该来源，已有数据保留。",
     "mudlark source pause board",
     mud_cmd_source_pause},
    {"source resume",
     "NAME",
     1,
     1,
     no_options,
     "fetch a paused source again",
     "恢复来源",
     "The source is active again.",
     "来源恢复为活动状态。",
     "mudlark source resume board",
     mud_cmd_source_resume},
    {"source remove",
     "NAME",
     1,
     1,
     no_options,
     "remove a source that holds no evidence",
     "删除没有证据的来源",
     "A source with captures cannot be removed, only paused: evidence keeps "
     "its source.",
     "已有存证的来源不能删除，只能暂停：证据必须保留其来源。",
     "mudlark source remove typo",
     mud_cmd_source_remove},
    {"fetch",
     "[NAME...]",
     0,
     -1,
     fetch_options,
     "fetch sources for one round, seal and read what came",
     "抓取来源一轮，封存并解读",
     "Walks index, boards, threads and pages of each forum once. Every page is "
     "sealed as evidence before it is parsed. Without names: all active "
     "sources. Exit code 3 when some pages were skipped; stderr says why.",
     "对每个论坛遍历首页、版块、主题和分页各一次。每页先封存为证据再解析。不带名称"
     "则抓取所有活动来源。若有页面被跳过则退出码为 3，原因见标准错误。",
     "mudlark fetch\nmudlark fetch board --max-pages 50",
     mud_cmd_fetch},
    {"import",
     "PATH...",
     1,
     -1,
     import_options,
     "take in files as evidence and read them",
     "导入文件作为证据并解读",
     "Seals chat exports, saved pages, WARC files and capture folders exactly "
     "as they were handed over, with who supplied them, then reads them the "
     "same way as what was fetched. A file that is already held is not taken "
     "twice.",
     "按原样封存聊天导出、网页、WARC 文件和抓取目录，并记录提供人，随后与抓取内容"
     "同样解读。已有的文件不会重复导入。",
     "mudlark import result.json --source group --supplier 'Officer Li'\n"
     "mudlark import saved.warc.gz --source board",
     mud_cmd_import},
    {"posts",
     "",
     0,
     0,
     query_options,
     "print the posts held",
     "输出帖子",
     "Post records in the form of mudlark parse, victims' data masked.",
     "按 mudlark parse 的格式输出帖子，受害人数据已打码。",
     "mudlark posts --source board --since 2026-11-01",
     mud_cmd_posts},
    {"offers",
     "",
     0,
     0,
     offers_options,
     "print the offers held",
     "输出报价",
     "What is offered or wanted, by whom, how much, at which price, with the "
     "post it stands in.",
     "谁在卖或收什么、数量、价格，以及出自哪条帖子。",
     "mudlark offers --category bots",
     mud_cmd_offers},
    {"sellers",
     "",
     0,
     0,
     query_options,
     "print sellers, the weightiest first",
     "输出卖家，按重要性排序",
     "Actors: personas and contacts held together by claims. Each with "
     "categories, prices, contacts, and a score with its reasons.",
     "卖家由身份与联系方式通过断言连接而成，附类别、价格、联系方式及有理由的评分。",
     "mudlark sellers -n 10",
     mud_cmd_sellers},
    {"contacts",
     "",
     0,
     0,
     contacts_options,
     "print the contacts held",
     "输出联系方式",
     "Contacts of advertisers in normal form, with how often and where they "
     "were seen.",
     "卖家的联系方式（规范形式），及出现次数与位置。",
     "mudlark contacts --type qq",
     mud_cmd_contacts},
    {"search",
     "QUERY...",
     1,
     -1,
     query_options,
     "search the posts",
     "搜索帖子",
     "All words must stand in the post; \"quoted words\" as a phrase. Chinese, "
     "Traditional or Simplified, and full-width forms find each other. Newest "
     "first.",
     "所有词都须出现；引号内为短语。简繁体、全角半角互通。新的在前。",
     "mudlark search 肉鸡 出售\nmudlark search '\"量大从优\"'",
     mud_cmd_search},
    {"show",
     "ID",
     1,
     1,
     show_options,
     "show a capture, post, entity or seller",
     "显示存证、帖子、实体或卖家",
     "For a capture: headers, digest, place in the WARC file, ledger line; "
     "--verify hashes the bytes again. For a post: its revisions and what was "
     "read in it. For an entity or seller: what is known and from where.",
     "存证：头部、校验值、WARC 位置、账本行；--verify 立即重算。帖子：各版本及解读。"
     "实体或卖家：已知内容及出处。",
     "mudlark show 3f2b6c1e-0000-0000-0000-000000000000 --verify",
     mud_cmd_show},
    {"why",
     "A B",
     2,
     2,
     no_options,
     "explain how two entities are linked",
     "说明两个实体如何关联",
     "The shortest chain of claims between two entities, each with quote, "
     "post, capture, digest and ledger line. A and B are ids, TYPE:VALUE such "
     "as qq:9812345670, or names of personas.",
     "两个实体之间最短的断言链，每一环附引文、帖子、存证、校验值与账本行。A、B 可为"
     "编号、类型:值（如 qq:9812345670）或身份名。",
     "mudlark why qq:9812345670 telegram:rouji_example",
     mud_cmd_why},
    {"stats",
     "",
     0,
     0,
     no_options,
     "what is held, in figures",
     "统计",
     "Sources, captures, bytes, posts, offers, contacts, sellers, jobs, and "
     "what was skipped, by reason.",
     "来源、存证、字节、帖子、报价、联系方式、卖家、任务，以及按原因统计的跳过项。",
     "mudlark stats",
     mud_cmd_stats},
    {"parse",
     "PATH...",
     1,
     -1,
     parse_options,
     "print what is in pages and exports (no database)",
     "解析网页与导出文件（不需数据库）",
     "PATH is an .html file, a .warc.gz, a folder with index.jsonl, or a chat "
     "export. Prints page, thread, post and note records. Pages are parsed in "
     "a worker process with limits.",
     "PATH 可为 .html、.warc.gz、含 index.jsonl 的目录或聊天导出。输出 page、"
     "thread、post、note 记录。网页在受限子进程中解析。",
     "mudlark parse page.html --url https://forum.example/thread-5-1-1.html\n"
     "mudlark parse result.json | mudlark extract",
     mud_cmd_parse},
    {"tokenize",
     "",
     0,
     0,
     no_options,
     "cut lines into words (no database)",
     "分词（不需数据库）",
     "Reads lines from standard input, prints the tokens of each joined by one "
     "space.",
     "从标准输入读取各行，输出以空格分隔的词。",
     "echo 出售国内肉鸡5000台 | mudlark tokenize",
     mud_cmd_tokenize},
    {"extract",
     "",
     0,
     0,
     extract_options,
     "read messages: offers, prices, contacts (no database)",
     "解读消息：报价、价格、联系方式（不需数据库）",
     "NDJSON objects with id and text (or post and body) in, extract records "
     "out. With --text, plain lines; on a terminal the marks are shown in "
     "colour.",
     "输入含 id 与 text（或 post 与 body）的 NDJSON，输出解读记录。--text 时输入为"
     "纯文本行；终端上以颜色标出。",
     "mudlark extract < messages.ndjson\necho '出肉鸡 QQ9812345670' | mudlark "
     "extract --text",
     mud_cmd_extract},
    {"verify",
     "[PATH]",
     0,
     1,
     verify_options,
     "verify the vault, a WARC file or a ledger file",
     "校验证据库、WARC 文件或账本文件",
     "Without PATH: every capture of the vault is hashed again and the ledger "
     "walked. With PATH: that WARC or ledger.jsonl, without a database. Prints "
     "each finding; exit code 0 only if all holds.",
     "不带 PATH：重新计算证据库全部存证的校验值并核对账本。带 PATH：校验该 WARC 或 "
     "ledger.jsonl，不需数据库。逐项输出；全部通过才返回 0。",
     "mudlark verify\nmudlark verify vault/2026-11/a.warc.gz",
     mud_cmd_verify},
    {"ledger verify",
     "",
     0,
     0,
     verify_options,
     "verify the chain of the ledger",
     "校验账本链",
     "Walks the ledger in Postgres and its mirror file, line by line.",
     "逐行核对 Postgres 中的账本及其镜像文件。",
     "mudlark ledger verify",
     mud_cmd_ledger_verify},
    {"ledger export",
     "",
     0,
     0,
     no_options,
     "print the ledger's lines",
     "输出账本",
     "The exact bytes of every line, to be checked with other tools.",
     "逐行输出账本原文，可用其他工具核对。",
     "mudlark ledger export > l.jsonl",
     mud_cmd_ledger_export},
    {"rebuild",
     "",
     0,
     0,
     no_options,
     "drop all that is derived and make it again from the captures",
     "丢弃全部派生数据并由存证重建",
     "Posts, readings, offers, links and sellers are dropped and made again "
     "with today's rules. Captures and ledger are not touched.",
     "删除帖子、解读、报价、关联与卖家，并按当前规则由存证重建。存证与账本不变。",
     "mudlark rebuild",
     mud_cmd_rebuild},
    {"db start",
     "",
     0,
     0,
     no_options,
     "start the private Postgres",
     "启动私有 Postgres",
     "Makes the cluster in MUDLARK_HOME/pg when there is none, starts it and "
     "brings the schema up to date. It listens on a Unix socket only.",
     "如无集群则在 MUDLARK_HOME/pg 创建，启动并升级表结构。仅监听 Unix 套接字。",
     "mudlark db start",
     mud_cmd_db_start},
    {"db stop",
     "",
     0,
     0,
     no_options,
     "stop the private Postgres",
     "停止私有 Postgres",
     "Waits for open transactions to be rolled back.",
     "回滚未完成事务后停止。",
     "mudlark db stop",
     mud_cmd_db_stop},
    {"db status",
     "",
     0,
     0,
     no_options,
     "say how the database does",
     "数据库状态",
     "Exit code 0 when it answers, 1 when not.",
     "可连接返回 0，否则返回 1。",
     "mudlark db status",
     mud_cmd_db_status},
    {"db migrate",
     "",
     0,
     0,
     no_options,
     "bring the schema up to date",
     "升级表结构",
     "Migrations go forward only; each is applied once, with its checksum.",
     "迁移只向前，每个只执行一次并核对校验值。",
     "mudlark db migrate",
     mud_cmd_db_migrate},
    {"db check",
     "",
     0,
     0,
     no_options,
     "check the database's integrity",
     "检查数据库完整性",
     "Indexes, migrations and the rules between tables. Exit code 0 only if "
     "all holds.",
     "检查索引、迁移与表间规则。全部通过才返回 0。",
     "mudlark db check",
     mud_cmd_db_check},
    {"db backup",
     "FILE",
     1,
     1,
     no_options,
     "write a backup of the database",
     "备份数据库",
     "The vault's WARC files are not in it: copy the vault folder beside it. "
     "The file is read back before the command says done.",
     "不含证据库 WARC 文件：请另行复制 vault 目录。完成前会回读校验。",
     "mudlark db backup mudlark-2026-11-24.dump",
     mud_cmd_db_backup},
    {"db restore",
     "FILE",
     1,
     1,
     restore_options,
     "restore a backup into an empty database",
     "恢复备份到空数据库",
     "Refuses a database that holds captures unless --force is given.",
     "数据库已有存证时拒绝，除非给出 --force。",
     "mudlark db restore mudlark-2026-11-24.dump",
     mud_cmd_db_restore},
    {"selftest",
     "",
     0,
     0,
     no_options,
     "check clock, Postgres, vault, disk and tools",
     "自检：时钟、Postgres、证据库、磁盘、工具",
     "Each check says what it found and what to do. Exit code 0 only if all "
     "holds.",
     "逐项检查并说明处理办法。全部通过才返回 0。",
     "mudlark selftest",
     mud_cmd_selftest},
    {"replay",
     "FOLDER",
     1,
     1,
     replay_options,
     "serve a capture folder under its URLs on loopback",
     "在回环地址上重放抓取目录",
     "FOLDER has an index.jsonl (url, file, status, content_type). Each file "
     "answers under the path and query of its URL, on 127.0.0.1 only: a site "
     "to try a source on without going out.",
     "FOLDER 含 index.jsonl。每个文件在其 URL 的路径与查询下应答，仅限 127.0.0.1：用于"
     "离线试验来源。",
     "mudlark replay samples/forum --port 8088",
     mud_cmd_replay},
    {"help",
     "[COMMAND...]",
     0,
     2,
     help_options,
     "explain a command",
     "说明命令",
     "The same as COMMAND --help. With --man, the man page that is built from "
     "the same table.",
     "等同于 命令 --help。--man 输出由同一张表生成的手册页。",
     "mudlark help fetch\nmudlark help --man fetch | man -l -",
     mud_cmd_help},
    {NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
