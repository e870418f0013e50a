"""The reading of the Python peer: words by jieba, values by regular
expressions, as an engineer would write it with the product's own word lists
(../nlp/lexicon): the same kinds of entities and of contacts, Traditional to
Simplified, language, a sketch of each text. No alignment: texts whose NFKC form has another
length are read as they stand."""
import hashlib
import os
import re
import struct
import unicodedata
import zlib

import jieba

LEXICON = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "..", "nlp", "lexicon")
CATEGORIES = ("benign bots personal_data attack_for_hire malware phishing "
              "hacking_training virtual_property account_trade money_mule "
              "sms_traffic_fraud market_service other").split()
DIRECTIONS = {"none": 0, "sell": 1, "buy": 2, "recruit": 3}
PRODUCT, QUANTITY, PRICE, CONTACT, VICTIM = 1, 2, 3, 4, 5
WALLETS = {"btc", "eth", "tron"}
MASKS = ("", "*", "\u00d7", "\u25a0", "\U0001f7e6")

# Cues of a contact, then its identifier.
CONTACTS = [
    ("qq", re.compile(r"(?:qq|扣扣|企鹅|q ?q|加q|咨询qq|(?<![a-z0-9])q)[号:+ 是]*"
                      r"([1-9](?:[^\w\n]?[0-9ol]){5,10})(?![0-9])")),
    ("wechat", re.compile(r"(?:微信|薇信|威信|v信|加微|vx|wx)[号:+ 是]*"
                          r"([a-z][a-z0-9_-]{5,19})")),
    ("telegram", re.compile(r"(?:纸飞机|飞机|电报|電報|telegram|телеграм|tg)[:+ 号]*"
                            r"(?:@|(?:https?://)?t\.me/)?"
                            r"([a-z][a-z0-9_]{4,31})")),
    ("telegram", re.compile(r"(?:(?<![a-z0-9._])@|t\.me/)"
                            r"([a-z][a-z0-9_]{4,31})(?![.a-z0-9_])")),
    ("qq_group", re.compile(r"(?:qq群|扣群|q群|交流群|群号)[号:+ 是]*([1-9][0-9]{5,10})"
                            r"(?![0-9])")),
    ("icq", re.compile(r"icq[: ]*([1-9][0-9-]{5,11})")),
    ("batchat", re.compile(r"(?:蝙蝠|batchat)[号:+ ]*([0-9]{6,10})")),
    ("potato", re.compile(r"(?:土豆|potato)[号:+ ]*@?([a-z][a-z0-9_]{4,31})")),
    ("line", re.compile(r"(?<![a-z])line(?: ?id)?[:+ ]+([a-z0-9._-]{4,20})")),
    ("wickr", re.compile(r"wickr(?: me)?[:+ ]+([a-z0-9._-]{3,32})")),
    ("kakao", re.compile(r"kakao(?:talk)?[:+ ]+([a-z0-9._-]{4,20})")),
    ("skype", re.compile(r"skype[:+ ]+((?:live:)?[a-z][a-z0-9.,_-]{5,31})")),
    ("discord", re.compile(r"discord[:+ ]+([a-z0-9._]{2,32}(?:#[0-9]{4})?)")),
    ("whatsapp", re.compile(r"(?:whatsapp|wa\.me/|ws)[:+ ]*(\+?[0-9]{9,15})")),
    ("viber", re.compile(r"viber[: ]*(\+?[0-9]{9,15})")),
    ("zalo", re.compile(r"zalo[: ]*(\+?[0-9]{9,15})")),
    ("signal", re.compile(r"signal[: ]*(\+?[0-9]{9,15}|[a-z]\w+\.[0-9]{2})")),
    ("alipay", re.compile(r"(?:支付宝|alipay)[号:+ ]*([a-z0-9._@-]{6,40})")),
    ("paypal", re.compile(r"paypal[: ]*([a-z0-9._@-]{6,40})")),
    ("bank_account", re.compile(r"(?:收款|卡号|打款|账号)[:+ ]*([0-9][0-9 ]{14,22})")),
    ("matrix", re.compile(r"(@[a-z0-9._=/-]+:[a-z0-9-]+(?:\.[a-z0-9-]+)+)")),
    ("telegram_invite", re.compile(r"t\.me/(?:joinchat/|\+)([a-z0-9_-]{10,})")),
    ("whatsapp_invite", re.compile(r"chat\.whatsapp\.com/([a-z0-9]{16,})")),
    ("discord_invite", re.compile(r"discord\.(?:gg|com/invite)/([a-z0-9-]+)")),
    ("onion", re.compile(r"((?:https?://)?[a-z2-7]{16,56}\.onion)")),
    ("i2p", re.compile(r"([a-z0-9.-]{3,}\.i2p)(?![a-z])")),
    ("threema", re.compile(r"threema[: ]*([a-z0-9]{8})(?![a-z0-9])")),
    ("session", re.compile(r"(?<![0-9a-f])(05[0-9a-f]{64})(?![0-9a-f])")),
    ("tox", re.compile(r"(?<![0-9a-f])([0-9a-f]{76})(?![0-9a-f])")),
    ("simplex", re.compile(r"(simplex:/\S+|https://simplex\.chat/\S+)")),
    ("url", re.compile(r"(?:官网|网址|网站|地址)[: ]*(https?://[^\s，。]+)")),
    ("ltc", re.compile(r"(?:ltc|莱特币)[: ]*([lm3][1-9a-hj-np-z]{26,33})")),
    ("doge", re.compile(r"(?:doge|狗狗币)[: ]*(d[1-9a-hj-np-z]{25,34})")),
    ("xmr", re.compile(r"(?<![0-9a-z])([48][0-9ab][1-9a-hj-np-z]{93})")),
    ("sol", re.compile(r"sol(?:ana)?[: ]+([1-9a-hj-np-z]{32,44})")),
    ("ton", re.compile(r"(?<![\w])((?:eq|uq)[a-z0-9_-]{46})")),
]
MAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
PHONE = re.compile(r"(?<![0-9a-z])(?:\+?86[- ]?)?(1[3-9][0-9]{9})(?![0-9])")
COINS = re.compile(r"\b(?:(0x[0-9a-fA-F]{40})|(T[1-9A-HJ-NP-Za-km-z]{33})|"
                   r"((?:bc1[a-z0-9]{25,62}|[13][1-9A-HJ-NP-Za-km-z]{25,34})))"
                   r"(?![0-9A-Za-z])")
