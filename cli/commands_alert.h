/* The rows of `mudlark alert` for the table of cli/commands.c, which includes
 * them in its midst. */
/* clang-format off */
    {"alert add",
     "NAME QUERY...",
     2,
     -1,
     mud_no_options,
     "save a search that tells what is new",
     "保存查询，有新内容即提示",
     "QUERY as for mudlark search (docs/search.md), without sort:. Posts that "
     "are captured from now on are matched after they were indexed; an advert "
     "that is posted again, also in another form, is one hit with its posts "
     "counted.",
     "QUERY 同 mudlark search（docs/search.zh-CN.md），不含 sort:。此后存证的帖子在入索引后"
     "匹配；同一广告再次发布（含改写）算作一个命中，只计帖子数。",
     "mudlark alert add bots 'category:bots side:sell price:>500CNY'\n"
     "mudlark alert add laowang contact:qq:9812345670",
     mud_cmd_alert_add},
    {"alert list",
     "",
     0,
     0,
     mud_no_options,
     "list saved searches",
     "列出已保存的查询",
     "Each with its hits by state, and why it could not be matched if so.",
     "附各状态的命中数；若无法匹配则说明原因。",
     "mudlark alert list",
     mud_cmd_alert_list},
    {"alert show",
     "NAME",
     1,
     1,
     mud_alert_show_options,
     "show a saved search and its hits",
     "显示查询及其命中",
     "Hits in the order in which they were found, with what was decided on each, "
     "by whom and when.",
     "按发现先后列出命中，以及各命中的处理结果、处理人与时间。",
     "mudlark alert show bots --state new",
     mud_cmd_alert_show},
    {"alert run",
     "[NAME]",
     0,
     1,
     mud_alert_run_options,
     "hand out new hits",
     "输出新命中",
     "Prints hits that were not handed out yet, of all searches that are not "
     "muted or of one, and notes that they were. --spool also writes each as "
     "HIT.json, whole or not at all: a hit that is handed out again after a "
     "crash has the same number and file. --follow goes on until stopped.",
     "输出尚未交付的命中（未静音的全部查询，或指定的一个）并记为已交付。--spool 另将每个命中"
     "写为 HIT.json，要么完整要么没有：崩溃后重新交付的命中编号与文件名不变。--follow 持续"
     "输出直至停止。",
     "mudlark alert run\nmudlark alert run --follow --spool /var/spool/mudlark",
     mud_cmd_alert_run},
    {"alert mark",
     "HIT...",
     1,
     -1,
     mud_alert_mark_options,
     "note what was decided on hits",
     "记录对命中的处理",
     "--state seen, kept, rejected or new, with who says so and when.",
     "--state 为 seen、kept、rejected 或 new，并记录处理人与时间。",
     "mudlark alert mark 17 18 --state rejected --note 'a course, no sale'",
     mud_cmd_alert_mark},
    {"alert mute",
     "NAME",
     1,
     1,
     mud_alert_mute_options,
     "stop matching a saved search, or go on",
     "暂停或恢复匹配",
     "What comes in meanwhile is no hit, not afterwards either.",
     "暂停期间的内容不算命中，恢复后也不补。",
     "mudlark alert mute bots\nmudlark alert mute bots --off",
     mud_cmd_alert_mute},
    {"alert remove",
     "NAME",
     1,
     1,
     mud_no_options,
     "remove a saved search with its hits",
     "删除查询及其命中",
     "What was decided on its hits goes, too.",
     "对其命中的处理记录一并删除。",
     "mudlark alert remove bots",
     mud_cmd_alert_remove},
    {"trends",
     "offers|sellers|prices",
     1,
     1,
     mud_trends_options,
     "figures over time",
     "随时间变化的统计",
     "By week or month: offers and sellers, or new sellers, by category; prices "
     "of products: median, quartiles and n by currency, and an index in CNY "
     "(100 in the first period) by the dated rates of MUDLARK_HOME/rates.tsv; "
     "prices without a rate are left out and counted. Each figure has what was "
     "asked, its id and n; with --as-of it can be made again. A year back unless "
     "--since says another time. docs/search.md has the file of rates.",
     "按周或按月：各类别的报价与卖家数、新卖家数；商品价格按货币给出中位数、四分位数与 n，以及"
     "按 MUDLARK_HOME/rates.tsv 中有日期的汇率折算的人民币指数（首期为 100）；无汇率的价格"
     "不计入但计数。每个数字附所问内容、编号与 n，用 --as-of 可重现。默认回溯一年。汇率文件见 "
     "docs/search.zh-CN.md。",
     "mudlark trends offers --by month --category bots\n"
     "mudlark trends prices --product bot --since 2026-01-01 --as-of 2026-11-01",
     mud_cmd_trends},
    {"rates check",
     "",
     0,
     0,
     mud_no_options,
     "check the file of exchange rates",
     "检查汇率文件",
     "MUDLARK_HOME/rates.tsv, a rate a line: date, currency, what one unit is "
     "worth in CNY, and where that is from, with tabs between. Says how many "
     "there are of each currency and how old the last is.",
     "MUDLARK_HOME/rates.tsv，每行一个汇率：日期、货币、一单位折合人民币、出处，以制表符分隔。"
     "说明每种货币有多少个汇率、最近一个距今多久。",
     "mudlark rates check",
     mud_cmd_rates_check},
