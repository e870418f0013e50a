"""Made-up thread pages of Discuz! and phpBB for generate.py. The element ids
and classes are those that the engines' templates have; the markup is ours, and
as sloppy as members make it: unclosed font and b, nested tables, jammers."""
import datetime
import html
import json
import os

import words as w

BASES = {"discuz": "http://forum.example/", "phpbb": "http://board.example/"}
FETCHED = 1795140000  # 2026-11-20 02:00 UTC


def iso(unix):
    return datetime.datetime.fromtimestamp(
        unix, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(unix):
    at = datetime.datetime.fromtimestamp(
        unix, datetime.timezone(datetime.timedelta(hours=8)))
    return "%d-%d-%d %s" % (at.year, at.month, at.day, at.strftime("%H:%M:%S"))


def paragraphs(writer, target):
    """Body text of about target bytes of HTML, as members dress it up."""
    r, out, size = writer.r, [], 0
    seller = r.choice(writer.sellers)
    while size < target:
        line = html.escape(writer.text(seller)).replace("\n", "<br />\n")
        x = r.random()
        if x < 0.25:
            line = '<font face="Tahoma" size="%d"><font color="#%06x">%s' \
                "</font></font>" % (r.randrange(2, 6), r.randrange(1 << 24),
                                    line)
        elif x < 0.35:
            line = '<p align="center"><font size="3"><b>%s' % line
        elif x < 0.42:
            line = '<div align="left"><span style="color:#%06x">%s</span>' \
                "</div>" % (r.randrange(1 << 24), line)
        elif x < 0.47:
            line = "<center><b><i>%s</center>" % line
        elif x < 0.52:
            line = '<table cellspacing="0" class="t_table" style="width:98%%">' \
                "<tr><td>%s</td><td>%d</td></tr></table>" % (
                    line, r.randrange(100))
        elif x < 0.57:
            line = '<a href="http://shop%d.example/item?id=%d&amp;ref=%d" ' \
                'target="_blank">%s</a>' % (
                    r.randrange(99), r.randrange(9999), r.randrange(9999), line)
        elif x < 0.60:
            line = '<img src="static/image/common/none.gif" zoomfile="data/' \
                'attachment/%d.jpg" class="zoom" width="600" onmouseover="' \
                'img_onmouseoverfunc(this)" alt="" />' % r.randrange(10**6)
        out.append(line + r.choice(["<br />\n", "<br>\n", "\n<br />\n<br />\n"]))
        size += len(out[-1].encode())
    return "".join(out)


def jam(writer, body):
    """Discuz! hides random words between the lines against copying."""
    r, lines = writer.r, body.split("<br />\n")
    for i in range(0, len(lines), 4):
        lines[i] += '<font class="jammer">%s</font>' % "".join(
            r.choice("qwertyuiopasdfghjklzxcvbnm0123456789-~!")
            for _ in range(r.randrange(8, 20)))
    return "<br />\n".join(lines)


def discuz_post(writer, tid, pid, position, target):
    r = writer.r
    uid = r.randrange(1, 4000)
    name = html.escape(writer.people[uid % len(writer.people)])
    at = local(1792000000 + tid * 7000 + position * 611)
    body = paragraphs(writer, target - 2600)
    if r.random() < 0.3:
        body = jam(writer, body)
    if position > 1 and r.random() < 0.25:
        body = '<div class="quote"><blockquote><font size="2"><a href="forum' \
            '.php?mod=redirect&amp;goto=findpost&amp;pid=%d&amp;ptid=%d" ' \
            'target="_blank"><font color="#999999">%s 发表于 %s</font></a>' \
            "</font><br />\n%s</blockquote></div><br />\n" % (
                pid - 1, tid, html.escape(r.choice(writer.people)), at,
                html.escape(writer.chatter())) + body
    if r.random() < 0.15:
        body += '<ignore_js_op><dl class="tattl"><dt></dt><dd><p><a href="' \
            'forum.php?mod=attachment&amp;aid=%d" target="_blank">list%d.rar' \
            "</a></p></dd></dl></ignore_js_op>" % (pid, pid)
    sign = html.escape(writer.contact(r.choice(writer.sellers)))
    side = "".join('<dl class="pil cl"><dt>%s</dt><dd>%d</dd></dl>' % (
        k, r.randrange(9999)) for k in ("主题", "帖子", "积分", "贡献"))
    return discuz_frame(tid, pid, position, uid, name, at, body, sign, side)


def discuz_frame(tid, pid, position, uid, name, at, body, sign, side=""):
    return f"""<div id="post_{pid}"><table id="pid{pid}" class="plhin" \
summary="pid{pid}" cellspacing="0" cellpadding="0">
<tr><td class="pls" rowspan="2"><div id="favatar{pid}" class="pls favatar">
<div class="pi"><div class="authi"><a href="space-uid-{uid}.html" \
target="_blank" class="xw1">{name}</a></div></div>
<div class="avatar"><a href="space-uid-{uid}.html"><img src="uc/{uid}.jpg" \
onerror="this.onerror=null;this.src='uc/noavatar.svg'" /></a></div>
<div class="tns xg2"><table><tr><th><p><a href="#">{uid}</a></p>主题</th>\
<td>{uid}</td></tr></table></div>{side}</div></td>
<td class="plc"><div class="pi"><strong><a href="forum.php?mod=redirect&amp;\
goto=findpost&amp;ptid={tid}&amp;pid={pid}" id="postnum{pid}"><em>{position}\
</em><sup>#</sup></a></strong><div class="pti"><div class="pdbt"></div>
<div class="authi"><em id="authorposton{pid}">发表于 {at}</em><span \
class="pipe">|</span><a href="forum.php?mod=viewthread&amp;tid={tid}&amp;page=1\
&amp;authorid={uid}" rel="nofollow">只看该作者</a></div></div></div>
<div class="pct"><style type="text/css">.pcb{{margin-right:0}}</style>
<div class="pcb"><div class="t_fsz"><table cellspacing="0" cellpadding="0">\
<tr><td class="t_f" id="postmessage_{pid}">
{body}</td></tr></table></div><div id="comment_{pid}" class="cm"></div>
<div id="post_rate_div_{pid}"></div></div></div></td></tr>
<tr><td class="plc plm"><div class="sign" style="max-height:100px;">{sign}\
</div></td></tr><tr id="_postposition{pid}"></tr>
<tr><td class="pls"></td><td class="plc"><div class="po hin"><div class="pob \
cl"><em><a class="fastre" href="forum.php?mod=post&amp;action=reply&amp;fid=2\
&amp;tid={tid}&amp;repquote={pid}">回复</a></em><p><a href="javascript:;" \
id="mgc_post_{pid}" onmouseover="showMenu(this.id)">道具</a></p></div></div>
<script type="text/javascript" reload="1">aimgcount[{pid}] = ['{uid}'];
attachimggroup({pid});var aimgfid = 0;</script></td></tr></table></div>
"""


def discuz(writer, tid, target):
    posts = "".join(discuz_post(writer, tid, tid * 100 + i, i,
                                target // 20) for i in range(1, 21))
    return discuz_page(
        html.escape(writer.filled(w.JARGON, writer.sellers[0])), posts)


def discuz_page(title, posts):
    return f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml">
<head><meta charset="utf-8" />
<title>{title} - 互助论坛 - Powered by Discuz!</title>
<meta name="generator" content="Discuz! X3.5" />
<base href="{BASES["discuz"]}" />
<link rel="stylesheet" type="text/css" href="data/cache/style_1_common.css" />
<script type="text/javascript">var STYLEID = '1', STATICURL = 'static/', \
discuz_uid = '0';</script>
</head>
<body id="nv_forum" class="pg_viewthread" onkeydown="if(event.keyCode==27)\
return false;">
<div id="hd"><div id="nv"><ul><li><a href="forum.php">论坛</a></li></ul></div>
</div><div id="wp" class="wp">
<div id="pt" class="bm cl"><div class="z"><a href="./">互助论坛</a> <em>&rsaquo;\
</em> <a href="forum-2-1.html">资源交易区</a></div></div>
<div id="postlist" class="pl bm"><table><tr><td class="plc"><h1 class="ts">\
<span id="thread_subject">{title}</span></h1></td></tr></table>
{posts}</div></div>
<div id="ft">Powered by <strong>Discuz!</strong> <em>X3.5</em></div>
</body></html>
"""


def phpbb_post(writer, tid, pid, position, target):
    r = writer.r
    uid = r.randrange(2, 4000)
    name = html.escape(writer.people[uid % len(writer.people)])
    at = iso(1792000000 + tid * 7000 + position * 611).replace("Z", "+00:00")
    body = paragraphs(writer, target - 2200)
    if position > 1 and r.random() < 0.25:
        body = '<blockquote><div><cite><a href="./memberlist.php?mode=' \
            'viewprofile&amp;u=%d">%s</a> wrote: <a href="./viewtopic.php?p=' \
            '%d#p%d" data-post-id="%d" class="hidden">&uarr;</a></cite>%s' \
            "</div></blockquote>" % (
                uid, html.escape(r.choice(writer.people)), pid - 1, pid - 1,
                pid - 1, html.escape(writer.chatter())) + body
    sign = html.escape(writer.contact(r.choice(writer.sellers)))
    return phpbb_frame(tid, pid, uid, name, at, body, sign)


def phpbb_frame(tid, pid, uid, name, at, body, sign):
    return f"""<div id="p{pid}" class="post has-profile bg{1 + pid % 2}">
<div class="inner"><dl class="postprofile" id="profile{pid}">
<dt class="has-profile-rank no-avatar"><div class="avatar-container"></div>
<a href="./memberlist.php?mode=viewprofile&amp;u={uid}" class="username">{name}\
</a></dt><dd class="profile-posts"><strong>Posts:</strong> {uid}</dd>
<dd class="profile-joined"><strong>Joined:</strong> Sun Oct 04, 2026</dd></dl>
<div class="postbody"><div id="post_content{pid}"><h3 class="first"><a href="\
#p{pid}">Re: topic {tid}</a></h3><ul class="post-buttons"><li><a href="./posting\
.php?mode=quote&amp;p={pid}" title="Reply with quote" class="button button-icon\
-only"><i class="icon fa-quote-left fa-fw" aria-hidden="true"></i><span class="\
sr-only">Quote</span></a></li></ul>
<p class="author"><a class="unread" href="./viewtopic.php?p={pid}#p{pid}" \
title="Post"><i class="icon fa-file fa-fw" aria-hidden="true"></i></a><span \
class="responsive-hide">by <strong><a href="./memberlist.php?mode=viewprofile\
&amp;u={uid}" class="username">{name}</a></strong> &raquo; </span><time \
datetime="{at}">{at}</time></p>
<div class="content">{body}</div>
<div id="sig{pid}" class="signature">{sign}</div></div></div>
<div class="back2top"><a href="#top" class="top" title="Top"><i class="icon \
fa-chevron-circle-up fa-fw" aria-hidden="true"></i></a></div></div></div>
<hr class="divider" />
<!-- post {pid} -->
"""


def phpbb(writer, tid, target):
    posts = "".join(phpbb_post(writer, tid, tid * 100 + i, i, target // 20)
                    for i in range(1, 21))
    return phpbb_page(
        tid, html.escape(writer.filled(w.ENGLISH, writer.sellers[0])), posts)


def phpbb_page(tid, title, posts):
    base = BASES["phpbb"]
    return f"""<!DOCTYPE html>
<html dir="ltr" lang="en-gb"><head><meta charset="utf-8" />
<title>{title} - Board</title>
<link rel="canonical" href="{base}viewtopic.php?t={tid}">
<script>var board = {{"id": {tid}}};</script></head>
<body id="phpbb" class="nojs notouch section-viewtopic ltr ">
<div id="wrap" class="wrap"><div id="page-header"><ul class="nav-breadcrumbs">
<li class="breadcrumbs"><span class="crumb"><a href="./viewforum.php?f=3" \
itemprop="item"><span itemprop="name">Market</span></a></span></li></ul></div>
<div id="page-body" class="page-body"><h2 class="topic-title"><a href="\
./viewtopic.php?t={tid}">{title}</a></h2>
{posts}</div><div class="copyright">Powered by <a href="https://www.phpbb.com/">\
phpBB</a>&reg;</div></div></body></html>
"""


def write(folder, writer, args):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "index.jsonl"), "w") as index:
        for i in range(args.pages):
            tid, engine = 1000 + i, "phpbb" if i % 2 else "discuz"
            make = phpbb if engine == "phpbb" else discuz
            page = make(writer, tid, args.size * 1000)
            name = "%04d.html" % i
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(page)
            url = BASES[engine] + (
                "viewtopic.php?t=%d" % tid if engine == "phpbb"
                else "thread-%d-1-1.html" % tid)
            index.write(json.dumps({
                "url": url, "kind": "thread", "file": name, "status": 200,
                "content_type": "text/html; charset=utf-8",
                "fetched_at": iso(FETCHED + i)}) + "\n")
