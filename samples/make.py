#!/usr/bin/env python3
"""Write samples/forum and samples/chat/result.json anew.

Everything in them is invented: names, texts, numbers and addresses. QQ numbers
have ten digits and begin with 9, mobiles lie in a 0000 block, domains end in
.example, wallets are made from the hash of a label (nobody holds a key). The
pages follow the element ids and classes of a Discuz! X3.5 forum; the markup is
ours. Run it from this folder; the output is committed.
"""
import hashlib
import html
import json
import os
import shutil

B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58check(version, label):
    body = bytes([version]) + hashlib.sha256(label.encode()).digest()[:20]
    body += hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    n, out = int.from_bytes(body, "big"), ""
    while n:
        n, r = divmod(n, 58)
        out = B58[r] + out
    return "1" * (len(body) - len(body.lstrip(b"\0"))) + out


TRON = base58check(0x41, "mudlark sample tiger")
BTC = base58check(0x00, "mudlark sample zeus")

BASE = "http://127.0.0.1:18088/"
HERE = os.path.dirname(os.path.abspath(__file__))
FORUM = os.path.join(HERE, "forum")

# uid: (nick, signature or None)
USERS = {
    11: ("鸡场老王", "长期稳定出鸡，诚信第一\nTG: @laowang_jc"),
    12: ("数据小周", "一手数据 支持验货\nV❤：datazhou_88"),
    13: ("ddos_tiger", "24h 在线压测 | TG @ddos_tiger_demo"),
    14: ("卡商阿强", None),
    15: ("zeus_loader", "jabber: zeus_loader@xmpp.example"),
    16: ("小七车队", None),
    17: ("担保小哥", "本站唯一担保 手续费5%"),
    18: ("养鸡大户", "绿色养殖 支持到场看货"),
    19: ("家纺阿姨", None),
    20: ("路过的猫", None),
    21: ("安全小学生", "在校生，学习用"),
    22: ("周周数据", "老客户优先"),
    23: ("blackcat2020", None),
    24: ("维权老李", None),
}
BANNED = {23}

BOARDS = {2: "资源交易区", 3: "English Market", 4: "灌水闲聊", 5: "VIP内部区"}


class Post:
    def __init__(self, uid, time, body, quote=None, state="shown", anon=False,
                 edited=None):
        self.uid, self.time, self.body = uid, time, body
        self.quote, self.state, self.anon = quote, state, anon
        self.edited = edited