UNIT = "台|条|次|套|个|万|张|小时|月|天|年|人|组|份|шт"
UNITS = {"台": "host", "条": "record", "次": "time", "套": "set", "个": "item",
         "万": "gold", "张": "card", "小时": "hour", "月": "month", "天": "day",
         "年": "year", "人": "person", "组": "item", "份": "item", "шт": "item"}
MONEY = {"元": "CNY", "块": "CNY", "r": "CNY", "毛": "CNY", "块钱": "CNY",
         "rmb": "CNY", "u": "USDT", "usdt": "USDT", "usd": "USD", "$": "USD",
         "руб": "RUB", None: "CNY", "": "CNY"}
NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
PRICES = [  # amount, currency, unit
    re.compile(NUMBER + r"(元|块钱|块|毛|rmb|usdt|usd|руб|r|u)"
               r"(?:(?:/|一|每|per )(" + UNIT + r"|lot|[0-9]+))?(?![a-z])"),
    re.compile(NUMBER + r"()(?:/|一)(" + UNIT + r")"),
]
EACH = re.compile(r"每(" + UNIT + r")" + NUMBER + r"(元|块|毛|r|u)?")
DOLLAR = re.compile(r"\$" + NUMBER)
MANY = re.compile(NUMBER + r"(万|w|k)?(" + UNIT + r")(?![0-9])")
ID_CARD = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9]"
                     r"[0-3][0-9]{4}[0-9x](?![0-9])")
