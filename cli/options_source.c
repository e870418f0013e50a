/* Options of the commands `mudlark source ...`. */
#include "cli/option_rows.h"
#include "cli/options.h"

/* What is said when a source is added and can be changed later. */
/* clang-format off */
#define SETTINGS                                                               \
    VALUE("url", 'u', "URL", "where it begins, or the server",                 \
          "起始地址或服务器"),                                                 \
    VALUES("room", 0, "NAME", "a room, channel or chat to read",               \
           "要读取的群组、频道或聊天室"),                                      \
    VALUE("account", 0, "NAME",                                                \
          "whose log-in it uses: file secrets/NAME of MUDLARK_HOME",           \
          "使用的账号：MUDLARK_HOME 下的 secrets/NAME 文件"),                  \
    VALUE("join", 0, "WHEN",                                                   \
          "rooms of kind xmpp are entered, which all in them see: never "      \
          "(default: archives only), needed (no archive) or always",           \
          "是否进入 xmpp 聊天室（室内所有人可见）：never（默认，仅读存档）、"  \
          "needed（无存档时）或 always"),                                      \
    VALUE("robots", 0, "POLICY",                                               \
          "what robots.txt forbids: ignore (default), note or obey",           \
          "robots.txt 禁止的页面：ignore（默认）、note 或 obey"),              \
    VALUE("folder", 0, "DIR", "where exports are dropped (kind folder)",       \
          "投放导出文件的目录（folder 类型）"),                                \
    VALUE("every", 0, "SECONDS", "between rounds, instead of up --every",      \
          "两轮采集的间隔秒数，替代 up --every"),                              \
    VALUE("error-share", 0, "PERCENT",                                         \
          "stop when more of its requests fail (50; 100: never)",              \
          "失败请求超过该百分比即停止（默认 50；100 为从不）"),                \
    VALUE("error-hours", 0, "HOURS", "within the last N hours (24)",           \
          "按最近 N 小时计算（默认 24）"),                                     \
    VALUE("error-least", 0, "N", "once so many were made (20)",                \
          "至少 N 次请求后才计算（默认 20）"),                                 \
    VALUE("charset", 0, "NAME",                                                \
          "of what is no UTF-8 (kind irc; gb18030)",                           \
          "非 UTF-8 文本的编码（irc 类型，默认 gb18030）"),                    \
    VALUES("host", 0, "HOST", "further host in scope, *.name for below",       \
           "范围内的其他主机，可用 *.name"),                                   \
    VALUES("path", 0, "PREFIX",                                                \
           "only this path and below; /thread-* by its beginning",             \
           "仅限该路径及其下；/thread-* 按开头匹配"),                          \
    VALUE("zone", 'z', "ZONE", "time zone of the site, such as +08:00",        \
          "站点时区，如 +08:00"),                                              \
    VALUE("hours", 0, "HOURS",                                                 \
          "fetch only then, such as 08:00-12:00,20:00-02:00 (its zone)",       \
          "仅在这些时段抓取，如 08:00-12:00,20:00-02:00（站点时区）"),         \
    VALUE("delay", 0, "MS", "pause between fetches of a host (1000)",          \
          "同一主机两次抓取的间隔毫秒（默认 1000）"),                          \
    VALUE("parallel", 0, "N", "fetches at a time per host (1)",                \
          "同一主机的并发数（默认 1）"),                                       \
    VALUE("proxy", 0, "URL", "http:// or socks5h://; nothing goes around it",  \
          "http:// 或 socks5h:// 代理；不绕过代理直连"),                       \
    VALUE("user-agent", 0, "TEXT", "instead of a current browser's",           \
          "替换默认的浏览器标识"),                                             \
    VALUE("page-bytes", 0, "N", "most bytes of a page (16777216)",             \
          "单页最大字节数（默认 16777216）"),                                  \
    VALUE("day-pages", 0, "N", "most pages a day; 0: as usual for its kind", \
          "每日最多页数；0 为该类来源的默认值"),                                           \
    VALUE("page-time", 0, "SECONDS", "longest request (60)",                   \
          "单次请求最长秒数（默认 60）"),                                      \
    VALUE("round-time", 0, "SECONDS",                                          \
          "longest round; its pages go on in the next one; 0: no limit",       \
          "一轮最长秒数，其余页面下一轮继续；0 为不限"),                       \
    VALUES("header", 0, "TEXT",                                                \
           "'Name: value' sent with each request; no cookie or log-in",        \
           "随每次请求发送的 '名称: 值'；不得含 cookie 或登录信息"),           \
    VALUE("day-bytes", 0, "N", "most bytes a day (1073741824)",                \
          "每日最大字节数（默认 1073741824）")
