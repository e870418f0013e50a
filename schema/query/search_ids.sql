-- Some chunks of 64 documents.
SELECT chunk, ids, times FROM search_ids
WHERE segment = $1::int AND chunk = ANY ($2::int[])
