-- What stands before source $1.
SELECT kind, made_by, since, last_at, hits, url, capture_id, wait_until
FROM mud.wall WHERE source_id = $1::int
