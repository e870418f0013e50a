-- Of which source and thread the page at $1 is (its id $2); $3: sources.
SELECT source_id, thread FROM frontier
WHERE source_id = ANY ($3::int[]) AND page_id = $2::uuid AND url = $1