# (tid, fid, title, [posts]); quote is the index of a post of the same thread
THREADS = [
    (101, 2, "出售国内肉鸡，服务器鸡也有", [
        Post(11, "2026-10-6 14:29:45",
             "长期出售国内肉鸡5000台，稳定上线，3毛一台，量大从优。\n"
             "服务器肉鸡 25元/台，100台起。\n联系QQ：9812005566"),
        Post(20, "2026-10-6 15:02:10", "楼主还有货吗？私聊你了。"),
        Post(11, "2026-10-6 15:20:33", "有，加Q 98l2OO5566 不行就飞机 @laowang_jc",
             quote=1),
        Post(13, "2026-10-7 09:11:02", "mark，打流量用的上，给个批发价"),
        Post(11, "2026-10-7 10:00:00", "批发1000台起，250一千台", quote=3),
        Post(24, "2026-11-2 20:15:41",
             "大家小心，骗子QQ 9812005566，收了我800块就拉黑了"),
    ]),
    (102, 2, "四件套数据 一手", [
        Post(12, "2026-10-9 11:05:00",
             "一手四件套800套，350元/套，支持验货。\n联系 微信 datazhou_88"),
        Post(20, "2026-10-9 12:40:00", "验过了，资料新鲜。"),
        Post(12, "2026-10-10 08:00:15",
             "今天的样本：\n张伟 13800001234 11010119900307****\n"
             "李娜 13900005678 31010419880512****\n王芳 13700004321\n"
             "价格：实时1.5元一条，隔天1元，历史5毛，1万条起"),
        Post(22, "2026-10-12 19:44:00",
             "小周没货的找我，同一批料子，加V：d a t a z h o u _ 8 8"),
    ]),
    (103, 2, "DDOS 攻击 接单 打站打游戏服", [
        Post(13, "2026-10-15 22:10:00",
             "接单打站，100G 300元/天，CC 200一小时，先测试后付款。\n"
             "收USDT-TRC20：" + TRON + "\nTG：@ddos_tiger_demo"),
        Post(20, "2026-10-15 22:30:00", "高防能打吗"),
        Post(13, "2026-10-15 22:41:20", "300G以内都能打，500u一天", quote=1),
        Post(17, "2026-10-16 09:00:00", "需要担保的找我，手续费5%，担保群 "
             "https://t.me/+Mudl4rkDemo0001"),
    ]),
    (104, 2, "收微信号 老号 实名号", [
        Post(14, "2026-10-18 10:00:00",
             "大量收微信老号，实名号80一个，白号15，日结。\n"
             "电话同微信：13500000066"),
        Post(20, "2026-10-18 11:00:00", "封号包售后吗"),
        Post(14, "2026-10-18 11:20:00", "不包，一手交钱一手交货", quote=1),
    ]),
    (105, 2, "跑分车队招人 日结", [
        Post(16, "2026-10-20 13:00:00",
             "跑分招人，支付宝微信收款码都要，佣金1.5%，押金1000，日结。\n"
             "加扣扣九八二一零零三三四四（9821003344）"),
        Post(24, "2026-10-20 14:00:00", "这是洗钱，别去，会被抓的"),
        Post(16, "2026-10-20 14:05:00", "此帖已处理", state="blocked"),
    ]),
    (106, 2, "精准股民资料 网贷资料 低价", [
        Post(22, "2026-10-25 16:00:00",
             "股民资料20万条，500元/万条；网贷资料现货，300/万。\n"
             "联系方式看我用户名，或者企鹅 9733104488"),
        Post(12, "2026-10-25 17:30:00", "顶，我的货源"),
        Post(22, "2026-10-26 09:00:00",
             "样本：赵敏，13600007788，上海市示例路1号，借款2万\n钱强，13400009900，欠款",
             edited=("周周数据", "2026-10-26 09:12")),
        Post(20, "2026-10-26 10:00:00", "便宜点可以吗，要50万条"),
        Post(22, "2026-10-26 10:20:00", "50万条打包2万", quote=3),
    ]),
    (107, 2, "远控免杀 包更新 送教程", [
        Post(23, "2026-10-28 20:00:00", "远控免杀，800元/月，过360，QQ 9745612300"),
        Post(20, "2026-10-28 21:00:00", "被封了？"),
    ]),
    (108, 2, "抓鸡教程 包教包会", [
        Post(11, "2026-11-1 18:00:00",
             "抓鸡教程，1433 3389 全套工具，学费500，包教包会。\n"
             "扣扣 98 12 00 55 66"),
        Post(21, "2026-11-1 19:00:00", "学了能干嘛"),
        Post(11, "2026-11-1 19:10:00", "抓到的我回收，2毛一台收", quote=1),
        Post(20, "2026-11-2 08:00:00", "已报名"),
        Post(21, "2026-11-2 08:10:00", "楼上真敢"),
        Post(20, "2026-11-2 08:20:00", "师傅靠谱"),
        Post(24, "2026-11-2 08:30:00", "举报了"),
        Post(20, "2026-11-2 08:40:00", "顶"),
        Post(21, "2026-11-2 08:50:00", "顶一下看看"),
        Post(20, "2026-11-2 09:00:00", "有回复吗"),
        Post(11, "2026-11-3 12:00:00", "新一期开班，学费600，老地方联系"),
        Post(20, "2026-11-3 12:30:00", "来了"),
    ]),
    (201, 3, "Selling installs and bot rental", [
        Post(15, "2026-10-11 21:00:00",
             "Installs: 80 USD per 1000, US/EU mix. Bot rental 3000 nodes, "
             "200 USD/day.\nBTC only: " + BTC),
        Post(13, "2026-10-11 21:30:00", "price for 10k installs?"),
        Post(15, "2026-10-11 22:00:00", "10k = $700, contact jabber in my signature",
             quote=1),
    ]),
    (202, 3, "Booter / stresser, layer 4 and 7", [
        Post(13, "2026-10-16 20:00:00",
             "Stresser plans: $25/month, 300 sec, 40 Gbps. "
             "Telegram t.me/ddos_tiger_demo"),
        Post(20, "2026-10-17 01:00:00", "does it bypass cloudflare?"),
        Post(13, "2026-10-17 01:10:00", "yes, layer 7 plan, $60 per month", quote=1),
    ]),
    (301, 4, "出售散养肉鸡，15元一斤", [
        Post(18, "2026-10-8 08:00:00",
             "自家养殖场散养肉鸡，15元一斤，整只发货，量大从优。\n"
             "联系电话 13300000011"),
        Post(20, "2026-10-8 09:00:00", "炖汤好吃吗"),
        Post(18, "2026-10-8 09:30:00", "好吃，昨天刚出栏五百只", quote=1),
    ]),
    (302, 4, "纯棉四件套清仓", [
        Post(19, "2026-10-13 10:00:00",
             "纯棉床上四件套，199元一套，两套包邮，1.8米床适用。"),
        Post(20, "2026-10-13 11:00:00", "有没有粉色的"),
    ]),
    (303, 4, "新闻：警方打掉一个贩卖公民信息团伙", [
        Post(21, "2026-10-22 12:00:00",
             "据报道，警方近日侦破一起侵犯公民个人信息案，嫌疑人以每条1元的价格"
             "出售股民资料20万条，已被依法刑拘。"),
        Post(24, "2026-10-22 12:30:00", "抓得好"),
        Post(20, "2026-10-22 13:00:00", "路过", anon=True),
    ]),
    (304, 4, "手机跑分多少算高", [
        Post(20, "2026-10-30 09:00:00", "我的手机跑分120万，什么水平？"),
        Post(21, "2026-10-30 09:20:00", "旗舰水平了，我的才80万"),
        Post(20, "2026-10-30 09:40:00", "谢谢", quote=1),
    ]),
]
PER_PAGE = 10


