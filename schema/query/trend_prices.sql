-- Prices asked for products, a row a text and period however often it was
-- posted; the arguments of trend_offers, $7: of one product, or NULL.
SELECT DISTINCT o.product, r.per,
    (date_trunc($4, coalesce(p.posted_at, p.first_seen) AT TIME ZONE $5))::date
        AS period,
    r.currency, r.low, r.high, r.per_qty,
    min((coalesce(p.posted_at, p.first_seen) AT TIME ZONE $5)::date) OVER (
        PARTITION BY o.content_id, o.post_id, date_trunc($4, coalesce(
            p.posted_at, p.first_seen) AT TIME ZONE $5)) AS day,
    o.content_id, r.offer_no, r.price_no
FROM post p
JOIN offer o ON o.content_id = p.content_id AND o.post_id = p.reading_of
JOIN price r ON r.content_id = o.content_id AND r.post_id = o.post_id
    AND r.reader = o.reader AND r.offer_no = o.offer_no
WHERE p.is_offer AND p.state = 0 AND p.first_seen <= $3::timestamptz
    AND coalesce(p.posted_at, p.first_seen) >= $1::timestamptz
    AND coalesce(p.posted_at, p.first_seen) < $2::timestamptz
    AND ($6::smallint IS NULL OR o.category = $6::smallint)
    AND o.direction = 1 AND o.product <> '' AND r.role = 'price'
    AND coalesce(r.low, r.high) > 0
    AND ($7::text IS NULL OR o.product = $7::text)
ORDER BY 1, 2, 3
