-- Which revision of its post each row is, how many there are, and which was
-- seen last. Edits are ordered by their time, blocks by when they were seen.
SELECT content_id, post_id, state,
    row_number() OVER by_age - 1 AS revision,
    count(*) OVER (PARTITION BY post_id) AS revisions,
    row_number() OVER (PARTITION BY post_id ORDER BY last_seen DESC,
        edited_at DESC NULLS LAST, first_seen DESC, content_id, state) = 1
        AS newest
FROM post
WHERE post_id = ANY ($1::uuid[])
WINDOW by_age AS (PARTITION BY post_id ORDER BY coalesce(edited_at,
    CASE WHEN state = 0 THEN '-infinity' ELSE first_seen END), first_seen,
    content_id, state)
