-- Stretches of groups of source $1 that no export covers: of ids or of times
-- (us), between those that are covered; $2: how many.
WITH range AS (
    SELECT place, unit, read_from, read_at,
        max(read_to) OVER (PARTITION BY place, unit
            ORDER BY read_from, read_to
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM mud.coverage
    WHERE source_id = $1::int AND kind = 'group' AND unit IN ('id', 'time')
)
SELECT r.place, coalesce(max(t.title), ''), r.unit, r.before + 1,
    r.read_from - 1, coalesce(bool_or(t.engine = 'telegram'), false),
    min(r.read_at)
FROM range r LEFT JOIN mud.thread t
    ON t.source_id = $1::int AND t.thread_key = r.place
WHERE r.read_from > r.before + 1
GROUP BY r.place, r.unit, r.before, r.read_from
ORDER BY r.place, r.unit, r.before
LIMIT $2::int
