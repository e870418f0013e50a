-- Document ids of some segments, in order.
SELECT segment, chunk, ids FROM search_ids
WHERE segment = ANY ($1::int[])
ORDER BY array_position($1::int[], segment), chunk
