-- Offers in order of time, from behind ($1, $2, $3, $4) on; $5: of one
-- source, or NULL; $6: before; $7: how many. Offers of the newest text of a
-- post and of older ones: all that was said.
SELECT p.content_id, p.post_id, o.offer_no, p.thread_id, p.seller_id,
    p.capture_id, p.source_id, p.post_key, p.author, p.author_key, p.posted_at,
    o.category, o.direction, o.product, o.low, o.high, o.unit, o.sure,
    o.span_start, o.span_end, c.body, p.extra ->> 'url',
    coalesce(p.posted_at, p.first_seen) AS at, t.prices
FROM post p
JOIN offer o ON o.content_id = p.content_id AND o.post_id = p.reading_of
JOIN content c ON c.content_id = p.content_id
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('min', r.low, 'max', r.high,
        'currency', r.currency, 'per', r.per, 'per_qty', r.per_qty,
        'role', r.role) ORDER BY r.price_no) AS prices
    FROM price r
    WHERE r.content_id = o.content_id AND r.post_id = o.post_id
        AND r.reader = o.reader AND r.offer_no = o.offer_no
) AS t ON true
WHERE p.is_offer AND p.state = 0
    AND (coalesce(p.posted_at, p.first_seen), p.post_id)
        >= ($1::timestamptz, $2::uuid)
    AND (coalesce(p.posted_at, p.first_seen), p.post_id, p.content_id,
         o.offer_no) > ($1::timestamptz, $2::uuid, $3::uuid, $4::smallint)
    AND ($5::int IS NULL OR p.source_id = $5::int)
    AND ($6::timestamptz IS NULL
         OR coalesce(p.posted_at, p.first_seen) < $6::timestamptz)
ORDER BY coalesce(p.posted_at, p.first_seen), p.post_id, p.content_id,
    o.offer_no
LIMIT $7::int
