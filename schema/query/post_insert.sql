-- Sightings: the best view, then the earliest capture gives the row; won are
-- the rows that this batch gave. Equal input again changes nothing.
WITH done AS (
    INSERT INTO post AS old (content_id, post_id, state, first_seen, last_seen,
        thread_id, source_id, author_id, seller_id, capture_id, seen_at, rank, post_key,
        position, author, author_key, posted_at, posted_precision, edited_at,
        title_id, signature_id, reading_of, category, direction, is_offer,
        sure, extra)
    SELECT content_id, post_id, state, first_seen, last_seen,
        thread_id, source_id, author_id, seller_id, capture_id, seen_at, rank, post_key,
        position, author, author_key, posted_at, posted_precision, edited_at,
        title_id, signature_id, reading_of, category, direction, is_offer,
        sure, extra::jsonb
    FROM stage_post
    ORDER BY content_id, post_id, state
    ON CONFLICT (content_id, post_id, state) DO UPDATE SET
        first_seen = least(old.first_seen, excluded.first_seen),
        last_seen = greatest(old.last_seen, excluded.last_seen),
        (thread_id, source_id, author_id, seller_id, capture_id, seen_at, rank, post_key,
            position, author, author_key, posted_at, posted_precision,
            edited_at, title_id, signature_id, reading_of, category, direction,
            is_offer, sure, extra) = (
            SELECT excluded.thread_id, excluded.source_id, excluded.author_id,
                excluded.seller_id, excluded.capture_id, excluded.seen_at, excluded.rank,
                excluded.post_key, excluded.position, excluded.author,
                excluded.author_key, excluded.posted_at,
                excluded.posted_precision, excluded.edited_at,
                excluded.title_id, excluded.signature_id, excluded.reading_of,
                excluded.category, excluded.direction, excluded.is_offer,
                excluded.sure, excluded.extra
            WHERE (excluded.rank, excluded.seen_at, excluded.capture_id)
                < (old.rank, old.seen_at, old.capture_id)
            UNION ALL
            SELECT old.thread_id, old.source_id, old.author_id, old.seller_id, old.capture_id,
                old.seen_at, old.rank, old.post_key, old.position, old.author,
                old.author_key, old.posted_at, old.posted_precision,
                old.edited_at, old.title_id, old.signature_id, old.reading_of,
                old.category, old.direction, old.is_offer, old.sure, old.extra
            WHERE (excluded.rank, excluded.seen_at, excluded.capture_id)
                >= (old.rank, old.seen_at, old.capture_id))
    WHERE excluded.first_seen < old.first_seen
        OR excluded.last_seen > old.last_seen
        OR (excluded.rank, excluded.seen_at, excluded.capture_id)
            < (old.rank, old.seen_at, old.capture_id)
    RETURNING content_id, post_id, state, capture_id, seen_at, xmax <> 0
        AS replaced
), again AS (
    INSERT INTO search_pending (content_id)
    SELECT DISTINCT content_id FROM done
    ORDER BY content_id
    ON CONFLICT DO NOTHING
)
INSERT INTO stage_won (content_id, post_id, replaced)
SELECT d.content_id, d.post_id, d.replaced
FROM done d JOIN stage_post s USING (content_id, post_id, state, capture_id)
WHERE s.state = 0
