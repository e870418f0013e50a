-- What was tallied last of source $1, the newest first.
SELECT capture_id, engine, kind, read_at, posts, counted,
    array_to_string(filled, ' '), alike
FROM tally
WHERE source_id = $1::int
ORDER BY read_at DESC, capture_id DESC, part DESC
LIMIT 3000