def esc(text):
    return html.escape(text, quote=False)


def lines(text):
    return "<br />\n".join(esc(x) for x in text.split("\n"))


class Site:
    def __init__(self):
        self.index = []
        shutil.rmtree(FORUM, ignore_errors=True)
        os.makedirs(FORUM)

    def page(self, kind, target, title, body, klass, status=200):
        name = "%03d.html" % len(self.index)
        text = (
            "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\" />\n"
            "<title>%s - 江湖资源站 - Powered by Discuz!</title>\n"
            "<meta name=\"generator\" content=\"Discuz! X3.5\" />\n"
            "<base href=\"%s\" />\n</head>\n"
            "<body id=\"nv_forum\" class=\"%s\">\n"
            "<div id=\"hd\"><h2><a href=\"./\" title=\"江湖资源站\">江湖资源站</a></h2>\n"
            "<div id=\"nv\"><ul><li><a href=\"forum.php\">论坛</a></li>"
            "<li><a href=\"member.php?mod=logging&amp;action=login\">登录</a></li>"
            "</ul></div></div>\n<div id=\"wp\" class=\"wp\">\n%s</div>\n"
            "<div id=\"ft\">Powered by <strong>Discuz!</strong> <em>X3.5</em> "
            "GMT+8, 2026-11-20 10:00</div>\n</body>\n</html>\n"
            % (esc(title), BASE, klass, body))
        with open(os.path.join(FORUM, name), "w", encoding="utf-8") as f:
            f.write(text)
        self.index.append({
            "url": BASE + target, "kind": kind, "file": name, "status": status,
            "content_type": "text/html; charset=utf-8",
            "content_encoding": "gzip", "fetched_at": "2026-11-20T02:00:00Z"})

    def write_index(self):
        with open(os.path.join(FORUM, "index.jsonl"), "w",
                  encoding="utf-8") as f:
            for row in self.index:
                f.write(json.dumps(row, ensure_ascii=False) + "\n")


