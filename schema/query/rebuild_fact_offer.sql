-- What each post offers, product by product; $1: by the rebuild.
INSERT INTO rebuild_fact (key, what, later, source_id, shown, value)
SELECT md5(p.post_id || ' ' || d.name || ' ' || o.product)::uuid, 'offer',
    $1::boolean, min(p.source_id),
    jsonb_build_object('post', p.post_id, 'post_key', min(p.post_key),
        'direction', d.name, 'product', o.product),
    string_agg(DISTINCT c.name || ' ' || coalesce(o.low::text, '') || '..'
        || coalesce(o.high::text, '') || ' ' || coalesce(o.unit, '')
        || coalesce(' at ' || t.prices, ''), '; ')
FROM post p
JOIN offer o ON o.content_id = p.content_id AND o.post_id = p.reading_of
JOIN code c ON c.list = 'category' AND c.id = o.category
JOIN code d ON d.list = 'direction' AND d.id = o.direction
LEFT JOIN LATERAL (
    SELECT string_agg(concat_ws(' ', r.low, r.high, r.currency, r.per,
        r.per_qty, r.role), ', ' ORDER BY r.price_no) AS prices
    FROM price r
    WHERE r.content_id = o.content_id AND r.post_id = o.post_id
        AND r.reader = o.reader AND r.offer_no = o.offer_no
) AS t ON true
WHERE p.is_offer AND p.state = 0
GROUP BY p.post_id, d.name, o.product
