-- Posting lists of all terms from $1 on, before $2.
SELECT term, segment, postings FROM search_posting
WHERE term >= $1 AND term < $2
