-- What each node offers, and its prices.
SELECT p.seller_id, o.product, o.direction, r.currency, r.per, r.per_qty,
    min(coalesce(r.low, r.high)), max(coalesce(r.high, r.low)),
    count(DISTINCT p.post_id)
FROM post p
JOIN offer o ON o.content_id = p.content_id AND o.post_id = p.reading_of
LEFT JOIN price r ON r.content_id = o.content_id AND r.post_id = o.post_id
    AND r.reader = o.reader AND r.offer_no = o.offer_no AND r.role = 'price'
WHERE p.seller_id IS NOT NULL AND p.state = 0
GROUP BY p.seller_id, o.product, o.direction, r.currency, r.per, r.per_qty
