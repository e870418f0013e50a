#!/usr/bin/python3
"""The peer: a Python pipeline for the job of bench_ingest, with jieba, re and
psycopg2 (execute_values, 1,000 messages a commit), into the same schema in a
database of its own. With --search=gin contents carry a tsvector of jieba's
words under a GIN index; with none words are still cut, since the reading needs
them, but not stored. Prints one line of JSON like bench_ingest.

  peer.py EXPORT.json --dsn=DSN [--search=gin|none] [--hmm]
"""
import argparse
import hashlib
import json
import os
import resource
import sys
import time

import psycopg2
from psycopg2.extras import execute_values

import peer_rules as rules

BATCH = 1000
NIL = "00000000-0000-0000-0000-000000000000"
READER = 1
AT = "2026-11-20 02:00:00+00"  # of the capture


def make_id(kind, *parts):
    return hashlib.sha256(
        "\x1f".join((kind,) + parts).encode()).hexdigest()[:32]


def byte_offsets(text, places):
    """UTF-8 offsets of sorted character places, in one pass."""
    out, last, at = {}, 0, 0
    for place in sorted(places):
        at += len(text[last:place].encode())
        out[place], last = at, place
    return out


class Batch:
    def __init__(self):
        self.contents, self.posts, self.annotations = [], [], []
        self.offers, self.prices, self.evidence = [], [], []
        self.entities, self.claims = {}, {}
        self.n = 0