def pages_of(posts):
    return (len(posts) + PER_PAGE - 1) // PER_PAGE


def thread_url(tid, page=1):
    return "thread-%d-%d-1.html" % (tid, page)


def pager(tid, page, pages):
    if pages < 2:
        return ""
    out = "<div class=\"pg\">"
    for n in range(1, pages + 1):
        out += ("<strong>%d</strong>" % n if n == page else
                "<a href=\"%s\">%d</a>" % (thread_url(tid, n), n))
    if page < pages:
        out += "<a href=\"%s\" class=\"nxt\">下一页</a>" % thread_url(tid, page + 1)
    return out + "<label><span title=\"共 %d 页\"> / %d 页</span></label></div>\n" % (
        pages, pages)


def quoted(posts, tid, post, pid):
    if post.quote is None:
        return ""
    q = posts[post.quote]
    return ("<div class=\"quote\"><blockquote><font size=\"2\">"
            "<a href=\"forum.php?mod=redirect&amp;goto=findpost&amp;pid=%d&amp;"
            "ptid=%d\" target=\"_blank\"><font color=\"#999999\">%s 发表于 %s"
            "</font></a></font><br />\n%s</blockquote></div><br />\n"
            % (pid + post.quote, tid, esc(USERS[q.uid][0]), q.time[:-3],
               lines(q.body)))


def message(posts, tid, i):
    post, first = posts[i], tid * 100 + 1
    if post.state == "blocked":
        return ("<div class=\"locked\">提示: <em>该帖被管理员或版主屏蔽</em></div>")
    if post.uid in BANNED:
        return ("<div class=\"locked\">提示: <em>作者被禁止或删除 内容自动屏蔽</em>"
                "</div>")
    edit = ""
    if post.edited:
        edit = ("<i class=\"pstatus\"> 本帖最后由 %s 于 %s 编辑 </i><br />\n<br />\n"
                % post.edited)
    return ("<table cellspacing=\"0\" cellpadding=\"0\"><tr><td class=\"t_f\" "
            "id=\"postmessage_%d\">\n%s%s%s</td></tr></table>"
            % (first + i, edit, quoted(posts, tid, post, first),
               lines(post.body)))


