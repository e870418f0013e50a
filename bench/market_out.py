"""How a market of market.py reaches the product: exports of chats, capture
folders of forums, or post records."""
import html
import json
import os

import pages

THREAD = 8  # posts of a made-up thread


def truth(folder, what):
    with open(os.path.join(folder, "truth.json"), "w", encoding="utf-8") as f:
        json.dump(what, f, ensure_ascii=False, indent=0)
        f.write("\n")


def placed(posts):
    """(post, thread, key of the post, place in the thread) of all."""
    count = {}
    for post in posts:
        i = count[post.place] = count.get(post.place, -1) + 1
        if isinstance(post.place, int):  # a chat
            yield post, post.place, i + 1, i + 1
        else:
            thread = 1000 + i // THREAD
            yield post, thread, thread * 100 + i % THREAD, i % THREAD + 1


def exports(folder, posts, chats):
    messages = {chat: [] for chat in chats}
    for post, _, key, _ in placed(posts):
        if post.place not in chats:
            continue
        message = {"id": key, "type": "message",
                   "date_unixtime": str(post.at), "from": post.name,
                   "from_id": post.account.key, "text": post.text}
        if post.forward:
            message["forwarded_from"] = post.forward
        messages[post.place].append(message)
    for i, (chat, name) in enumerate(sorted(chats.items()), 1):
        place = os.path.join(folder, "chat-%d" % i)
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, "result.json"), "w",
                  encoding="utf-8") as f:
            json.dump({"name": name, "type": "public_supergroup", "id": chat,
                       "messages": messages[chat]}, f, ensure_ascii=False,
                      indent=1)


def title(thread):
    return "资源交流帖 %d" % thread


def body(text):
    return html.escape(text).replace("\n", "<br />\n")


def discuz(tid, posts):
    out = []
    for post, key, n in posts:
        text = body(post.text)
        if post.quote:
            text = '<div class="quote"><blockquote><font size="2"><font color' \
                '="#999999">%s 发表于 %s</font></font><br />\n%s</blockquote>' \
                "</div><br />\n%s" % (
                    html.escape(post.quote[0]), pages.local(post.at - 600),
                    body(post.quote[1]), text)
        out.append(pages.discuz_frame(
            tid, key, n, post.account.key, html.escape(post.name),
            pages.local(post.at), text, ""))
    return pages.discuz_page(title(tid), "".join(out))


def phpbb(tid, posts):
    out = []
    for post, key, _ in posts:
        text = body(post.text)
        if post.quote:
            text = "<blockquote><div><cite>%s wrote:</cite>%s</div>" \
                "</blockquote>%s" % (html.escape(post.quote[0]),
                                     body(post.quote[1]), text)
        out.append(pages.phpbb_frame(
            tid, key, post.account.key, html.escape(post.name),
            pages.iso(post.at).replace("Z", "+00:00"), text, ""))
    return pages.phpbb_page(tid, title(tid), "".join(out))


def forum(folder, posts, host):
    engine = "discuz" if pages.BASES["discuz"].find(host) >= 0 else "phpbb"
    make = discuz if engine == "discuz" else phpbb
    place = os.path.join(folder, host.split(".")[0])
    os.makedirs(place, exist_ok=True)
    threads = {}
    for post, tid, key, n in placed(posts):
        if post.place == host:
            threads.setdefault(tid, []).append((post, key, n))
    with open(os.path.join(place, "index.jsonl"), "w") as index:
        for tid, some in threads.items():
            name = "%d.html" % tid
            with open(os.path.join(place, name), "w", encoding="utf-8") as f:
                f.write(make(tid, some))
            index.write(json.dumps({
                "url": pages.BASES[engine] + (
                    "viewtopic.php?t=%d" % tid if engine == "phpbb"
                    else "thread-%d-1-1.html" % tid),
                "kind": "thread", "file": name, "status": 200,
                "content_type": "text/html; charset=utf-8",
                "fetched_at": pages.iso(pages.FETCHED + tid)}) + "\n")


def record(post, key, thread, name):
    chat = post.account.network == "telegram"
    out = {"type": "post", "schema": 1,
           "engine": "telegram" if chat else "discuz", "site": str(post.place),
           "thread": str(thread), "thread_title": name, "post": str(key),
           "author": post.name, "author_id": post.account.key,
           "posted_at": pages.iso(post.at), "posted_precision": "second",
           "view": "thread", "state": "shown", "body": post.text}
    if post.quote:
        out["quotes"] = [{"author": post.quote[0], "post": None,
                          "text": post.quote[1]}]
    if post.forward:
        out["forward"] = {"from": post.forward, "chat": None, "post": None,
                          "date": None}
    return out


def records(folder, posts, chats):
    with open(os.path.join(folder, "posts.jsonl"), "w", encoding="utf-8") as f:
        for post, thread, key, _ in placed(posts):
            name = chats.get(post.place) or title(thread)
            f.write(json.dumps(record(post, key, thread, name),
                               ensure_ascii=False) + "\n")
