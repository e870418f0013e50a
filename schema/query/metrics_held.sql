-- How much is held: captures, posts, offers and entities as the planner knows them
-- (exactly below 100,000 rows), contacts (kind $1) by their share of entities,
-- sellers.
WITH t AS (
    SELECT c.relname, greatest(c.reltuples, 0)::bigint AS n
    FROM pg_class c
    WHERE c.oid IN ('mud.capture'::regclass, 'mud.post'::regclass,
                    'mud.offer'::regclass, 'mud.entity'::regclass)
)
SELECT
    CASE WHEN (SELECT n FROM t WHERE relname = 'capture') < 100000
        THEN (SELECT count(*) FROM mud.capture)
        ELSE (SELECT n FROM t WHERE relname = 'capture') END,
    CASE WHEN (SELECT n FROM t WHERE relname = 'post') < 100000
        THEN (SELECT count(*) FROM mud.post)
        ELSE (SELECT n FROM t WHERE relname = 'post') END,
    CASE WHEN (SELECT n FROM t WHERE relname = 'offer') < 100000
        THEN (SELECT count(*) FROM mud.offer)
        ELSE (SELECT n FROM t WHERE relname = 'offer') END,
    CASE WHEN (SELECT n FROM t WHERE relname = 'entity') < 100000
        THEN (SELECT count(*) FROM mud.entity WHERE kind = $1::int)
        ELSE ((SELECT n FROM t WHERE relname = 'entity')
            * (SELECT coalesce(avg((kind = $1::int)::int), 0)
               FROM mud.entity TABLESAMPLE SYSTEM (1)))::bigint END,
    (SELECT count(*) FROM mud.actor
     WHERE run_id = (SELECT max(run_id) FROM mud.actor_run) AND score > 0)
