-- Which of these posts are of a source.
SELECT DISTINCT post_id FROM post
WHERE post_id = ANY ($1::uuid[]) AND source_id = $2::int
