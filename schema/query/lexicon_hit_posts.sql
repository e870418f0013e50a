-- Posts that hold one of the contents $1 or are one of $2; $3: of one source,
-- or NULL; $4: not before, or NULL.
SELECT DISTINCT ON (post_id) post_id, source_id,
    to_char(coalesce(posted_at, first_seen) AT TIME ZONE 'UTC', 'YYYY-MM'),
    is_offer, category
FROM post
WHERE (content_id = ANY ($1::uuid[]) OR post_id = ANY ($2::uuid[]))
    AND ($3::int IS NULL OR source_id = $3::int)
    AND ($4::timestamptz IS NULL
         OR coalesce(posted_at, first_seen) >= $4::timestamptz)
ORDER BY post_id, content_id
