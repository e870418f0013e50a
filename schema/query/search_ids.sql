-- The 64 documents of a chunk.
SELECT ids, times FROM search_ids
WHERE segment = $1::int AND chunk = $2::int
