-- Which of these captures are of a source.
SELECT capture_id FROM capture
WHERE capture_id = ANY ($1::uuid[]) AND source_id = $2::int
