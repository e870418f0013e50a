-- Content ids of some chunks of 64 documents of a segment.
SELECT chunk, ids FROM search_ids
WHERE segment = $1::int AND chunk = ANY ($2::int[])