/* clang-format on */

const struct mud_option mud_source_add_options[] = {
    VALUE("kind", 'k', "KIND", "see above (forum with --url, else import)",
          "类型，见上（有 --url 时为 forum，否则为 import）"),
    VALUE("basis", 'b', "TEXT", "legal basis for collecting here (required)",
          "采集的法律依据（必填）"),
    VALUE("expires", 'e', "DATE", "last day, YYYY-MM-DD (required)",
          "截止日期 YYYY-MM-DD（必填）"),
    SETTINGS,
    SWITCH("allow-private", 0, "private and loopback addresses are in scope",
           "允许内网与回环地址"),
    SWITCH("any-certificate", 0,
           "TLS with any certificate and of any age; both are recorded",
           "接受任何证书与旧版 TLS，并如实记录"),
    SWITCH("plain", 0, "xmpp without TLS, to a server on this machine only",
           "xmpp 不用 TLS，仅限本机服务器"),
    SWITCH("media", 0, "images of its posts may be taken and read",
           "允许留存并读取帖子中的图片"),
    SWITCH("rejoin", 0, "enter a room again after a kick (kind irc)",
           "被踢出后重新加入（irc 类型）"),
    END,
};

const struct mud_option mud_source_set_options[] = {
    VALUE("basis", 'b', "TEXT", "legal basis for collecting here",
          "采集的法律依据"),
    VALUE("expires", 'e', "DATE", "last day, YYYY-MM-DD",
          "截止日期 YYYY-MM-DD"),
    SETTINGS,
    VALUE("allow-private", 0, "yes|no",
          "private and loopback addresses are in scope", "允许内网与回环地址"),
    VALUE("any-certificate", 0, "yes|no",
          "TLS with any certificate and of any age; both are recorded",
          "接受任何证书与旧版 TLS，并如实记录"),
    VALUE("plain", 0, "yes|no",
          "xmpp without TLS, to a server on this machine only",
          "xmpp 不用 TLS，仅限本机服务器"),
    VALUE("media", 0, "yes|no", "images of its posts may be taken and read",
          "允许留存并读取帖子中的图片"),
    VALUE("rejoin", 0, "yes|no", "enter a room again after a kick (kind irc)",
          "被踢出后重新加入（irc 类型）"),
    VALUE("note", 0, "TEXT", "why, for the record", "原因，记入历史"),
    END,
};

const struct mud_option mud_source_cookies_options[] = {
    VALUE("user-agent", 0, "TEXT",
          "the name of the browser that they are from (navigator.userAgent)",
          "产生这些 cookie 的浏览器标识（navigator.userAgent）"),
    VALUE("account", 0, "NAME", "of this account, not of the guest",
          "属于该账号，而非游客"),
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

const struct mud_option mud_account_add_options[] = {
    VALUE("proxy", 0, "URL", "instead of the source's: http:// or socks5h://",
          "替代来源的代理：http:// 或 socks5h://"),
    VALUE("hours", 0, "HOURS",
          "only then, and in the source's hours, such as 08:00-23:30",
          "仅在此时段（并在来源时段内），如 08:00-23:30"),
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
