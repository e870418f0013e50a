"""A graph of 2 million posts and 5 million links, and questions to it.

Messages go through the product's own ingest; what they lack of the links is
made in the database with the product's ids (graph/ids.h): personas that use
contacts, some shared by two or three, a few by many, each link from both ends
and with its evidence. The database "graph" of a kept home (--keep) is used
again."""
import json

PERSONAS = 900000
CONTACTS = 1100000

FILL = """
SET search_path = mud, public;
SET synchronous_commit = off;
CREATE OR REPLACE FUNCTION pg_temp.id(text, text, text) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$ SELECT encode(substring(sha256(convert_to(
    $1 || chr(31) || $2 || chr(31) || $3, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid
$$;
CREATE TEMP TABLE p AS SELECT i, pg_temp.id('persona', 'telegram', '7' || i)
    AS id FROM generate_series(1, %(personas)d) i;
CREATE TEMP TABLE c AS SELECT j, pg_temp.id('contact', 'qq', (9000000000 + j)
    ::text) AS id FROM generate_series(0, %(contacts)d - 1) j;
CREATE TEMP TABLE s AS SELECT row_number() OVER () - 1 AS n, content_id,
    post_id, capture_id FROM post LIMIT 100000;
CREATE TEMP TABLE l AS SELECT DISTINCT p.id AS a, c.id AS b, p.i %% 100000 AS n
    FROM p CROSS JOIN generate_series(1, 3) k
    JOIN c ON c.j = CASE WHEN p.i %% 50 = 0 AND k = 3 THEN p.i / 50 %% 700
        ELSE (p.i::bigint * 7 + k * 104729 * (1 + p.i %% 3)) %% %(contacts)d END
    WHERE k <= 2 OR p.i %% 3 < 2 LIMIT %(links)d;
INSERT INTO entity SELECT id, 1, 'telegram', '7' || i, 'p' || i,
    '2026-01-01', '2026-02-01' FROM p WHERE id IN (SELECT a FROM l)
    ORDER BY id ON CONFLICT DO NOTHING;
INSERT INTO entity SELECT id, 2, 'qq', (9000000000 + j)::text,
    (9000000000 + j)::text, '2026-01-01', '2026-02-01' FROM c
    WHERE id IN (SELECT b FROM l) ORDER BY id ON CONFLICT DO NOTHING;
INSERT INTO claim SELECT * FROM (
    SELECT a, 1, b, true, '2026-01-01'::timestamptz, '2026-02-01'::timestamptz
    FROM l UNION ALL SELECT b, 1, a, false, '2026-01-01', '2026-02-01' FROM l)
    x ORDER BY 1, 3 ON CONFLICT DO NOTHING;
INSERT INTO claim_evidence SELECT least(a, b), 1, greatest(a, b), content_id,
    post_id, capture_id, '2026-02-01', '2026-02-01',
    (SELECT reader FROM reader LIMIT 1), 0, 0, 0, 3,
    (SELECT rule FROM rule LIMIT 1), 900, 1
    FROM l JOIN s USING (n) ORDER BY 1, 3 ON CONFLICT DO NOTHING;
ANALYZE;
"""


def count(db, table):
    with db.cursor() as c:
        c.execute("SELECT count(*) FROM mud." + table)
        return c.fetchone()[0]


def fill(db, links):
    lacking = (links - count(db, "claim")) // 2
    if lacking <= 0:
        return
    with db.cursor() as c:
        c.execute(FILL % {"personas": PERSONAS, "contacts": CONTACTS,
                          "links": lacking})
    db.commit()


def run(place, program, generate, output, say, args):
    import psycopg2
    dsn = place.have("graph")
    db = psycopg2.connect(dsn)
    if count(db, "post") < args.posts:
        dsn = place.fresh("graph")
        first = generate(place, "first.json", "chat", "--count",
                         str(args.posts))
        more = generate(place, "more.json", "chat", "--seed", "2", "--count",
                        "100000")
        db.close()
        for name, path in (("into an empty database", first),
                           ("into that", more)):
            made = json.loads(output(program("ingest"), path, "--dsn=" + dsn))
            say("%d messages %s: %.0f/s, %.1f us of CPU each, peak %d MiB" % (
                made["messages"], name, made["messages"] / made["wall_s"],
                1e6 * made["cpu_s"] / made["messages"], made["peak_mib"]))
        db = psycopg2.connect(dsn)
    fill(db, args.links)
    say("%d posts, %d contents, %d nodes, %d links" % tuple(
        count(db, t) for t in ("post", "content", "entity", "claim")))
    db.close()
    say(output(program("graph"), "--dsn=" + dsn))
