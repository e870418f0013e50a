-- Posting lists of whole terms, by segment.
SELECT term, segment, postings FROM search_posting
WHERE term = ANY ($1::text[])
