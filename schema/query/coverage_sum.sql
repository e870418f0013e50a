-- What was read of source $1: per kind of place how many places and ranges, how
-- many of these are not whole, the oldest and the newest reading.
SELECT kind, count(DISTINCT place), count(*), count(*) FILTER (WHERE NOT whole),
    min(read_at), max(read_at)
FROM mud.coverage
WHERE source_id = $1::int
GROUP BY kind
ORDER BY kind
