#include "cli/cmd.h"
#include "cli/options.h"

const struct mud_command mud_commands[] = {
    {"up",
     "",
     0,
     0,
     mud_up_options,
     "start all: database, rounds of fetching and reading, until stopped",
     "启动全部：数据库、循环抓取与解读，直到停止",
     "Starts the private Postgres if MUDLARK_DSN names none, brings the schema "
     "up to date, then fetches every active source when it is due, reads what "
     "came and links it, until it is stopped with Ctrl-C. All forums are "
     "crawled at once, each at its own pace; sources that are asked now and "
     "then, those that are listened to, and the linking are processes of their "
     "own, so that none waits for another; one that dies is started again. Each "
     "round says what was read, what was skipped and why. --once: a round of "
     "all that is due, then a summary of all that is held.",
     "若未设置 MUDLARK_DSN 则启动私有 Postgres，升级表结构，然后按期抓取所有"
     "活动来源并解读入库，按 Ctrl-C 停止。所有论坛同时抓取，各按自己的节奏；轮询来源、"
     "实时监听来源与关联分析各为独立进程，互不等待，异常退出者自动重启。每轮都说明读了什么、"
     "跳过了什么及原因。--once：到期来源各一轮，随后给出全部内容的摘要。",
     "mudlark up\nmudlark up --once",
     mud_cmd_up},
    {"work",
     "",
     0,
     0,
     mud_work_options,
     "be a worker: rounds of fetching and reading, until stopped",
     "作为工作进程循环抓取与解读，直到停止",
     "The same as up, without its summary. Any number of workers share one "
     "Postgres (MUDLARK_DSN) on any hosts; every source is read by one of them "
     "at a time, so that its pace holds over all. A worker may be killed at any "
     "moment; what it held is taken up by the next.",
     "与 up 相同，但不输出摘要。任意多个工作进程可在多台主机上共用同一 Postgres"
     "（MUDLARK_DSN）：每个来源同一时刻只由一个工作进程读取，因而总体仍守其节奏。工作进程"
     "可随时被终止，未完成的任务由下一个进程接手。",
     "mudlark work --every 300",
     mud_cmd_work},
#include "cli/commands_source.h"
    {"fetch",
     "[NAME...]",
     0,
     -1,
     mud_fetch_options,
     "fetch sources for one round, seal and read what came",
     "抓取来源一轮，封存并解读",
     "The first round of a forum walks index, boards, threads and all pages "
     "once. Later rounds fetch the listings and what they tell to be new, and "
     "look at older pages for edits and deletions, at the pace at which each "
     "board was seen to change; --all fetches every page again. Every page is "
     "sealed as evidence before it is parsed. Without names: all active "
     "sources. Exit code 3 when some pages were skipped; stderr says why.",
     "首轮遍历论坛首页、版块、主题及其全部分页各一次；之后各轮只抓取列表页和列表显示"
     "有新帖的页面，并按各版块的实际变化频率复查旧页的编辑与删除；--all 重新抓取全部"
     "页面。每页先封存为证据再解析。不带名称则抓取所有活动来源。若有页面被跳过则退出码为 3，原因见标准错误。",
     "mudlark fetch\nmudlark fetch board --max-pages 50",
     mud_cmd_fetch},
    {"import",
     "PATH...",
     1,
     -1,
     mud_import_options,
     "take in files as evidence and read them",
     "导入文件作为证据并解读",
     "Seals chat exports, saved pages, WARC files and capture folders exactly "
     "as they were handed over, with who supplied them, then reads them the "
     "same way as what was fetched. A file that is already held is not taken "
     "twice. Images that the messages of an export name, beside it or in its "
     "archive, are taken and read with them where the source allows media "
     "(source add --media); else images, sound and film stay out.",
     "按原样封存聊天导出、网页、WARC 文件和抓取目录，并记录提供人，随后与抓取内容"
     "同样解读。已有的文件不会重复导入。来源允许媒体（source add --media）时，导出文件中"
     "消息所引用的图片（位于同一目录或归档内）一并封存并解读；否则不留存图片、音频和视频。",
     "mudlark import result.json --source group --supplier 'Officer Li'\n"
     "mudlark import saved.warc.gz --source board",
     mud_cmd_import},
    {"posts",
     "",
     0,
     0,
     mud_query_options,
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
     mud_offers_options,
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
     mud_sellers_options,
     "print sellers, the weightiest first",
     "输出卖家，按重要性排序",
     "Actors: personas and contacts held together by claims. Each with "
     "categories, prices, contacts, and a score with its reasons. --sold: who "
     "offered that, in the time of --in, by the posts that say so; the query it "
     "is comes with each (docs/search.md).",
     "卖家由身份与联系方式通过断言连接而成，附类别、价格、联系方式及有理由的评分。"
     "--sold：在 --in 的时间内谁卖过该物，以帖子为据；每条附所用查询（docs/search.zh-CN.md）。",
     "mudlark sellers -n 10\nmudlark sellers --sold 肉鸡 --in 2026-03",
     mud_cmd_sellers},
    {"contacts",
     "",
     0,
     0,
     mud_contacts_options,
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
     mud_search_options,
     "search the posts",
     "搜索帖子",
     "All words must stand in the text; \"quoted words\" as a phrase, -word not, "
     "A OR B one of both, (brackets) group, bot* begins so. Chinese, "
     "Traditional or Simplified, full-width forms and English word forms find "
     "each other.\n\n"
     "Facets: category: side: (sell buy recruit) source: board: lang: contact: "
     "(qq:981...) actor: seller: author: product: price: (>500CNY, 1..10) time: "
     "(2026-03, A..B) since: until: field: (text title signature attachment) "
     "is: (offer edited deleted blocked forward reply) has: (image link contact "
     "price); several values with commas. sort:newest, sort:oldest or "
     "sort:best, which says why. Newest first: by when the text was seen last. "
     "docs/search.md has all of it. Put -- before a query with a -word.",
     "所有词都须出现；引号内为短语，-词 为排除，A OR B 为二者之一，括号分组，bot* 为前缀。"
     "简繁体、全角半角、英文词形互通。\n\n"
     "分面：category: side:（sell buy recruit）source: board: lang: contact:"
     "（qq:981……）actor: seller: author: product: price:（>500CNY、1..10）time:"
     "（2026-03、A..B）since: until: field:（text title signature attachment）"
     "is:（offer edited deleted blocked forward reply）has:（image link contact "
     "price）；多个值以逗号分隔。sort:newest、sort:oldest 或 sort:best（附理由）。"
     "默认按文本最近出现的时间，新的在前。详见 docs/search.zh-CN.md。查询含 -词 时前面加 --。",
     "mudlark search 肉鸡 出售\nmudlark search '\"量大从优\"'\n"
     "mudlark search 'category:bots side:sell price:>500CNY time:2026-03'\n"
     "mudlark search --facets -- '(肉鸡 OR bot*) -转让'",
     mud_cmd_search},
    {"show",
     "ID|ADDRESS",
     1,
     1,
     mud_show_options,
     "show a capture, post, entity or seller",
     "显示存证、帖子、实体或卖家",
     "For a capture: headers, digest, place in the WARC file, ledger line; "
     "--verify hashes the bytes again. For a post: its revisions and what was "
     "read in it; --history: all its texts and what changed. For an entity or "
     "seller: what is known and from where. --as-of TIME: what a post said then, "
     "or what the page of that address said: the capture in force, and its "
     "posts as they stood.",
     "存证：头部、校验值、WARC 位置、账本行；--verify 立即重算。帖子：各版本及解读。"
     "--history 列出全部版本及差异。实体或卖家：已知内容及出处。--as-of 时间：帖子当时的"
     "内容，或该网址页面当时的内容（当时有效的存证及各帖当时的版本）。",
     "mudlark show 3f2b6c1e-0000-0000-0000-000000000000 --verify\n"
     "mudlark show https://forum.example/thread-5-1-1.html --as-of 2026-03-05",
     mud_cmd_show},
    {"similar",
     "ID|SHA256|IMAGE",
     1,
     1,
     mud_similar_options,
     "show where the same advert was posted again",
     "显示同一广告的重复发布",
     "Near-duplicates of a post, text or template: the same advert with other "
     "contacts, prices, emoji, spacing, order of lines, a header or footer, a "
     "few words swapped, or in Traditional characters. First who posted it how "
     "often, then each post, the oldest first, how alike it is, and which "
     "contacts, prices and quantities it has (+) and has not (-) that the post "
     "asked for has. Of an image file, or one that was read (its SHA-256): the "
     "posts that show the same picture, also saved anew, scaled, cut a little "
     "or marked, the nearest first. The same advert under many names is a "
     "hint, no proof: adverts are copied.",
     "某帖子、文本或模板的近似重复：同一广告换了联系方式、价格、表情、空格、行序，加了"
     "页眉页脚，换了几个词，或改用繁体。先列出谁发布了多少次，再从旧到新逐条列出帖子、"
     "相似度，以及与所查帖子相比多出（+）和缺少（-）的联系方式、价格与数量。给出图片"
     "文件或已读图片的 SHA-256 时，列出展示同一图片的帖子（含重新保存、缩放、轻微裁剪"
     "或加水印的），最接近者在前。同一广告出现在多个名下只是线索而非证据：广告会被抄袭。",
     "mudlark similar 3f2b6c1e-0000-0000-0000-000000000000",
     mud_cmd_similar},
    {"why",
     "A B",
     2,
     2,
     mud_no_options,
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
     mud_no_options,
     "what is held, in figures",
     "统计",
     "Sources, captures, bytes, posts, offers, contacts, sellers, what was "
     "skipped, by reason; sources by condition, and the workers with when they "
     "were last seen.",
     "来源、存证、字节、帖子、报价、联系方式、卖家，按原因统计的跳过项；按状况统计的来源，"
     "以及各工作进程及其最近活动时间。",
     "mudlark stats",
     mud_cmd_stats},
    {"parse",
     "PATH...",
     1,
     -1,
     mud_parse_options,
     "print what is in pages and exports (no database)",
     "解析网页与导出文件（不需数据库）",
     "PATH is an .html file, a .warc.gz, a folder with index.jsonl, a chat "
     "export (by itself, in a zip or tar archive, or in a folder; which ones: "
     "docs/chats.md), or an image (PNG, JPEG, GIF, WebP). Prints page, thread, "
     "post, image and note records. Pages are parsed, and images decoded, in a "
     "worker process with limits. An image gives the text of QR codes and of "
     "print, each with its box in pixels, and a likeness to find the same "
     "picture again; for that, build after scripts/deps ocr.",
     "PATH 可为 .html、.warc.gz、含 index.jsonl 的目录、聊天导出（单个文件、"
     "zip 或 tar 包、目录；见 docs/chats.zh-CN.md）或图片（PNG、"
     "JPEG、GIF、WebP）。输出 page、thread、post、image、note 记录。网页解析与"
     "图片解码均在受限子进程中进行。图片给出二维码与印刷文字及其像素位置，并给出"
     "图像指纹以查找同一图片；此功能须先运行 scripts/deps ocr 再编译。",
     "mudlark parse page.html --url https://forum.example/thread-5-1-1.html\n"
     "mudlark parse result.json | mudlark extract",
     mud_cmd_parse},
    {"tokenize",
     "",
     0,
     0,
     mud_no_options,
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
     mud_extract_options,
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
     mud_verify_options,
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
     mud_verify_options,
     "verify the chain of the ledger",
     "校验账本链",
     "Walks the ledger in Postgres and its mirror file, line by line, and holds "
     "it against every anchor in the database, in MUDLARK_HOME/ledger/anchors "
     "and in the second place: that shows an end that was cut off. Checks every "
     "signature and time stamp, and says what is unsigned or unstamped.",
     "逐行核对 Postgres 中的账本及其镜像文件，并与数据库、MUDLARK_HOME/ledger/anchors "
     "及第二存放处的每个锚点比对：由此可发现被截去的末尾。逐一校验签名与时间戳，并说明哪些"
     "未签名或未加盖时间戳。",
     "mudlark ledger verify",
     mud_cmd_ledger_verify},
    {"ledger export",
     "",
     0,
     0,
     mud_no_options,
     "print the ledger's lines",
     "输出账本",
     "The exact bytes of every line, to be checked with other tools.",
     "逐行输出账本原文，可用其他工具核对。",
     "mudlark ledger export > l.jsonl",
     mud_cmd_ledger_export},
    {"ledger anchor",
     "",
     0,
     0,
     mud_anchor_options,
     "put down what the ledger is at the end of each day",
     "为账本每一天的内容生成锚点",
     "The Merkle root (RFC 9162) over the ledger's lines of each day (UTC) that "
     "is over goes into the database, the ledger, MUDLARK_HOME/ledger/anchors "
     "and the folder that mudlark.conf names ([ledger] copy = FOLDER), which "
     "should be where others keep it. Each is signed when there is a key (mudlark "
     "ledger key), and stamped by a time stamp authority when one is set "
     "([ledger] stamp, stamp_ca): see docs/evidence.md. One that does not "
     "answer is asked again later. up and work do all this by themselves. "
     "--now: today as well, as far as it is. Exit code 3: not stamped now.",
     "对每个已结束的日期（UTC）的账本行计算 Merkle 根（RFC 9162），写入数据库、账本、"
     "MUDLARK_HOME/ledger/anchors 以及 mudlark.conf 所指定的文件夹（[ledger] copy = "
     "文件夹，宜由他人保管）。有密钥（mudlark ledger key）时逐一签名；设定了时间戳机构"
     "（[ledger] stamp、stamp_ca）时逐一加盖时间戳，见 docs/evidence.zh-CN.md；机构无应答则"
     "稍后重试。up 与 work 会自动执行。--now：今日截至此刻的部分也一并生成。退出码 3：此次"
     "未能加盖时间戳。",
     "mudlark ledger anchor --now",
     mud_cmd_ledger_anchor},
    {"ledger status",
     "",
     0,
     0,
     mud_no_options,
     "show how far the ledger is anchored",
     "显示账本锚定的进度",
     "Lines, the head (digest of the last line), days that are anchored, how many "
     "lines are in no anchor since when, and which anchors are unsigned or "
     "unstamped since when, and why.",
     "行数、账本头（最后一行的校验值）、已锚定的天数，自何时起有多少行尚未锚定，以及自何时起"
     "有哪些锚点未签名或未加盖时间戳及其原因。",
     "mudlark ledger status",
     mud_cmd_ledger_status},
    {"ledger proof",
     "CAPTURE",
     1,
     1,
     mud_no_options,
     "prove that a capture is in an anchor",
     "证明某存证包含于锚点之中",
     "One JSON object: the capture's ledger line, the hashes that lead from it "
     "to the Merkle root, and the anchor. Whoever has the anchor from elsewhere "
     "checks it with scripts/verify-anchor.py and needs nothing else of the "
     "ledger.",
     "输出一个 JSON 对象：该存证的账本行、由此通往 Merkle 根的各哈希值，以及锚点。持有另行"
     "保存之锚点的人可用 scripts/verify-anchor.py 核对，无需账本的其他内容。",
     "mudlark ledger proof 3f2b6c1e-0000-0000-0000-000000000000 > proof.json",
     mud_cmd_ledger_proof},
    {"ledger key",
     "new",
     1,
     1,
     mud_key_options,
     "make the key that signs the ledger's anchors",
     "生成用于签署账本锚点的密钥",
     "A key (P-256) in MUDLARK_HOME/keys/ledger.key, which only its owner may "
     "read, and a certificate that it signs itself, for ten years, in "
     "keys/ledger.pem: hand that to whoever is to believe it. A key with a "
     "certificate of a CA is set in mudlark.conf instead ([ledger] key, "
     "certificate). --replace: another one; the old certificate is kept, so "
     "that what was signed with it still holds.",
     "在 MUDLARK_HOME/keys/ledger.key 中生成仅属主可读的密钥（P-256），并在 "
     "keys/ledger.pem 中生成有效期十年的自签名证书，请将证书交给需要信任它的人。由 CA "
     "签发证书的密钥请在 mudlark.conf 中设定（[ledger] key、certificate）。--replace：更换"
     "密钥；旧证书予以保留，此前的签名仍然有效。",
     "mudlark ledger key new --name \"CERT of Example\"",
     mud_cmd_ledger_key},
    {"witness",
     "CAPTURE",
     1,
     1,
     mud_witness_options,
     "capture the same address once more, and compare",
     "对同一地址再次采集并比对",
     "A second witness of a page: run it on another machine that has the vault "
     "and database, or with another --proxy. Both records are shown side by "
     "side; = the same, ~ may differ, ! should not. Where the bytes differ, the "
     "posts that are read from both tell whether it is only what the page makes "
     "anew each time. --with takes a capture that is there already. Exit code "
     "3: the posts differ, or there are none to tell by. mudlark show lists the "
     "witnesses of a capture.",
     "为某页面取得第二见证：请在可访问同一存证库与数据库的另一台主机上运行，或改用其他 "
     "--proxy。两份记录并排显示：= 相同，~ 可以不同，! 本应相同。字节不同时，以两者所读帖子判断"
     "差异是否仅为页面每次生成的部分。--with 以已有的存证为见证。退出码 3：帖子不一致，或没有可供"
     "比对的帖子。mudlark show 列出某存证的见证。",
     "mudlark witness 3f2b6c1e-0000-0000-0000-000000000000 --proxy "
     "socks5h://127.0.0.1:9050",
     mud_cmd_witness},
    {"shot",
     "CAPTURE",
     1,
     1,
     mud_shot_options,
     "a picture of a captured page, drawn from the archive",
     "将已存证的页面渲染为图片",
     "The page is drawn by Chromium from the vault alone: without a network, with "
     "scripts off, in a process with limits, as an unprivileged user. Pictures and "
     "styles come from captures of the same source; what is not there is left out "
     "and counted. A strip above the page says that it is rendered from archive, "
     "and of which capture, with its digest and time. Victims' data is covered. The "
     "picture is kept in MUDLARK_HOME/shots, and a line of the ledger holds its "
     "digest.\n\n"
     "With --unmasked it shows the page as it was received: a second person "
     "approves that, and it goes to --output alone. Needs "
     "Chromium: apt-get install chromium-headless-shell fonts-noto-cjk.",
     "由 Chromium 仅凭存证库渲染页面：断网、禁用脚本、限制资源、以非特权用户运行。图片与样式取自"
     "同一来源的存证；库中没有的不予显示，并计数。页面上方的标题栏注明“由存档渲染”及存证编号、"
     "摘要与时间。受害人数据予以遮盖。图片保存在 MUDLARK_HOME/shots，其摘要记入台账。\n\n"
     "--unmasked 按原样显示：须经第二人批准，且仅写入 --output。需要 "
     "Chromium：apt-get install chromium-headless-shell fonts-noto-cjk。",
     "mudlark shot 3f2b6c1e-0000-0000-0000-000000000000 -o page.png",
     mud_cmd_shot},
    {"rebuild",
     "",
     0,
     0,
     mud_rebuild_options,
     "drop all that is derived and make it again from the captures",
     "丢弃全部派生数据并由存证重建",
     "Posts, readings, offers, links and sellers are dropped and made again "
     "with today's rules. Captures and ledger are not touched. Until it ends, "
     "other commands find what is read so far and say so; a rebuild that was "
     "interrupted is put right by the next. --diff tells by source what "
     "appears, goes and changes, with examples, against what was whole before.",
     "删除帖子、解读、报价、关联与卖家，并按当前规则由存证重建。存证与账本不变。"
     "重建结束前，其他命令只能看到已读部分并会说明；中断的重建由下一次重建补全。"
     "--diff 按来源列出相对于此前完整状态新增、消失与变化的内容及示例。",
     "mudlark rebuild --diff",
     mud_cmd_rebuild},
#include "cli/commands_actor.h"
#include "cli/commands_alert.h"
#include "cli/commands_db.h"
#include "cli/commands_desk.h"
#include "cli/commands_keys.h"
#include "cli/commands_lexicon.h"
    {"serve",
     "",
     0,
     0,
     mud_serve_options,
     "serve metrics and health over HTTP, until stopped",
     "通过 HTTP 提供指标与健康状态，直到停止",
     "/metrics is for Prometheus: how each source and the workers do, queue, "
     "ledger and vault; docs/metrics.md lists them. /healthz answers 200 when the "
     "database answers and the vault can be written to, else 503 and why. Only on "
     "this machine unless --listen says another address; there is no log-in, so "
     "put it behind one there. mudlark up serves the same by itself.",
     "/metrics 供 Prometheus 采集：各来源与工作进程的状况、队列、账本和证据库，详见 "
     "docs/metrics.md。/healthz 在数据库可用且证据库可写时返回 200，否则返回 503 及原因。"
     "默认仅限本机；--listen 可指定其他地址，但不含登录，应置于反向代理之后。"
     "mudlark up 会自动提供同样的服务。",
     "mudlark serve\nmudlark serve --listen 127.0.0.1:9187",
     mud_cmd_serve},
    {"selftest",
     "",
     0,
     0,
     mud_no_options,
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
     mud_replay_options,
     "serve a capture folder under its URLs on loopback",
     "在回环地址上重放抓取目录",
     "FOLDER has an index.jsonl (url, file, status, content_type). Each file "
     "answers under the path and query of its URL, on 127.0.0.1 only: a site "
     "to try a source on without going out. With --slow, --broken, --limit and "
     "--loop it behaves as sites do on bad days, to try a source's settings.",
     "FOLDER 含 index.jsonl。每个文件在其 URL 的路径与查询下应答，仅限 127.0.0.1：用于"
     "离线试验来源。加 --slow、--broken、--limit、--loop 则像站点状况不佳时那样应答，用于试验"
     "来源的设置。",
     "mudlark replay samples/forum --port 8088\n"
     "mudlark replay samples/forum --slow 20000 --broken 5",
     mud_cmd_replay},
    {"help",
     "[COMMAND...]",
     0,
     2,
     mud_help_options,
     "explain a command",
     "说明命令",
     "The same as COMMAND --help. With --man, the man page that is built from "
     "the same table.",
     "等同于 命令 --help。--man 输出由同一张表生成的手册页。",
     "mudlark help fetch\nmudlark help --man fetch | man -l -",
     mud_cmd_help},
    {NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