NAME = re.compile(r"(?:姓名|测试数据)[: ]?([\u4e00-\u9fff]{2,4})")
ADDRESS = re.compile(r"地址[: ]?([^,，\s]{6,40})")
REPORT = re.compile("骗子|拉黑|曝光|别转账|小心")
HAN = re.compile("[\u4e00-\u9fff]")
CYRILLIC = re.compile("[\u0400-\u04ff]")
OTHER = re.compile(r"[\W\d_]+")
JUNK = re.compile(r"[^0-9]")
BASE58 = {c: i for i, c in enumerate(
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}


def rows_of(name):
    with open(os.path.join(LEXICON, name), encoding="utf-8") as f:
        for line in f:
            if not line.startswith("#") and line.strip():
                yield line.rstrip("\n").split("\t")


def base58check(text):
    number = 0
    for c in text:
        number = number * 58 + BASE58[c]
    raw = number.to_bytes(25, "big") if number < 1 << 200 else b""
    return len(raw) == 25 and hashlib.sha256(
        hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


class Reader:
    def __init__(self, hmm=False):
        self.hmm = hmm
        jieba.setLogLevel(60)
        jieba.initialize()
        category = {row[0]: row[1] for row in rows_of("canonicals.tsv")}
        self.products, self.verbs = {}, {}
        self.simplify = {ord(row[0]): row[1] for row in rows_of("hant.tsv")}
        self.simplify.update(
            (ord(row[0]), row[1]) for row in rows_of("variant.tsv")
            if len(row[0]) == 1 and len(row[1]) == 1)
        for row in rows_of("products.tsv"):
            if "weak" not in row[2]:
                word = row[0].lower()
                self.products[word] = (row[1], CATEGORIES.index(
                    category.get(row[1], "other")))
                jieba.add_word(word)
        for row in rows_of("verbs.tsv"):
            if row[1] in DIRECTIONS:
                self.verbs[row[0].lower()] = (DIRECTIONS[row[1]], int(row[2]))

    def words(self, text):
        return jieba.lcut(text, HMM=self.hmm)

    def read(self, text):
        """(category, direction, is_offer, entities, words, plain); an entity is
        (type, start, end, kind, value, role, low, high, unit, per_qty,
        currency) with its place in characters."""
        plain = unicodedata.normalize("NFKC", text).translate(
            self.simplify).lower()
        if len(plain) != len(text):
            plain = text.lower()
        words = self.words(plain)
        found, category = [], 0
        directions = [0, 0, 0, 0]
        at = 0
        for word in words:
            product = self.products.get(word)
            if product:
                found.append((PRODUCT, at, at + len(word), product[0], None,
                              None, None, None, None, None, None))
                category = category or product[1]
            verb = self.verbs.get(word)
            if verb:
                directions[verb[0]] += verb[1]
            at += len(word)
        reported = bool(REPORT.search(plain))
        role = "reported" if reported else "advertiser"
        taken = self.victims(plain, found)
        self.contacts(text, plain, found, taken, role)
        self.amounts(plain, found, taken)
        direction = max(range(4), key=directions.__getitem__)
        values = any(e[0] in (PRICE, CONTACT) for e in found)
        offer = bool(category) and not reported and (
            values or directions[direction] > 2)
        if not offer:
            category = 0
        found.sort(key=lambda e: e[1])
        return category, direction, offer, found, words, plain

    @staticmethod
    def victims(plain, found):
        taken = []
        if "姓名" not in plain and not ID_CARD.search(plain):
            return taken
        for kind, regex, group in (("id_card", ID_CARD, 0), ("phone", PHONE, 1),
                                   ("name", NAME, 1), ("address", ADDRESS, 1)):
            for m in regex.finditer(plain):
                found.append((VICTIM, m.start(group), m.end(group), kind, None,
                              None, None, None, None, None, None))
                taken.append(m.span(group))
        return taken

    @staticmethod
    def contacts(text, plain, found, taken, role):
        def add(kind, start, end, value):
            for a, b in taken:
                if start < b and a < end:
                    return
            taken.append((start, end))
            found.append((CONTACT, start, end, kind, value, role, None, None,
                          None, None, None))

        for kind, regex in CONTACTS:
            for m in regex.finditer(plain):
                value = m.group(1)
                if kind == "qq":
                    value = JUNK.sub("", value.replace("o", "0")
                                     .replace("l", "1"))
                    if not 5 <= len(value) <= 11:
                        continue
                add(kind, m.start(1), m.end(1), value)
        if "@" in plain:
            for m in MAIL.finditer(plain):
                kind = "xmpp" if "jabber" in plain or "xmpp" in m.group() \
                    else "email"
                add(kind, m.start(), m.end(), m.group())
        for m in PHONE.finditer(plain):
            add("phone", m.start(1), m.end(1), "+86" + m.group(1))
        if len(text) > 26:
            for m in COINS.finditer(text):
                kind = ("eth", "tron", "btc")[m.lastindex - 1]
                if kind == "eth" or m.group().startswith("bc1") or \
                        base58check(m.group()):
                    add(kind, m.start(), m.end(), m.group())

    @staticmethod
    def amounts(plain, found, taken):
        def add(kind, m, amount, currency, unit):
            start, end = m.span()
            for a, b in taken:
                if start < b and a < end:
                    return
            taken.append((start, end))
            found.append((kind, start, end, "", None,
                          "price" if kind == PRICE else None, amount, amount,
                          UNITS.get(unit, ""), 1 if kind == PRICE else None,
                          currency))

        for m in EACH.finditer(plain):
            amount = float(m.group(2)) * (0.1 if m.group(3) == "毛" else 1)
            add(PRICE, m, amount, MONEY.get(m.group(3), "CNY"), m.group(1))
        for regex in PRICES:
            for m in regex.finditer(plain):
                amount = float(m.group(1)) * (
                    0.1 if m.group(2) == "毛" else 1)
                add(PRICE, m, amount, MONEY.get(m.group(2), "CNY"),
                    m.group(3))
        if "$" in plain:
            for m in DOLLAR.finditer(plain):
                add(PRICE, m, float(m.group(1)), "USD", "")
        for m in MANY.finditer(plain):
            times = {"万": 1e4, "w": 1e4, "k": 1e3}.get(m.group(2), 1)
            add(QUANTITY, m, float(m.group(1)) * times, None, m.group(3))


def sketch(plain, entities):
    """The 128 smallest hashes of pairs of neighbouring letters, contacts and
    numbers taken out; empty for short texts."""
    for e in reversed(entities):
        if e[0] == CONTACT:
            plain = plain[:e[1]] + plain[e[2]:]
    plain = OTHER.sub("", plain)
    if len(plain) < 13:
        return b""
    hashes = sorted({zlib.crc32(plain[i:i + 2].encode())
                     for i in range(len(plain) - 1)})[:128]
    return struct.pack(">%dI" % len(hashes), *hashes)


def language(text, plain):
    if HAN.search(text):
        return "zh-Hans" if plain[:9] == text[:9].lower() else "zh-Hant"
    return "ru" if CYRILLIC.search(text) else "en"


def masked(text, entities):
    """Victims' data replaced, each character by one of the same UTF-8 length."""
    spans = [(e[1], e[2]) for e in entities if e[0] == VICTIM]
    if not spans:
        return text
    out = list(text)
    for start, end in spans:
        for i in range(start, end):
            out[i] = MASKS[len(out[i].encode())]
    return "".join(out)
