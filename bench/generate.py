#!/usr/bin/python3
"""Made-up material for the benchmarks: chat messages and forum pages.

  generate.py chat  --count N [--unique 0.6] [--seed 1] [--as telegram] OUT
  generate.py forum --pages N [--size 110] [--seed 1] DIR
  generate.py lexicon --terms N [--seed 1] OUT.tsv

chat writes a Telegram Desktop export (telegram), post records as `mudlark
parse` prints them (posts), or lines of id and text (text). forum writes a
capture folder (index.jsonl and .html) of Discuz! and phpBB thread pages in
turn, of about --size KB and 20 posts each, with sloppy markup. lexicon writes
an analyst's file of made-up terms of all kinds. The same seed gives the same
bytes.
"""
import argparse
import hashlib
import json
import os
import random
import sys

import words as w
import pages

START = 1790827200  # 2026-10-01
CHAT = 9900000911
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def base58check(payload):
    digest = hashlib.sha256(hashlib.sha256(payload).digest()).digest()
    number = int.from_bytes(payload + digest[:4], "big")
    out = ""
    while number:
        number, rest = divmod(number, 58)
        out = BASE58[rest] + out
    zeros = len(payload) - len(payload.lstrip(b"\0"))
    return "1" * zeros + out


class Writer:
    """Makes messages. A pool of sellers keeps contacts that come again."""

    def __init__(self, seed, people=4000):
        self.r = random.Random(seed)
        r = self.r
        self.people = [r.choice(w.NICKS) + str(r.randrange(10, 99999))
                       for _ in range(people)]
        self.sellers = [self.contacts() for _ in range(people // 4)]

    def handle(self):
        r = self.r
        return "".join(r.choice("abcdefghijklmnopqrstuvwxyz")
                       for _ in range(r.randrange(4, 8))) + \
            "_" + str(r.randrange(10, 9999))

    def contacts(self):
        r = self.r
        raw = bytes(r.randrange(256) for _ in range(20))
        return {
            "q": "9" + str(r.randrange(10**8, 10**9)),
            "w": self.handle(),
            "h": self.handle(),
            "phone": "199" + str(r.randrange(10**7, 10**8)),
            "mail": self.handle() + "@mail.example",
            "btc": base58check(b"\0" + raw),
            "eth": "0x" + raw.hex(),
            "tron": base58check(b"\x41" + raw),
        }

    def money(self, low, high):
        r = self.r
        value = low + (high - low) * r.random() ** 2
        if value < 1:
            return "%.2f" % value if r.random() < 0.5 else \
                "%d毛" % max(1, int(value * 10))
        return str(int(value))

    def contact(self, seller):
        r = self.r
        kind = r.choices(["q", "w", "h", "phone", "mail", "btc", "eth",
                          "tron"], [34, 20, 26, 6, 4, 2, 2, 6])[0]
        value = seller[kind]
        if kind == "q":
            cue, value = r.choice(w.CUES_QQ), self.hide(value)
        elif kind == "w":
            cue = r.choice(w.CUES_WX)
        elif kind == "h":
            cue = r.choice(w.CUES_TG)
            value = r.choice(["@" + value, value, "t.me/" + value,
                              "@" + value])
        elif kind == "phone":
            cue = r.choice(w.CUES_PHONE)
        elif kind == "mail":
            cue = r.choice(w.CUES_MAIL)
        else:
            cue = r.choice(w.CUES_COIN[kind])
        return cue + (r.choice(w.COLON) if kind in "qwh" else "：") + value

    def hide(self, digits):
        r = self.r
        x = r.random()
        if x < 0.72:
            return digits
        if x < 0.80:
            return digits.translate(w.FULLWIDTH)
        if x < 0.86:
            return digits.translate(w.CIRCLED)
        if x < 0.94:
            return r.choice(w.JUNK).join([digits[:3], digits[3:6],
                                          digits[6:]])
        return digits.translate(w.LOOKALIKE)

    def advert(self, seller):
        r = self.r
        _, names, unit, price = r.choice(w.PRODUCTS)
        name = r.choice(names)
        amount = self.money(*price)
        count = r.choice([10, 50, 100, 200, 500, 1000, 2000, 5000, 10000])
        if r.random() < 0.3:
            count = r.randrange(3, 9000)
        buy = r.random() < 0.2
        parts = [r.choice(w.BUY if buy else w.OPENERS) + name]
        if r.random() < 0.6:
            parts[0] += "%s%d%s" % (" " if name[-1].isdigit() else "", count,
                                    unit)
        tail = "" if amount.endswith("毛") else r.choice(["元", "块", "r", ""])
        parts.append(r.choice([
            amount + (tail or "元") + "/" + unit,
            amount + (tail or "块") + "一" + unit,
            unit and "每" + unit + amount + (tail or "元")]))
        if r.random() < 0.12:
            parts.append("%d起%sU" % (count, max(1, count // 20)))
        parts += r.sample(w.BOASTS, r.randrange(0, 5))
        if r.random() < 0.8:
            parts.append(self.contact(seller))
        text = r.choice(["，", " ", "，", "\n"]).join(parts)
        if r.random() < 0.08:
            text = text.translate(w.MARTIAN)
        return text

    def chatter(self):
        r = self.r
        text = r.choice(w.CHATTER_A) + r.choice(w.CHATTER_B) + \
            r.choice(w.CHATTER_C)
        if r.random() < 0.7:
            text += r.choice(["，", ""]) + r.choice(w.CHATTER_D)
        while r.random() < 0.55:
            text += "，" + r.choice(w.CHATTER_A) + r.choice(w.CHATTER_B) + \
                r.choice(w.CHATTER_C)
        if r.random() < 0.3:
            text += str(r.randrange(1, 3000))
        return text

    def filled(self, templates, seller):
        r = self.r
        _, names, unit, price = r.choice(w.PRODUCTS)
        return r.choice(templates).format(
            p=r.choice(names), u=unit, n=r.randrange(2, 20000),
            m=self.money(max(price[0], 1), price[1] + 1).strip("毛"),
            pe=r.choice(w.PRODUCTS_EN), pr=r.choice(w.PRODUCTS_RU),
            name=r.choice(w.SURNAMES) + r.choice(w.GIVEN) + r.choice(w.GIVEN),
            idc="99%04d19%02d0%d1%d%04d" % (
                r.randrange(9999), r.randrange(60, 99), r.randrange(1, 9),
                r.randrange(0, 9), r.randrange(9999)),
            vp="188" + str(r.randrange(10**7, 10**8)),
            city=r.choice(w.CITIES), **seller)

    def text(self, seller):
        x = self.r.random()
        if x < 0.40:
            return self.chatter()
        if x < 0.62:
            return self.filled(w.JARGON, seller)
        if x < 0.92:
            return self.advert(seller)
        if x < 0.955:
            return self.filled(w.ENGLISH, seller)
        if x < 0.97:
            return self.filled(w.TRADITIONAL, seller)
        if x < 0.98:
            return self.filled(w.RUSSIAN, seller)
        if x < 0.99:
            return self.filled(w.REPORTS, seller)
        return self.filled(w.VICTIMS, seller)

    def messages(self, count, unique):
        """(author number, text, reply to) of count messages. Of them `unique`
        are texts that were not seen before; the others repeat one."""
        r, texts, known = self.r, [], set()
        for i in range(count):
            who = int(len(self.people) * r.random() ** 3)
            seller = self.sellers[who % len(self.sellers)]
            if texts and r.random() >= unique:
                text = texts[int(len(texts) * r.random() ** 2)]
            else:
                text = self.text(seller)
                while text in known:
                    text += r.choice(w.CHATTER_D) + str(r.randrange(10**5))
                known.add(text)
                texts.append(text)
            reply = i - r.randrange(1, 9) if i > 9 and r.random() < 0.06 else 0
            yield who, text, reply


def telegram(out, writer, args):
    out.write('{\n "name": "资源互助总群",\n "type": "public_supergroup",\n'
              ' "id": %d,\n "messages": [' % CHAT)
    for i, (who, text, reply) in enumerate(
            writer.messages(args.count, args.unique)):
        at = START + i * 7
        message = {"id": i + 1, "type": "message", "date_unixtime": str(at),
                   "from": writer.people[who],
                   "from_id": "user%d" % (9900100000 + who)}
        if reply:
            message["reply_to_message_id"] = reply
        message["text"] = text
        message["text_entities"] = [{"type": "plain", "text": text}]
        body = json.dumps(message, ensure_ascii=False, indent=1)
        out.write((",\n  " if i else "\n  ") + body.replace("\n", "\n  "))
    out.write("\n ]\n}\n")


def posts(out, writer, args):
    for i, (who, text, reply) in enumerate(
            writer.messages(args.count, args.unique)):
        record = {"type": "post", "schema": 1, "engine": "telegram",
                  "site": str(CHAT), "thread": str(CHAT),
                  "thread_title": "资源互助总群", "post": str(i + 1),
                  "author": writer.people[who],
                  "author_id": "user%d" % (9900100000 + who),
                  "posted_at": pages.iso(START + i * 7),
                  "posted_precision": "second", "view": "thread",
                  "state": "shown", "body": text}
        if reply:
            record["reply_to"] = str(reply)
        out.write(json.dumps(record, ensure_ascii=False) + "\n")


def plain(out, writer, args):
    for i, (who, text, _) in enumerate(
            writer.messages(args.count, args.unique)):
        out.write(json.dumps({"id": "m%d" % (i + 1), "text": text},
                             ensure_ascii=False) + "\n")


def lexicon(path, args):
    """Terms of two to five characters of Han, or of letters and digits, with
    the senses of rows that the product has already."""
    r = random.Random(args.seed)
    kinds = [("product", p[0]) for p in w.PRODUCTS] + [
        ("verb", "sell"), ("verb", "buy"), ("cue", "qq"), ("cue", "telegram"),
        ("unit", "item"), ("term", "")]
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "..", "nlp", "lexicon", "hant.tsv"),
              encoding="utf-8") as table:
        han = {row.split("\t")[1][0] for row in table if "\t" in row and
               row[0] != "#"}
    han = sorted(han | set("".join(w.CHATTER_C + w.JARGON + w.BOASTS)) & set(
        map(chr, range(0x4e00, 0xa000))))
    terms = set()
    while len(terms) < args.terms:
        if r.random() < 0.8:
            terms.add("".join(r.choice(han) for _ in range(r.randrange(2, 6))))
        else:
            terms.add("".join(r.choice("abcdefghijklmnopqrstuvwxyz0123456789")
                              for _ in range(r.randrange(4, 10))))
    with open(path, "w", encoding="utf-8") as out:
        out.write("term\tkind\tsense\tweight\tsource\n")
        for term in sorted(terms):
            kind, sense = r.choice(kinds)
            out.write("\t".join([term, kind, sense, "1", "made up"]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    commands = parser.add_subparsers(dest="command", required=True)
    chat = commands.add_parser("chat")
    chat.add_argument("--count", type=int, default=100000)
    chat.add_argument("--unique", type=float, default=1.0)
    chat.add_argument("--as", dest="form", default="telegram",
                      choices=["telegram", "posts", "text"])
    chat.add_argument("out")
    forum = commands.add_parser("forum")
    forum.add_argument("--pages", type=int, default=160)
    forum.add_argument("--size", type=int, default=110)
    forum.add_argument("out")
    book = commands.add_parser("lexicon")
    book.add_argument("--terms", type=int, default=50000)
    book.add_argument("out")
    for sub in (chat, forum, book):
        sub.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    writer = Writer(args.seed)
    if args.command == "forum":
        pages.write(args.out, writer, args)
        return
    if args.command == "lexicon":
        lexicon(args.out, args)
        return
    with open(args.out, "w", encoding="utf-8") if args.out != "-" else \
            sys.stdout as out:
        {"telegram": telegram, "posts": posts, "text": plain}[args.form](
            out, writer, args)


if __name__ == "__main__":
    main()
