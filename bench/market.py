#!/usr/bin/python3
"""Made-up markets with known sellers, to measure who is held to be whom.

  market.py [--sellers 300] [--seed 1] [--as exports|posts] DIR

Writes into DIR what the product takes (exports: chat-N/result.json as Telegram
Desktop writes it, and forum-N/, capture folders of Discuz! and phpBB threads;
posts: posts.jsonl, records as `mudlark parse` prints them), and truth.json:

  personas   "network|account": seller, or null for who sells nothing
  contacts   "type|value": seller, or null for what several show
  posts      [site, post, network, account, seller whose advert it is, case,
             contacts]
  links      [a, b, case]: what of the same seller belongs together, and by
             which sign; a and b are keys of personas or contacts
  cases      what each case is

A case is a thing that sellers do, or that is done to them (CASES). Contacts a
seller uses himself are links of the case of the post that shows them. The same
seed gives the same bytes. All names, numbers and wallets are invented.
"""
import argparse
import collections
import os
import random

import market_out
import words as w
from generate import Writer

START = 1790827200  # 2026-10-01
DAY = 86400
CHATS = [(9900001101, "资源供需一群"), (9900001102, "同行交流群"),
         (9900001103, "数据流量对接"), (9900001104, "全网货源总群")]
FORUMS = ["forum.example", "board.example"]

CASES = {
    "plain": "an advert with the seller's own contacts",
    "renamed": "the same account under another name",
    "moved, told": "a new account names the old one, no contact is shared",
    "changed, told": "a post gives the old contact and the new one",
    "changed, wallet": "new account and contact, the old wallet",
    "changed, untold": "new account and contact, the old words",
    "typo": "a digit of his own number is wrong",
    "second account": "two accounts in one chat, the same contacts",
    "escrow": "an advert that names an escrow who advertises himself",
    "guarantor": "an advert that names a guarantor who advertises nothing",
    "copy-cat": "another's advert with the copier's contact",
    "impersonator": "nearly another's name, number and words",
    "reseller": "another's advert posted as it is, under the reseller's name",
    "ad bot": "an account that posts members' adverts for them",
    "forward": "a forwarded advert",
    "quote": "a reply that quotes an advert",
    "report": "a post that accuses a contact",
    "shop bot": "an advert that names a bot of several sellers",
    "shop": "an advert that names a shop of several sellers",
    "chatter": "no advert",
}
# Ways of sellers and how many of a hundred go them.
WAYS = [("plain", 36), ("single", 14), ("renamed", 6), ("moved, told", 8),
        ("changed, told", 8), ("changed, wallet", 4), ("changed, untold", 4),
        ("typo", 5), ("second account", 5), ("copy-cat", 4),
        ("impersonator", 3), ("reseller", 3)]
TYPES = {"q": "qq", "w": "wechat", "h": "telegram", "tron": "tron"}

Account = collections.namedtuple("Account", "network key names")
Post = collections.namedtuple(
    "Post", "place at account name text case seller contacts quote forward")


class Seller:
    def __init__(self, name, line, sets):
        self.name, self.accounts = name, []
        self.line = line          # words of his adverts, without contacts
        self.sets = sets          # contacts, old ones and new ones


