-- Alarms of source $1 (NULL: of all), those that stand first, then the newest;
-- $2: ended ones too; $3: how many.
SELECT s.name, coalesce(nullif(d.engine, ''), t.engine, ''), d.kind, d.what, d.rises, d.since, d.found_at,
    d.checked_at, d.was, d.was_of, d.now, d.now_of, d.score, d.example, c.url,
    d.cleared_at
FROM drift d JOIN source s USING (source_id)
    LEFT JOIN capture c ON c.capture_id = d.example
    LEFT JOIN tally t ON t.capture_id = d.example AND t.part = 0
WHERE ($1::int IS NULL OR d.source_id = $1::int)
    AND ($2::boolean OR d.cleared_at IS NULL)
ORDER BY d.cleared_at IS NOT NULL, d.found_at DESC, s.name, d.engine, d.kind,
    d.what
LIMIT $3::int
