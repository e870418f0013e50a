/* The rows of `mudlark source` for the table of cli/commands.c, which includes
 * them in its midst. */
/* clang-format off */
    {"source add",
     "NAME",
     1,
     1,
     mud_source_add_options,
     "add a source: a forum, a group chat, a feed, or a place for files",
     "添加来源：论坛、群聊、订阅源或文件",
     "Kinds: forum, telegram (public channels), botapi, matrix, xmpp, irc, feed "
     "and folder (a place where exports are dropped) are collected from by "
     "themselves; chat and import take files by hand. "
     "Every source has a legal basis, a scope and an expiry; outside them "
     "nothing is fetched. The host of --url is in scope; --host and --path "
     "widen and narrow it. Private and loopback addresses are refused unless "
     "--allow-private is given.",
     "类型：forum、telegram（公开频道）、botapi、matrix、xmpp、irc、feed 和 folder（投放"
     "导出文件的目录）自动采集；chat 与 import 由人工导入文件。"
     "每个来源都必须有法律依据、范围和截止日期，超出即不抓取。--url 的主机默认在"
     "范围内，--host 与 --path 可扩大或缩小。除非给出 --allow-private，内网与回环"
     "地址一律拒绝。",
     "mudlark source add board --kind forum --url https://forum.example/ "
     "--basis 'order 12/2026' --expires 2027-06-30\n"
     "mudlark source add group --kind chat --basis 'order 12/2026' --expires "
     "2027-06-30",
     mud_cmd_source_add},
    {"source set",
     "NAME",
     1,
     1,
     mud_source_set_options,
     "change settings of a source",
     "修改来源的设置",
     "What is given is changed, all else stays; an empty value clears a setting. "
     "A list (--host, --path, --room) is replaced as a whole; the host of --url "
     "stays in scope. Each change is recorded: who, when, from what to what "
     "(source show lists the last ones). A round under way goes on with the old "
     "settings; the next one has the new.",
     "只改动给出的设置，其余不变；空值表示清除。列表（--host、--path、--room）整体替换，"
     "--url 的主机始终在范围内。每项改动都记录：何人、何时、由何值改为何值"
     "（source show 显示最近的改动）。正在进行的一轮沿用旧设置，下一轮生效。",
     "mudlark source set board --delay 4000 --hours 08:00-23:30\n"
     "mudlark source set board --proxy '' --note 'the site is back'",
     mud_cmd_source_set},
    {"source cookies",
     "NAME FILE",
     2,
     2,
     mud_source_cookies_options,
     "hand in cookies of a browser that passed a wall",
     "交入已通过验证的浏览器的 cookie",
     "FILE is a cookies.txt, JSON as browser extensions, DevTools or Playwright "
     "write it, or the text of a Cookie header; - reads it from the standard "
     "input. Only cookies for hosts in the source's scope are taken, and none that "
     "is over; they are kept in MUDLARK_HOME/cookies, readable by their owner "
     "alone, and are in no capture or log. A source that a wall had stopped goes "
     "on. Most checks bind the cookie to the browser's name and address: give "
     "--user-agent, and let that browser go through the same proxy. Delete FILE "
     "afterwards: whoever holds it is logged in.",
     "FILE 可以是 cookies.txt，浏览器扩展、DevTools 或 Playwright 导出的 JSON，或 Cookie "
     "请求头文本；- 表示从标准输入读取。只收下来源范围内主机的、未过期的 cookie，保存在 "
     "MUDLARK_HOME/cookies 下，仅所有者可读，不进入存证和日志。被拦截而停止的来源随即"
     "恢复。多数验证把 cookie 与浏览器标识和地址绑定：请给出 --user-agent，并让该浏览器"
     "走同一代理。用后请删除 FILE：持有者等同已登录。",
     "mudlark source cookies board cookies.txt --user-agent 'Mozilla/5.0 ...'",
     mud_cmd_source_cookies},
    {"account add",
     "SOURCE ACCOUNT",
     2,
     2,
     mud_account_add_options,
     "read a forum with an account that logs in",
     "用会登录的账号读取论坛",
     "ACCOUNT is a name of yours: the user name and the password stand in the file "
     "secrets/ACCOUNT of MUDLARK_HOME (\"user = ...\", \"password = ...\"; mode "
     "600), or in the environment (MUDLARK_SECRET_ACCOUNT_USER, ..._PASSWORD), and "
     "nowhere else; questionid and answer go there too, where a board asks. A round is "
     "read with one account, the one that was used longest ago and whose hours are "
     "open; another takes over when it is turned away. How one logs in is in the "
     "description of the engine: Discuz!, phpBB, MyBB, SMF, FluxBB, NodeBB, Xiuno, "
     "vBulletin 3 and 4, XenForo 2, phpwind. Nothing else is ever sent to a board. "
     "The address of the form must be in the source's scope.\n\nAn account that the "
     "board refuses (password, captcha, ban, second factor), or whose password was "
     "sent twice in vain, is locked: nothing more is tried with it until account "
     "resume.",
     "ACCOUNT 是自取的名称：用户名和密码写在 MUDLARK_HOME 下的 secrets/ACCOUNT 文件"
     "（“user = ...”“password = ...”，权限 600）或环境变量"
     "（MUDLARK_SECRET_ACCOUNT_USER、..._PASSWORD）中，别处一概不存；论坛要求安全提问时"
     "也在此写 questionid 与 answer。每轮用一个账号读取：在时段内且最久未用者；被拒时由下一"
     "个账号接替。登录方式见引擎描述：Discuz!、phpBB、MyBB、SMF、FluxBB、NodeBB、Xiuno、"
     "vBulletin 3/4、XenForo 2、phpwind。除登录表单外不向论坛提交任何内容。登录页地址必须在"
     "来源范围内。\n\n账号被论坛拒绝（密码、验证码、封禁、二次验证），或密码两次提交无效，"
     "即被锁定：在 account resume 之前不再尝试。",
     "mudlark account add board alpha\n"
     "mudlark account add board beta --proxy socks5h://127.0.0.1:9050 --hours "
     "08:00-23:30",
     mud_cmd_account_add},
    {"account list",
     "[SOURCE]",
     0,
     1,
     mud_no_options,
     "list the accounts of a source, or of all",
     "列出来源的账号，或全部账号",
     "Whether each may log in, why not, and when the board let it in last. The one on "
     "top reads the next round.",
     "列出每个账号能否登录、原因，以及上次登录成功的时间。最上面的账号读取下一轮。",
     "mudlark account list board",
     mud_cmd_account_list},
    {"account resume",
     "SOURCE ACCOUNT",
     2,
     2,
     mud_no_options,
     "let a locked account log in again",
     "恢复被锁定的账号",
     "Look at the board first, in a browser that goes the same way: is the password "
     "right, does it ask for a captcha? source cookies hands in the cookies of a "
     "browser that is logged in. Then the account has two tries again.",
     "请先用走相同线路的浏览器查看论坛：密码是否正确，是否要求验证码？可用 source cookies "
     "交入已登录浏览器的 cookie。恢复后账号重新有两次机会。",
     "mudlark account resume board alpha",
     mud_cmd_account_resume},
    {"account remove",
     "SOURCE ACCOUNT",
     2,
     2,
     mud_no_options,
     "take an account from a source",
     "从来源移除账号",
     "What was fetched with it stays, and says so. Its file among the secrets stays "
     "too.",
     "用它抓取的内容保留并注明。其 secrets 文件也不会删除。",
     "mudlark account remove board alpha",
     mud_cmd_account_remove},
    {"source list",
     "",
     0,
     0,
     mud_no_options,
     "list the sources",
     "列出来源",
     "One line a source: name, kind and condition; how long ago its last round "
     "went well and its newest post was written; in how long its next round is; "
     "pages that wait; the share of its requests that failed in the hours of its "
     "error budget; and what is amiss, or where it begins. Conditions: good, new, "
     "reading (a worker is at it), behind (pages wait), files (taken by hand), "
     "closed (out of its hours), late (due for half an hour: no worker runs), "
     "failing (its last round failed; it is tried again later each time, up to six "
     "hours), paused, stopped (by Mudlark; the note says why), expired. DRIFT and a "
     "number mark a source that is not read as well as it was, LOCKED and a number "
     "accounts that may not log in any more (account list). source show says "
     "more of each.",
     "每行一个来源：名称、类型、状况；上次成功与最新帖距今多久；距下一轮多久；待抓页数；"
     "错误预算时段内失败请求的比例；以及问题说明或起始地址。状况：正常、新、采集中（有工作"
     "进程正在读取）、积压（有页面待抓）、文件（人工导入）、时段外、逾期（到期已半小时，"
     "无工作进程）、失败（上一轮失败，重试间隔逐次加长，至多六小时）、已暂停、已停止（由 "
     "Mudlark 停止，附原因）、已过期。带“漂移”及数字的来源解析质量下降，带“锁定”及数字的来源有账号被锁定（account list）。详见 source show。",
     "mudlark source list",
     mud_cmd_source_list},
    {"source show",
     "NAME",
     1,
     1,
     mud_no_options,
     "show one source",
     "显示单个来源",
     "Everything that is set for the source; its condition and what to do; next "
     "and last rounds; requests, what failed and what was skipped, by reason, each "
     "with an example; what is covered; alarms of drift, those that ended "
     "too: which field or kind of page, the selector of the engine's "
     "description, the share before and now, an example; and how much it lacks "
     "by its own counts (source gaps lists it).\n\nDrift is looked for after "
     "each round: the newest 12 to 96 pages of an engine and kind against up to "
     "480 before them, by a test of two shares with pages as clusters. An alarm "
     "ends by itself when the share is back.",
     "显示来源的全部设置；状况及处理办法；上一轮与下一轮；请求数、按原因统计的失败与跳过"
     "及示例；覆盖范围；解析漂移警报（含已结束的）：哪个字段或哪类页面、引擎描述中的"
     "选择器、此前与现在的比例、示例；以及按站点自身计数的缺失量（source gaps 列出明细）。"
     "\n\n每轮之后检查漂移：同一引擎与页面类型的最近 12 至 96 页对比此前最多 480 页，"
     "采用以页面为簇的两比例检验。比例恢复后警报自动结束。",
     "mudlark source show board",
     mud_cmd_source_show},
    {"source test",
     "URL|FILE",
     1,
     1,
     mud_source_test_options,
     "show what is recognised in a page",
     "显示对网页的识别结果",
     "Engine, kind of page, and for each field of its posts how many have it, "
     "with an example; fields whose selector found nothing are named. An "
     "address is fetched once, under the limits of every round: its own host "
     "alone, or with --source the scope, the proxy and the bytes of the day of "
     "that source; addresses that are not public are refused. Nothing is "
     "stored or sealed: it is the reading that is tried on, perhaps before "
     "there is a basis to collect; what is to be evidence comes with a round. "
     "Exit 3 when the page is not recognised or not whole, or its posts lack "
     "author, time or body.",
     "显示引擎、页面类型，以及帖子各字段的填充数与示例；列出未找到内容的选择器。"
     "给出网址时按常规限制抓取一次：仅限其自身主机，或用 --source 采用该来源的范围、"
     "代理与当日流量；非公网地址一律拒绝。不存储、不封存：这里只试读，此时可能尚无采集"
     "依据，作为证据的内容由正式抓取取得。页面无法识别或不完整，或帖子缺少作者、时间、"
     "正文时退出码为 3。",
     "mudlark source test page.html --url https://forum.example/t/9\n"
     "mudlark source test https://forum.example/t/9 --source board",
     mud_cmd_source_test},
    {"source gaps",
     "NAME",
     1,
     1,
     mud_source_gaps_options,
     "show what a source lacks, by its own counts",
     "按来源自身的计数显示缺失内容",
     "Per board and thread: posts that the site states, posts held, how many are "
     "missing, pages that were never read or came to nothing, and since when. Of "
     "chats: stretches of message ids or times that no export covers, and "
     "replies to messages that are not held. Posts that were held and are gone "
     "from the site count as held, not as missing.",
     "按版块与主题：站点显示的帖数、已存帖数、缺失数、从未读取或读取失败的页面及起始"
     "时间。聊天记录：没有导出覆盖的消息编号或时间段，以及对未存消息的回复。已存而站点"
     "上已消失的帖子算作已存，不算缺失。",
     "mudlark source gaps board --limit 20",
     mud_cmd_source_gaps},
    {"source rooms",
     "NAME",
     1,
     1,
     mud_no_options,
     "list the public rooms on the servers of an xmpp source",
     "列出 xmpp 来源所在服务器的公开聊天室",
     "Asks the servers on which its rooms are (or, when it names none, its own "
     "server) which rooms they show to everybody. Nothing is entered, sealed or "
     "stored; a room is read once it is named with source set --room.",
     "询问其聊天室所在的服务器（未指定聊天室时询问自身服务器）公开了哪些聊天室。不进入、"
     "不封存、不存储；用 source set --room 指定之后才会读取。",
     "mudlark source rooms chat",
     mud_cmd_source_rooms},
    {"source suggest",
     "",
     0,
     0,
     mud_source_suggest_options,
     "propose places to watch that stored posts point to",
     "从已存帖子中推荐值得监测的群组与频道",
     "Invite links and group numbers that stored posts name, and channels that "
     "messages were forwarded from: how many posts name them, how many of these "
     "are offers, by how many sellers, since when, and the first post. Nothing "
     "is joined or fetched because of them: an analyst approves or refuses each, "
     "which is kept with name and time.",
     "列出已存帖子中出现的邀请链接、群号，以及消息的转发来源频道：提到的帖数、其中要约"
     "数、卖家数、起止时间与首个帖子。不会因此加入或抓取任何群组；由分析员逐个批准或拒绝，"
     "并记录姓名与时间。",
     "mudlark source suggest --min 3\nmudlark source approve telegram_invite "
     "AbCdEf --note 'case 12'",
     mud_cmd_source_suggest},
    {"source approve",
     "KIND VALUE",
     2,
     2,
     mud_source_judge_options,
     "approve a place that source suggest proposes",
     "批准 source suggest 推荐的群组",
     "Keeps who approved it and when. To read it, add it as a source.",
     "记录批准人与时间。要采集请用 source add 添加为来源。",
     "mudlark source approve qq_group 900011223",
     mud_cmd_source_approve},
    {"source refuse",
     "KIND VALUE",
     2,
     2,
     mud_source_judge_options,
     "refuse a place that source suggest proposes",
     "拒绝 source suggest 推荐的群组",
     "It is not proposed again; source suggest --all shows it.",
     "此后不再推荐；source suggest --all 仍可查看。",
     "mudlark source refuse qq_group 900011223 --note 'a game'",
     mud_cmd_source_refuse},
    {"source pause",
     "NAME",
     1,
     1,
     mud_no_options,
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
     mud_no_options,
     "fetch a paused or stopped source again",
     "恢复来源",
     "The source is active again and due at once: what a person paused, what was "
     "stopped because of a wall or of errors, and what is being left alone for a "
     "while. It goes on with the pages that wait.",
     "来源恢复为活动状态并立即可抓取：包括人工暂停的、因拦截或错误而停止的，以及暂缓"
     "重试的来源。从尚未抓取的页面继续。",
     "mudlark source resume board",
     mud_cmd_source_resume},
    {"source remove",
     "NAME",
     1,
     1,
     mud_no_options,
     "remove a source that holds no evidence",
     "删除没有证据的来源",
     "A source with captures cannot be removed, only paused: evidence keeps "
     "its source.",
     "已有存证的来源不能删除，只能暂停：证据必须保留其来源。",
     "mudlark source remove typo",
     mud_cmd_source_remove},
