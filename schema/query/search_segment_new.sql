-- A new segment of $1 documents; its number.
INSERT INTO search_segment (segment, docs)
SELECT coalesce(max(segment), 0) + 1, $1::int FROM search_segment
RETURNING segment
