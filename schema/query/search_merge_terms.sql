-- Posting lists of some segments, each segment's together and in term order.
SELECT term, segment, postings FROM search_posting
WHERE segment = ANY ($1::int[])
ORDER BY array_position($1::int[], segment), term
