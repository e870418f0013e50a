"""Who is held to be whom, against a market of market.py whose sellers are
known: pairs of personas and contacts that one actor holds, pairs that one
seller has; and what costs each error.

A node that is nobody's (a guarantor, a shop's bot) is in no pair. A node that
the product never made is alone and counts against recall. An error is laid to
the case of the posts behind the claim: of a wrong claim, how many wrong pairs
would be gone without the claims of its case; of a missing one, how many right
pairs it would bring. The costs of cases overlap where two errors hold the same.
"""
import collections
import glob
import json
import os
import subprocess

STRONG = (1, 2, 3)  # uses, paid at, together: graph/ids.h


class Sets:
    def __init__(self):
        self.up = {}

    def root(self, key):
        self.up.setdefault(key, key)
        while self.up[key] != key:
            self.up[key] = self.up[self.up[key]]
            key = self.up[key]
        return key

    def join(self, a, b):
        self.up[self.root(a)] = self.root(b)


def rows(dsn, sql):
    import psycopg2
    with psycopg2.connect(dsn, options="-c search_path=mud") as db:
        with db.cursor() as c:
            c.execute(sql)
            return c.fetchall()


def pairs(n):
    return n * (n - 1) // 2


def count(keys, owner, actor):
    """(pairs rightly together, together, of one seller)"""
    both = collections.Counter((actor(k), owner[k]) for k in keys)
    return [sum(map(pairs, counter.values())) for counter in (
        both, collections.Counter(map(actor, keys)),
        collections.Counter(owner[k] for k in keys))]


class Graph:
    """What the product made of it: the actor of each node and the claims that
    hold actors together, each with the cases of the posts behind it."""

    def __init__(self, dsn, truth):
        names = {row[0]: "%s|%s" % row[1:] for row in rows(
            dsn, "SELECT entity_id, type, value FROM entity"
            " WHERE kind IN (1, 2, 3, 4)")}
        self.made = set(names.values())
        self.actors = {names[e]: a for e, a in rows(
            dsn, "SELECT entity_id, actor_id FROM actor_member") if e in names}
        cases = {tuple(row[:2]): row[5] for row in truth["posts"]}
        self.claims = collections.defaultdict(dict)
        for a, b, site, post, text in rows(dsn, """
                SELECT e.src, e.dst, t.site, p.post_key, c.body
                FROM claim_evidence e JOIN content c USING (content_id)
                JOIN post p USING (content_id, post_id)
                JOIN thread t USING (thread_id)
                WHERE e.kind <= 3 OR e.kind IN (9, 10, 13)
                ORDER BY 1, 2, 3, 4"""):
            if a in names and b in names:
                self.claims[tuple(sorted((names[a], names[b])))].setdefault(
                    cases.get((site, post), "?"), text)

    def actor(self, key):
        return self.actors.get(key, key)

    def holding(self):
        return [c for c in self.claims if self.actor(c[0]) == self.actor(c[1])]


def wrong(graph, owner, keys):
    """{case: [claims, wrong pairs without them, an example]}"""
    bad = collections.defaultdict(list)
    holding = graph.holding()
    for claim in holding:
        # What is known by a name alone, and no seller's, is its account's.
        owners = {owner.get(k) for k in claim
                  if "|name:" not in k or k in owner}
        if len(owners) > 1 or None in owners:
            for case in graph.claims[claim]:
                bad[case].append(claim)
    out = {}
    for case, claims in bad.items():
        without, gone = Sets(), set(claims)
        for claim in holding:
            if claim not in gone:
                without.join(*claim)
        right, together, _ = count(keys, owner, without.root)
        out[case] = [len(claims), together - right,
                     "%s - %s: %s" % (*claims[0],
                                      graph.claims[claims[0]][case])]
    return out


def missing(graph, truth, owner, keys):
    """{case: [links, right pairs that they bring, an example]}"""
    out, lost = {}, collections.defaultdict(list)
    for a, b, case in truth["links"]:
        if graph.actor(a) != graph.actor(b) and (a, b) not in lost[case]:
            lost[case].append((a, b))
    for case, links in lost.items():
        if not links:
            continue
        more = Sets()  # of one seller's part of an actor
        for a, b in links:
            more.join((owner[a], graph.actor(a)), (owner[b], graph.actor(b)))
        both = collections.Counter(
            (owner[k], more.root((owner[k], graph.actor(k)))) for k in keys)
        unmade = [k for k in links[0] if k not in graph.made]
        out[case] = [len(links), sum(map(pairs, both.values())),
                     " - ".join(links[0]) + (
                         " (never made: %s)" % unmade[0] if unmade else "")]
    return out


def short(text):
    text = " ".join(text.split())
    return text if len(text) < 150 else text[:147] + "..."


def measure(dsn, path, say):
    """Prints the figures and what costs each error."""
    with open(path, encoding="utf-8") as f:
        truth = json.load(f)
    owner = {k: v for part in ("personas", "contacts")
             for k, v in truth[part].items() if v}
    keys = sorted(owner)
    graph = Graph(dsn, truth)
    say("%d sellers, %d personas, %d contacts, %d posts" % (
        len(set(owner.values())),
        *[sum(1 for v in truth[part].values() if v)
          for part in ("personas", "contacts")], len(truth["posts"])))
    say("%-24s %9s %9s %9s %9s %9s" % ("pairs of", "together", "rightly",
                                      "of one", "precision", "recall"))
    for name, some in (("personas and contacts", keys),
                       ("personas", [k for k in keys
                                     if k in truth["personas"]])):
        right, together, one = count(some, owner, graph.actor)
        say("%-24s %9d %9d %9d %9.3f %9.3f" % (
            name, together, right, one, right / max(1, together),
            right / max(1, one)))
    right, together, one = count(keys, owner, graph.actor)
    say("never made: %d of %d nodes" % (
        sum(1 for k in keys if k not in graph.made), len(keys)))
    say("\nwrong claims, by the case of the post: claims, wrong pairs that "
        "would be gone without them (of %d)" % (together - right))
    for case, (n, left, example) in sorted(
            wrong(graph, owner, keys).items(), key=lambda x: x[1][1]):
        say("%-18s %5d %8d   %s" % (case, n, together - right - left,
                                    short(example)))
    say("\nmissing links, by their case: links, right pairs they would bring "
        "(of %d)" % (one - right))
    for case, (n, then, example) in sorted(
            missing(graph, truth, owner, keys).items(),
            key=lambda x: -x[1][1]):
        say("%-18s %5d %8d   %s" % (case, n, then - right, short(example)))


def run(place, program, bench_db, command, say):
    """A market of market.py in a home of its own, read by the product."""
    home = place.file("home-market")
    market = place.file("market")
    env = dict(os.environ, MUDLARK_HOME=home, LANG="C.UTF-8")
    env.pop("MUDLARK_DSN", None)
    quiet = {"env": env, "stdout": subprocess.DEVNULL}
    chats = sorted(glob.glob(market + "/chat-*/result.json"))
    try:
        for source, files in (("chats", chats),
                              ("forum", [market + "/forum"]),
                              ("board", [market + "/board"])):
            command(program, "source", "add", source, "--kind", "chat",
                    "--basis", "made up", "--expires", "2099-12-31",
                    "--zone", "+08:00", "--quiet", **quiet)
            command(program, "import", *files, "--source", source, "--quiet",
                    **quiet)
        dsn = command(bench_db, "dsn", home, "mudlark",
                      stdout=subprocess.PIPE).stdout
        measure(dsn.strip(), market + "/truth.json", say)
    finally:
        command(program, "db", "stop", "--quiet", **quiet)
