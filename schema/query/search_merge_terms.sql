-- Posting lists of some segments, term by term.
SELECT term, segment, postings FROM search_posting
WHERE segment = ANY ($1::int[])
ORDER BY term, segment
