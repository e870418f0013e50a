-- Titles and signatures seen with a post: the earliest capture counts. Seen
-- anew, they are to be indexed again.
WITH done AS (
    INSERT INTO part AS old (content_id, post_id, capture_id, seen_at,
        posted_at)
    SELECT DISTINCT ON (content_id, post_id) content_id, post_id, capture_id,
        seen_at, posted_at
    FROM stage_part
    ORDER BY content_id, post_id, seen_at, capture_id, posted_at
    ON CONFLICT (content_id, post_id) DO UPDATE SET
        capture_id = excluded.capture_id, seen_at = excluded.seen_at,
        posted_at = excluded.posted_at
    WHERE (excluded.seen_at, excluded.capture_id)
        < (old.seen_at, old.capture_id)
    RETURNING content_id
)
INSERT INTO search_pending (content_id)
SELECT DISTINCT content_id FROM done
ORDER BY content_id
ON CONFLICT DO NOTHING