class Market:
    def __init__(self, sellers, seed):
        self.writer = Writer(seed, people=0)
        self.r = random.Random(seed * 7919 + 1)
        self.posts, self.links = [], []
        self.personas, self.contacts = {}, {}
        self.sellers, self.used, self.serial = [], set(), 0
        self.escrows = [self.new_seller() for _ in range(4)]
        self.guarantors = [self.value("h") for _ in range(sellers // 25 + 1)]
        self.bots = [self.value("h") + "_bot" for _ in range(sellers // 30 + 1)]
        self.shops = ["https://shop%d.example/" % i
                      for i in range(sellers // 30 + 1)]
        for escrow in self.escrows:
            self.escrow(escrow)
        ways = [way for way, share in WAYS for _ in range(
            max(1, round(share * sellers / 100)))]
        self.r.shuffle(ways)
        # Who takes from others comes when others are there.
        late = ("copy-cat", "impersonator", "reseller")
        for way in sorted(ways, key=late.__contains__):
            getattr(self, way.replace(", ", "_").replace(
                " ", "_").replace("-", "_"))(self.new_seller())
        self.bystanders()
        self.posts.sort(key=lambda p: (p.at, str(p.place), p.text))

    # names and contacts

    def value(self, kind):
        value = self.writer.contacts()[kind]
        while value in self.used:
            value = self.writer.contacts()[kind]
        self.used.add(value)
        return value

    def contact_set(self):
        kinds = self.r.choice(["qw", "qh", "wh", "q", "h", "qwh"])
        return {k: self.value(k) for k in kinds}

    def words(self):
        r = self.r
        out = []
        for product in r.sample(w.PRODUCTS, r.choice([1, 1, 2])):
            _, names, unit, price = product
            out.append("%s%s，%s元/%s" % (
                r.choice(w.OPENERS), r.choice(names),
                self.writer.money(max(1, price[0]), price[1] + 2), unit))
        return "，".join(out + r.sample(w.BOASTS, r.randrange(2, 6)))

    def new_seller(self):
        seller = Seller("s%04d" % len(self.sellers), self.words(),
                        [self.contact_set()])
        self.sellers.append(seller)
        return seller

    def nick(self):
        r = self.r
        while True:
            nick = r.choice(w.NICKS) + r.choice(
                [str(r.randrange(100, 9999)), r.choice(w.GIVEN) + r.choice(
                    w.GIVEN), "_" + r.choice("abcdefghkmxyz") + str(
                        r.randrange(10, 99))])
            if nick not in self.used:
                self.used.add(nick)
                return nick

    def account(self, seller, network=None, name=None, sells=True):
        self.serial += 1
        network = network or self.r.choice(["telegram"] * 2 + FORUMS)
        key = ("user%d" if network == "telegram" else "%d") % (
            9900200000 + self.serial if network == "telegram"
            else 1000 + self.serial)
        account = Account(network, key, [name or self.nick()])
        self.personas[network + "|" + key] = seller.name if sells else None
        if sells:
            seller.accounts.append(account)
        return account

    # posts

    def shown(self, kind, value, hide=True):
        cue = {"q": w.CUES_QQ, "w": w.CUES_WX, "h": w.CUES_TG,
               "tron": w.CUES_COIN["tron"]}[kind]
        text = self.writer.hide(value) if kind == "q" and hide else value
        if kind == "h":
            text = "@" + value
        return self.r.choice(cue) + "：" + text

    def put(self, account, text, case, seller, contacts=(), at=None,
            place=None, quote=None, forward=None, days=(0, 55)):
        """One post. contacts: (kind, value, owner or None) that it shows."""
        r = self.r
        network = account.network
        place = place or (r.choice(CHATS)[0] if network == "telegram"
                          else network)
        at = at or START + r.randrange(days[0] * DAY, days[1] * DAY)
        known = []
        for kind, value, owner in contacts:
            key = TYPES.get(kind, kind) + "|" + value
            self.contacts.setdefault(key, owner and owner.name)
            known.append(key)
            if owner and owner is seller and not forward and \
                    account in seller.accounts:
                self.links.append([network + "|" + account.key, key, case])
        post = Post(place, at, account, account.names[-1], text, case,
                    seller and seller.name, known, quote, forward)
        self.posts.append(post)
        return post

    def advert(self, seller, account, which=0, case="plain", more=None,
               days=(0, 55)):
        """His words with one or two contacts of a set; more: (text, contact)
        beside them."""
        r = self.r
        contacts = seller.sets[which]
        kinds = r.sample(sorted(contacts), min(
            len(contacts), r.choice([1, 2, 2])))
        show = [(k, contacts[k], seller) for k in kinds]
        parts = [seller.line] + [self.shown(k, v) for k, v, _ in show]
        if more is None and case == "plain" and r.random() < 0.3:
            case, more = self.beside()
        if more and more[0]:
            parts.insert(r.choice([1, len(parts)]), more[0])
            show += more[1]
        return self.put(account, r.choice(["，", "\n", " "]).join(parts), case,
                        seller, show, days=days)

    def beside(self):
        """What many name beside their own contacts."""
        r = self.r
        case = r.choice(["escrow", "escrow", "guarantor", "shop bot", "shop"])
        if case == "escrow":
            escrow = r.choice(self.escrows)
            kind, value = r.choice(sorted(escrow.sets[0].items()))
            return case, ("可走担保，担保" + self.shown(kind, value, False),
                          [(kind, value, escrow)])
        if case == "guarantor":
            value = r.choice(self.guarantors)
            return case, ("走担保，担保人TG：@" + value, [("h", value, None)])
        if case == "shop bot":
            value = r.choice(self.bots)
            return case, ("自助下单 @" + value, [("h", value, None)])
        return case, ("店铺 " + r.choice(self.shops), [])

    def adverts(self, seller, account, which=0, case="plain", n=None,
                days=(0, 55)):
        for _ in range(n or self.r.randrange(2, 6)):
            self.advert(seller, account, which, case, days=days)

    # ways

    def escrow(self, seller):
        for network in ["telegram"] + FORUMS[:1]:
            account = self.account(seller, network)
            for _ in range(4):
                kind, value = self.r.choice(sorted(seller.sets[0].items()))
                self.put(account, "专业担保交易，中介担保，手续费%d%%，%s" % (
                    self.r.randrange(2, 9), self.shown(kind, value, False)),
                    "plain", seller, [(kind, value, seller)])

    def plain(self, seller):
        networks = self.r.sample(["telegram"] + FORUMS, self.r.choice([2, 3]))
        for network in networks:
            self.adverts(seller, self.account(seller, network))

    def single(self, seller):
        self.adverts(seller, self.account(seller))

    def renamed(self, seller):
        account = self.account(seller)
        self.adverts(seller, account, days=(0, 25))
        account.names.append(self.nick())
        self.adverts(seller, account, case="renamed", days=(26, 55))

    def moves(self, seller, case, text):
        """An old account, then a new one with other contacts."""
        old = self.account(seller)
        self.adverts(seller, old, n=3, days=(0, 25))
        new = self.account(seller, old.network)
        seller.sets.append(self.contact_set())
        more = text(old, new)
        for i in range(3):
            self.advert(seller, new, 1, case, more if i == 0 or
                        case == "changed, wallet" else ("", []), (28, 55))
        self.links.append([k.network + "|" + k.key for k in (old, new)] +
                          [case])

    def moved_told(self, seller):
        self.moves(seller, "moved, told", lambda old, new: (self.r.choice([
            "原%s，老号被封，换号了", "本人原%s，改名%s", "%s的新号，老号停用",
            "老号%s被封了，认准新号"]).replace("%s", old.names[-1], 1).replace(
                "%s", new.names[-1]), []))

    def changed_told(self, seller):
        def text(_old, _new):
            kind, value = self.r.choice(sorted(seller.sets[0].items()))
            return ("换号了，原" + self.shown(kind, value, False) + "停用",
                    [(kind, value, seller)])
        self.moves(seller, "changed, told", text)

    def changed_wallet(self, seller):
        wallet = self.value("tron")
        more = ("收款" + self.shown("tron", wallet), [("tron", wallet, seller)])
        self.moves(seller, "changed, wallet", lambda old, new: more)
        self.advert(seller, seller.accounts[0], 0, "changed, wallet", more)

    def changed_untold(self, seller):
        self.moves(seller, "changed, untold", lambda old, new: ("", []))

    def typo(self, seller):
        seller.sets[0].setdefault("q", self.value("q"))
        for network in self.r.sample(["telegram"] + FORUMS, 2):
            account = self.account(seller, network)
            self.adverts(seller, account)
        wrong = self.near(seller.sets[0]["q"])
        self.put(account, seller.line + "，QQ：" + wrong, "typo", seller,
                 [("q", wrong, seller)])

    def second_account(self, seller):
        place = self.r.choice(CHATS)[0]
        for _ in range(2):
            account = self.account(seller, "telegram")
            for _ in range(3):
                post = self.advert(seller, account, case="second account")
                self.posts[-1] = post._replace(place=place)

    def near(self, number):
        """A digit off, or two that changed places."""
        while True:
            digits = list(number)
            i = self.r.randrange(2, len(digits) - 1)
            if self.r.random() < 0.5:
                digits[i] = str((int(digits[i]) + 1) % 10)
            else:
                digits[i], digits[i + 1] = digits[i + 1], digits[i]
            out = "".join(digits)
            if out not in self.used:
                self.used.add(out)
                return out

    def victim(self, seller):
        others = [s for s in self.sellers if s is not seller and s.accounts and
                  s not in self.escrows]
        return self.r.choice(others)

    def copy_cat(self, seller):
        seller.line = self.victim(seller).line
        self.adverts(seller, self.account(seller), case="copy-cat")

    def impersonator(self, seller):
        victim = self.victim(seller)
        while "q" not in victim.sets[0]:
            victim = self.victim(seller)
        seller.line = victim.line
        seller.sets = [{"q": self.near(victim.sets[0]["q"])}]
        name = victim.accounts[0].names[0]
        look = name[:-1] + {"0": "O", "1": "l"}.get(name[-1], name[-1] + "_")
        self.adverts(seller, self.account(
            seller, victim.accounts[0].network, look), case="impersonator")

    def reseller(self, seller):
        account = self.account(seller)
        self.adverts(seller, account)
        for _ in range(self.r.randrange(2, 5)):
            self.repost(account, self.victim(seller), "reseller")

    def repost(self, account, victim, case, place=None):
        owned = [p for p in self.posts if p.seller == victim.name and
                 p.account in victim.accounts]
        post = self.r.choice(owned)
        self.posts.append(post._replace(
            place=place or (self.r.choice(CHATS)[0] if account.network ==
                            "telegram" else account.network),
            at=post.at + self.r.randrange(1, 9) * 3600, account=account,
            name=account.names[-1], case=case))

    # who sells nothing

    def bystanders(self):
        r = self.r
        nobody = Seller("", "", [])
        sellers = [s for s in self.sellers if s.accounts]
        for chat, _ in CHATS:
            bot = self.account(nobody, "telegram", "供求机器人%d" % (chat % 10),
                               sells=False)
            for _ in range(r.randrange(4, 40)):
                self.repost(bot, r.choice(sellers), "ad bot", chat)
        for _ in range(len(sellers) // 2):
            who = self.account(nobody, sells=False)
            post = r.choice([p for p in self.posts if p.case == "plain"])
            kind = r.choice(["forward", "quote", "report", "chatter"])
            if kind == "forward" and post.account.network == "telegram":
                who = who if who.network == "telegram" else self.account(
                    nobody, "telegram", sells=False)
                self.forward(who, post)
            elif kind == "quote":
                forum = self.account(nobody, r.choice(FORUMS), sells=False)
                self.put(forum, r.choice(["还有货吗", "多少起", "老板在吗"]),
                         "quote", None, at=post.at + 3600,
                         quote=(post.name, post.text))
            elif kind == "report":
                victim = r.choice(sellers)
                value = victim.sets[0].get("q")
                if value:
                    self.put(who, "曝光骗子QQ：%s，收了钱不发货，大家小心" %
                             value, "report", None, [("q", value, victim)])
            else:
                self.put(who, self.writer.chatter(), "chatter", None)

    def forward(self, who, post):
        """Exports name the origin alone: a persona that is known by name."""
        self.posts.append(post._replace(
            place=self.r.choice(CHATS)[0], at=post.at + 7200, account=who,
            name=who.names[-1], case="forward", forward=post.name))
        origin = "telegram|name:" + post.name
        self.personas[origin] = post.seller
        for contact in post.contacts:
            if self.contacts[contact] == post.seller:
                self.links.append([origin, contact, "forward"])

    def truth(self):
        return {"personas": self.personas, "contacts": self.contacts,
                "links": self.links, "cases": CASES,
                "posts": [[str(p.place), str(key), p.account.network,
                           p.account.key, p.seller, p.case, p.contacts]
                          for p, _, key, _ in market_out.placed(self.posts)]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sellers", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--as", dest="form", default="exports",
                        choices=["exports", "posts"])
    parser.add_argument("out")
    args = parser.parse_args()
    market = Market(args.sellers, args.seed)
    os.makedirs(args.out, exist_ok=True)
    market_out.truth(args.out, market.truth())
    if args.form == "posts":
        market_out.records(args.out, market.posts, dict(CHATS))
        return
    market_out.exports(args.out, market.posts, dict(CHATS))
    for forum in FORUMS:
        market_out.forum(args.out, market.posts, forum)


if __name__ == "__main__":
    main()
