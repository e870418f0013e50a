-- What a rebuild changed, by kind, change and source: how many, and three of
-- them.
WITH change AS (
    SELECT what, key, coalesce(b.source_id, a.source_id) AS source_id,
        CASE WHEN b.key IS NULL THEN 'appears' WHEN a.key IS NULL THEN 'goes'
            ELSE 'changes' END AS change,
        coalesce(a.shown, b.shown) AS shown, b.value AS was, a.value AS now_is
    FROM (SELECT * FROM rebuild_fact WHERE NOT later AND what <> 'rules') b
    FULL JOIN (SELECT * FROM rebuild_fact WHERE later AND what <> 'rules') a
        USING (what, key)
    WHERE b.value IS DISTINCT FROM a.value
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY what, change, source_id
        ORDER BY key) AS n, count(*) OVER (PARTITION BY what, change,
        source_id) AS many
    FROM change
)
SELECT jsonb_build_object('type', 'rebuild_diff', 'schema', 1, 'what', what,
    'change', change, 'source', min(s.name), 'count', min(many), 'examples',
    jsonb_agg(shown || jsonb_build_object('before', was, 'after', now_is)
        ORDER BY n))
FROM numbered LEFT JOIN source s USING (source_id)
WHERE n <= 3
GROUP BY what, change, source_id
ORDER BY what, change, min(s.name)