def post_html(posts, fid, tid, i):
    post, pid = posts[i], tid * 100 + 1 + i
    nick, sign = USERS[post.uid]
    who = ("匿名" if post.anon else
           "<a href=\"space-uid-%d.html\" target=\"_blank\" class=\"xw1\">%s</a>"
           % (post.uid, esc(nick)))
    day = post.time.split(" ")[0]
    when = "发表于 " + post.time
    if day.startswith("2026-11"):
        parts = post.time.replace(" ", "-").split("-")
        full = "%s-%02d-%02d %s" % (parts[0], int(parts[1]), int(parts[2]), parts[3])
        when = "发表于 <span title=\"%s\">%d&nbsp;天前</span>" % (
            full, 20 - int(parts[2]))
    floor = "楼主" if i == 0 else "<em>%d</em><sup>#</sup>" % (i + 1)
    sign_row = ("<div class=\"sign\" style=\"max-height:100px;\">%s</div>"
                % lines(sign) if sign and not post.anon and
                post.uid not in BANNED else "")
    return (
        "<div id=\"post_%(pid)d\"><table id=\"pid%(pid)d\" class=\"plhin\" "
        "summary=\"pid%(pid)d\">\n<tr><td class=\"pls\" rowspan=\"2\">"
        "<div class=\"pi\"><div class=\"authi\">%(who)s</div></div></td>\n"
        "<td class=\"plc\"><div class=\"pi\"><strong><a href=\"forum.php?mod="
        "redirect&amp;goto=findpost&amp;ptid=%(tid)d&amp;pid=%(pid)d\" "
        "id=\"postnum%(pid)d\">%(floor)s</a></strong>\n<div class=\"pti\">"
        "<div class=\"authi\"><em id=\"authorposton%(pid)d\">%(when)s</em>"
        "<span class=\"pipe\">|</span><a href=\"forum.php?mod=viewthread&amp;"
        "tid=%(tid)d&amp;page=1&amp;authorid=%(uid)d\" rel=\"nofollow\">"
        "只看该作者</a></div></div></div>\n<div class=\"pct\"><div class=\"pcb\">"
        "<div class=\"t_fsz\">%(body)s</div>\n"
        "<div id=\"comment_%(pid)d\" class=\"cm\"></div></div></div></td></tr>\n"
        "<tr><td class=\"plc plm\">%(sign)s</td></tr>\n"
        "<tr><td class=\"pls\"></td><td class=\"plc\"><div class=\"po\"><em>"
        "<a class=\"fastre\" href=\"forum.php?mod=post&amp;action=reply&amp;"
        "fid=%(fid)d&amp;tid=%(tid)d&amp;reppost=%(pid)d\">回复</a></em></div>"
        "</td></tr>\n</table></div>\n"
        % {"pid": pid, "tid": tid, "fid": fid, "uid": post.uid, "who": who,
           "floor": floor, "when": when, "sign": sign_row,
           "body": message(posts, tid, i)})


def thread_pages(site, tid, fid, title, posts):
    pages = pages_of(posts)
    for page in range(1, pages + 1):
        body = ("<div id=\"pt\" class=\"bm cl\"><div class=\"z\"><a href=\"./\">"
                "江湖资源站</a> <em>&rsaquo;</em> <a href=\"forum.php\">论坛</a> "
                "<em>&rsaquo;</em> <a href=\"forum-%d-1.html\">%s</a> <em>"
                "&rsaquo;</em> <a href=\"%s\">%s</a></div></div>\n"
                "<div id=\"pgt\" class=\"pgs\">%s</div>\n"
                "<div id=\"postlist\" class=\"pl bm\"><table><tr><td class=\"plc\">"
                "<h1 class=\"ts\"><span id=\"thread_subject\">%s</span></h1></td>"
                "</tr></table>\n"
                % (fid, esc(BOARDS[fid]), thread_url(tid), esc(title),
                   pager(tid, page, pages), esc(title)))
        for i in range((page - 1) * PER_PAGE, min(page * PER_PAGE, len(posts))):
            body += post_html(posts, fid, tid, i)
        site.page("thread", thread_url(tid, page), title, body + "</div>\n",
                  "pg_viewthread")


def board_page(site, fid):
    rows = ""
    for tid, f, title, posts in THREADS:
        if f != fid:
            continue
        last = posts[-1]
        tps = ""
        if pages_of(posts) > 1:
            tps = "<span class=\"tps\">&nbsp;...<a href=\"%s\">2</a></span>" % (
                thread_url(tid, 2))
        rows += (
            "<tbody id=\"normalthread_%d\"><tr><th class=\"common\"><a href=\"%s\" "
            "class=\"s xst\">%s</a>%s</th><td class=\"by\"><cite><a href=\""
            "space-uid-%d.html\">%s</a></cite><em><span>%s</span></em></td>"
            "<td class=\"num\"><a href=\"%s\" class=\"xi2\">%d</a><em>%d</em></td>"
            "<td class=\"by\"><cite><a href=\"space-username-x.html\">%s</a></cite>"
            "<em><a href=\"forum.php?mod=redirect&amp;tid=%d&amp;goto=lastpost"
            "#lastpost\">%s</a></em></td></tr></tbody>\n"
            % (tid, thread_url(tid), esc(title), tps, posts[0].uid,
               esc(USERS[posts[0].uid][0]), posts[0].time.split(" ")[0],
               thread_url(tid), len(posts) - 1, 37 * len(posts),
               esc(USERS[last.uid][0]), tid, last.time[:-3]))
    site.page("board", "forum-%d-1.html" % fid, BOARDS[fid],
              "<div id=\"threadlist\" class=\"tl bm\"><table id=\"threadlist"
              "tableid\">\n%s</table></div>\n" % rows, "pg_forumdisplay")