class Pipeline:
    def __init__(self, dsn, search, hmm):
        self.search = search == "gin"
        self.db = psycopg2.connect(dsn, options="-c search_path=mud")
        self.reader = rules.Reader(hmm)
        self.seen = set()  # contents stored by this run
        self.capture = make_id("capture", "bench")
        self.count = self.offers = 0
        with self.db, self.db.cursor() as c:
            c.execute("INSERT INTO source (source_id, name, kind, legal_basis,"
                      " scope, expires_at, created_by) VALUES (1, 'bench',"
                      " 'chat', 'made-up data', '{}', 'infinity', 'bench')"
                      " ON CONFLICT DO NOTHING")
            c.execute("INSERT INTO reader VALUES (1, 'peer')"
                      " ON CONFLICT DO NOTHING")
            if self.search:
                c.execute("ALTER TABLE content ADD COLUMN IF NOT EXISTS"
                          " tsv tsvector")
                c.execute("CREATE INDEX IF NOT EXISTS content_tsv ON content"
                          " USING gin (tsv)")
            else:
                # Not asked for: the product's queue of texts to be indexed
                # is a part of its ingest, so the peer's stays as it is.
                c.execute("ALTER TABLE content DROP COLUMN IF EXISTS tsv")

    def node(self, batch, prefix, kind, type_, value, shown, at):
        key = make_id(prefix, type_, value)
        old = batch.entities.get(key)
        if old is None:
            batch.entities[key] = [key, kind, type_, value, shown, at, at]
        else:
            old[5], old[6] = min(old[5], at), max(old[6], at)
        return key

    def claim(self, batch, a, kind, b, content, post, at, span, category):
        if a == b:
            return
        for src, dst, fwd in ((a, b, True), (b, a, False)):
            old = batch.claims.get((src, kind, dst))
            if old is None:
                batch.claims[src, kind, dst] = [src, kind, dst, fwd, at, at]
            else:
                old[4], old[5] = min(old[4], at), max(old[5], at)
        batch.evidence.append((min(a, b), kind, max(a, b), content, post,
                               self.capture, AT, at, READER, 0, 0, span[0],
                               span[1], 0, 900, category))

    def content(self, batch, key, body, reading, spans):
        category, direction, offer, entities, words, plain = reading
        self.seen.add(key)
        row = (key, 0, rules.language(body, plain), body,
               rules.sketch(plain, entities), READER, category, direction,
               offer, 900)
        if self.search:
            row += ([w for w in set(words) if not w.isspace()],)
        batch.contents.append(row)
        product = None
        for no, (type_, start, end, kind, value, role, low, high, unit, per,
                 currency) in enumerate(entities):
            batch.annotations.append(
                (key, NIL, READER, no, type_, 0, 0, spans[start], spans[end],
                 kind, value, role, low, high, unit, per, currency, product,
                 0, 900))
            if type_ == rules.PRODUCT and product is None:
                product = no
        if offer:
            self.offer(batch, key, reading, spans)

    @staticmethod
    def offer(batch, key, reading, spans):
        category, direction, _, entities = reading[:4]
        offers, prices = {}, 0
        quantity = next((e for e in entities if e[0] == rules.QUANTITY), None)
        for e in entities:
            if e[0] == rules.PRODUCT and e[3] not in offers:
                low, high, unit = (quantity[6], quantity[7], quantity[8]) \
                    if quantity and not offers else (None, None, None)
                offers[e[3]] = True
                batch.offers.append(
                    (key, NIL, READER, len(offers) - 1, category, direction,
                     e[3], low, high, unit, 900, spans[e[1]], spans[e[2]]))
        for e in entities:
            if e[0] == rules.PRICE:
                batch.prices.append(
                    (key, NIL, READER, 0, prices, e[6], e[7], e[10], e[8],
                     e[9], e[5], spans[e[1]], spans[e[2]]))
                prices += 1

    def message(self, batch, chat, message):
        text, key = message["text"], str(message["id"])
        author, name = message["from_id"], message["from"]
        at = int(message["date_unixtime"])
        reading = self.reader.read(text)
        category, direction, offer, entities = reading[:4]
        body = rules.masked(text, entities)
        spans = byte_offsets(
            text, {p for e in entities for p in (e[1], e[2])})
        victims = "".join("%d-%d %s;" % (spans[e[1]], spans[e[2]], e[3])
                          for e in entities if e[0] == rules.VICTIM)
        content = make_id("content", body, victims + victims) if victims \
            else make_id("content", body)
        if content not in self.seen:
            self.content(batch, content, body, reading, spans)
        post = make_id("post", "1", chat["id"], chat["id"], key)
        persona = make_id("persona", "telegram", author)
        extra = {}
        if "reply_to_message_id" in message:
            extra["reply_to"] = str(message["reply_to_message_id"])
        extra["where"] = [batch.n, batch.n]
        when = iso(at)
        batch.posts.append(
            (content, post, 0, chat["thread"], 1, persona,
             persona if offer else None, self.capture, AT, 1, AT, AT, key,
             None, name, author, when, 1, None, None, None, NIL, category,
             direction, offer, 900, json.dumps(extra)))
        self.link(batch, chat, reading, persona, (author, name), content, post,
                  when, spans)
        self.count += 1
        self.offers += offer
        batch.n += 1

    def link(self, batch, chat, reading, persona, author, content, post, at,
             spans):
        category, _, offer, entities = reading[:4]
        contacts = [e for e in entities if e[0] == rules.CONTACT]
        if not offer and not contacts:
            return
        group = None
        if offer:
            self.node(batch, "persona", 1, "telegram", author[0], author[1],
                      at)
            group = self.node(batch, "group", 5, "telegram", chat["id"],
                              chat["name"], at)
            about = next(e for e in entities if e[0] == rules.PRODUCT)
            self.claim(batch, persona, 5, group, content, post, at,
                       (spans[about[1]], spans[about[2]]), category)
        for e in contacts:
            if not offer and e[5] != "reported":
                continue
            wallet = e[3] in rules.WALLETS
            node = self.node(batch, "contact", 3 if wallet else 2, e[3], e[4],
                             e[4], at)
            if e[5] == "reported":
                group = group or self.node(batch, "group", 5, "telegram",
                                           chat["id"], chat["name"], at)
            self.claim(batch, group if e[5] == "reported" else persona,
                       4 if e[5] == "reported" else 2 if wallet else 1, node,
                       content, post, at, (spans[e[1]], spans[e[2]]), category)

    def write(self, batch):
        contents = "INSERT INTO content (content_id, field, lang, body," \
            " sketch, reader, category, direction, is_offer, sure%s)" \
            " VALUES %%s ON CONFLICT DO NOTHING" % (
                ", tsv" if self.search else "")
        template = "(%s::uuid,%s,%s,%s,%s,%s,%s,%s,%s,%s" + (
            ",array_to_tsvector(%s::text[]))" if self.search else ")")
        with self.db, self.db.cursor() as c:
            self.put(c, contents, batch.contents, template)
            self.put(c, "INSERT INTO post (content_id, post_id, state,"
                     " thread_id, source_id, author_id, seller_id, capture_id,"
                     " seen_at, rank, first_seen, last_seen, post_key,"
                     " position, author, author_key, posted_at,"
                     " posted_precision, edited_at, title_id, signature_id,"
                     " reading_of, category, direction, is_offer, sure, extra)"
                     " VALUES %s ON CONFLICT DO NOTHING", batch.posts,
                     "(%s::uuid,%s::uuid,%s,%s::uuid,%s,%s::uuid,%s::uuid,"
                     "%s::uuid,%s::timestamptz,%s,%s::timestamptz,"
                     "%s::timestamptz,%s,%s::int,%s,%s,%s::timestamptz,%s,"
                     "%s::timestamptz,%s::uuid,%s::uuid,%s::uuid,%s,%s,%s,%s,"
                     "%s::jsonb)")
            self.put(c, "INSERT INTO annotation VALUES %s ON CONFLICT DO"
                     " NOTHING", batch.annotations, "(%s::uuid,%s::uuid" +
                     ",%s" * 10 + ",%s::float8,%s::float8,%s,%s::float8,%s,"
                     "%s::int,%s,%s)")
            self.put(c, "INSERT INTO offer VALUES %s ON CONFLICT DO NOTHING",
                     batch.offers, "(%s::uuid,%s::uuid,%s,%s,%s,%s,%s,"
                     "%s::float8,%s::float8,%s,%s,%s,%s)")
            self.put(c, "INSERT INTO price VALUES %s ON CONFLICT DO NOTHING",
                     batch.prices, "(%s::uuid,%s::uuid,%s,%s,%s,%s::float8,"
                     "%s::float8,%s,%s,%s::float8,%s,%s,%s)")
            self.put(c, "INSERT INTO entity AS old VALUES %s ON CONFLICT"
                     " (entity_id) DO UPDATE SET first_seen = least("
                     "old.first_seen, excluded.first_seen), last_seen ="
                     " greatest(old.last_seen, excluded.last_seen)",
                     sorted(batch.entities.values()),
                     "(%s::uuid,%s,%s,%s,%s,%s::timestamptz,%s::timestamptz)")
            self.put(c, "INSERT INTO claim AS old VALUES %s ON CONFLICT"
                     " (src, kind, dst) DO UPDATE SET first_seen = least("
                     "old.first_seen, excluded.first_seen), last_seen ="
                     " greatest(old.last_seen, excluded.last_seen)",
                     sorted(batch.claims.values()), "(%s::uuid,%s,%s::uuid,%s,"
                     "%s::timestamptz,%s::timestamptz)")
            self.put(c, "INSERT INTO claim_evidence VALUES %s ON CONFLICT DO"
                     " NOTHING", batch.evidence, "(%s::uuid,%s,%s::uuid,"
                     "%s::uuid,%s::uuid,%s::uuid,%s::timestamptz,"
                     "%s::timestamptz" + ",%s" * 8 + ")")

    @staticmethod
    def put(cursor, sql, rows, template):
        if rows:
            execute_values(cursor, sql, rows, template, page_size=1000)

    def run(self, path):
        with open(path, encoding="utf-8") as f:
            export = json.load(f)
        chat = {"id": str(export["id"]), "name": export["name"]}
        chat["thread"] = make_id("thread", "1", chat["id"], chat["id"])
        with self.db, self.db.cursor() as c:
            c.execute("INSERT INTO thread VALUES (%s, 1, 'telegram', %s, '',"
                      " %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                      (chat["thread"], chat["id"], chat["id"], chat["name"],
                       AT, AT))
        batch = Batch()
        for message in export["messages"]:
            self.message(batch, chat, message)
            if batch.n == BATCH:
                self.write(batch)
                batch = Batch()
        self.write(batch)
        with self.db, self.db.cursor() as c:
            c.execute("INSERT INTO capture_parsed VALUES (%s, 'peer', 1, %s,"
                      " '[]') ON CONFLICT DO NOTHING",
                      (self.capture, self.count))


def iso(unix):
    return time.strftime("%Y-%m-%d %H:%M:%S+00", time.gmtime(unix))


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("export")
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--search", choices=["gin", "none"], default="gin")
    parser.add_argument("--hmm", action="store_true")
    args = parser.parse_args()
    begun = time.monotonic()
    pipeline = Pipeline(args.dsn, args.search, args.hmm)
    start, used = time.monotonic() - begun, cpu()
    begun = time.monotonic()
    pipeline.run(args.export)
    wall, used = time.monotonic() - begun, cpu() - used
    json.dump({
        "who": "peer", "search": args.search, "hmm": args.hmm,
        "messages": pipeline.count, "bytes": os.path.getsize(args.export),
        "start_s": round(start, 3), "ingest_s": round(wall, 3),
        "wall_s": round(wall, 3), "cpu_s": round(used, 3),
        "per_s": round(pipeline.count / wall), "offers": pipeline.offers,
        "peak_mib": resource.getrusage(
            resource.RUSAGE_SELF).ru_maxrss // 1024}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
