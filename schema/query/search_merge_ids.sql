-- Documents of some segments, in order.
SELECT segment, chunk, ids, times FROM search_ids
WHERE segment = ANY ($1::int[])
ORDER BY segment, chunk