def index_page(site):
    rows = ""
    for fid, name in BOARDS.items():
        mine = [t for t in THREADS if t[1] == fid]
        rows += (
            "<tr><td><h2><a href=\"forum-%d-1.html\">%s</a></h2></td><td class=\""
            "fl_i\"><span class=\"xi2\">%d</span><span class=\"xg1\"> / %d</span>"
            "</td></tr>\n"
            % (fid, esc(name), len(mine), sum(len(t[3]) for t in mine)))
    site.page("index", "forum.php", "论坛",
              "<div class=\"fl bm\"><table class=\"fl_tb\">\n%s</table></div>\n"
              % rows, "pg_index")


def notice(site, kind, target, title, text, status=200):
    site.page(kind, target, title,
              "<div id=\"ct\"><div id=\"messagetext\" class=\"alert_error\">\n"
              "<p>%s</p></div></div>\n" % esc(text), "pg_viewthread", status)


def forum():
    site = Site()
    index_page(site)
    for fid in BOARDS:
        if fid == 5:
            notice(site, "board", "forum-5-1.html", "提示信息",
                   "抱歉，您尚未登录，没有权限访问该版块")
        else:
            board_page(site, fid)
    for tid, fid, title, posts in THREADS:
        thread_pages(site, tid, fid, title, posts)
    site.write_index()


# Chat: (seconds after the one before, user, text, options)
PEOPLE = {"w": ("老王jc", 9900010001), "z": ("小周【数据】", 9900010002),
          "t": ("Tiger压测", 9900010003), "g": ("担保-小哥", 9900010004),
          "a": ("阿K", 9900010005), "b": ("bb", 9900010006),
          "q": ("强哥收号", 9900010007), "n": ("养花的老太", 9900010008)}
CHAT = [
    ("g", "群规：交易走担保，骗子挂墙，手续费5%", {}),
    ("w", "出国内肉鸡 5000台 3毛一台 量大从优 QQ 9812005566", {}),
    ("a", "鸡稳定吗", {"reply": 1}),
    ("w", "稳定，掉线包补", {"reply": 2}),
    ("b", "几只起", {"reply": 1}),
    ("w", "100起", {"reply": 4}),
    ("z", "四件套 一手现货 350一套，要的加 薇❤️：datazhou_88", {}),
    ("a", "有样本吗", {"reply": 6}),
    ("z", "孙丽 13800002468 32050219910101****\n周杰 13900001357\n看完秒删", {}),
    ("t", "打站 100G 300/天 CC 200一小时 USDT结算 地址 " + TRON, {}),
    ("t", "飞机 @ddos_tiger_demo 官网 hxxp://tiger-stress[.]example", {}),
    ("b", "500u 能打多久", {"reply": 9}),
    ("t", "500u 一天 300G", {"reply": 11}),
    ("n", "今天阳台的花开了", {}),
    ("a", "？走错群了吧", {"reply": 13}),
    ("q", "收微信老号 实名80 白号15 扣扣九七七八八零零一二三（9778800123）", {}),
    ("b", "海外号收不收", {"reply": 15}),
    ("q", "海外号 40 一个", {"reply": 16}),
    ("a", "骗子 @fake_seller_demo 收了200u跑路 大家注意", {}),
    ("g", "已挂墙", {"reply": 18}),
    ("w", "今天特价 2.5毛 只限今晚 扣 ⑨⑧①②⓪⓪⑤⑤⑥⑥", {}),
    ("z", "股民资料 网贷资料 500一万条 企鹅 9733104488 微xin同 datazhou_88", {}),
    ("b", "能便宜吗", {"reply": 21}),
    ("z", "10万条 4500", {"reply": 22}),
    ("a", "手机跑分多少合适玩这个游戏", {}),
    ("b", "80万够了", {"reply": 24}),
    ("w", "服务器鸡 win2012 25/台 linux 30/台 TG @laowang_jc", {}),
    ("a", "收了，走担保", {"reply": 26}),
    ("g", "@laowang_jc 担保群见 https://t.me/+Mudl4rkDemo0001", {}),
    ("t", "新出 layer7 套餐 60刀/月 300刀/半年", {}),
    ("n", "谁家有床上四件套推荐，纯棉的", {}),
    ("a", "某宝搜", {"reply": 30}),
    ("z", "新料：车主信息 2毛一条 5000条起 可测", {}),
    ("b", "测试100条", {"reply": 32}),
    ("z", "发你私聊了", {"reply": 33}),
    ("q", "抖音号 万粉 150 十万粉 900 要的私", {}),
    ("w", "抓鸡教学 500 包会 加q：98-1200-5566", {}),
    ("b", "上次在他那买的鸡一天就掉光了", {"reply": 36}),
    ("g", "有纠纷找我仲裁", {"reply": 37}),
    ("a", "收到", {}),
    ("t", "备用号 @tiger_backup_demo 主号同上 @ddos_tiger_demo", {}),
    ("z", "暂停接单两天", {}),
    ("w", "已售罄 明天补货", {}),
    ("b", "等", {}),
    ("q", "跑分的别加我", {}),
    ("a", "警方通报：某市警方打掉一出售公民信息团伙，涉案3000万条", {"forward": 1}),
    ("g", "大家低调", {}),
    ("w", "补货了 国内鸡 3毛 服务器鸡 25 老地方 9812005566", {}),
]


def chat():
    messages, when = [{
        "id": 1, "type": "service", "date": "2026-10-01T12:00:00",
        "date_unixtime": "1790827200", "actor": "担保-小哥",
        "actor_id": "user9900010004", "action": "create_group",
        "title": "江湖资源互助", "members": ["担保-小哥", "老王jc"],
        "text": "", "text_entities": []}], 1790827200
    for i, (who, text, options) in enumerate(CHAT):
        when += 3600 * (5 + i * 7 % 13) + 61 * i
        name, uid = PEOPLE[who]
        stamp = when + 8 * 3600
        days, rest = divmod(stamp, 86400)
        date = "%s" % iso(days, rest)
        row = {"id": i + 2, "type": "message", "date": date,
               "date_unixtime": str(when), "from": name,
               "from_id": "user%d" % uid, "text": text,
               "text_entities": [{"type": "plain", "text": text}]}
        if "reply" in options:
            row["reply_to_message_id"] = options["reply"] + 2
        if "forward" in options:
            row["forwarded_from"] = "本地新闻频道"
        messages.append(row)
    os.makedirs(os.path.join(HERE, "chat"), exist_ok=True)
    with open(os.path.join(HERE, "chat", "result.json"), "w",
              encoding="utf-8") as f:
        json.dump({"name": "江湖资源互助", "type": "public_supergroup",
                   "id": 9900000417, "messages": messages}, f,
                  ensure_ascii=False, indent=1)
        f.write("\n")


def iso(days, rest):
    import datetime
    day = datetime.date(1970, 1, 1) + datetime.timedelta(days=days)
    return "%sT%02d:%02d:%02d" % (day, rest // 3600, rest % 3600 // 60, rest % 60)


if __name__ == "__main__":
    forum()
    chat()
