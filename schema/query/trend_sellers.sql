-- Sellers by the period of their first offer of a category; the arguments of
-- trend_offers.
SELECT (date_trunc($4, at AT TIME ZONE $5))::date, category, count(*), count(*)
FROM (
    SELECT seller_id, category, min(coalesce(posted_at, first_seen)) AS at
    FROM post
    WHERE is_offer AND state = 0 AND seller_id IS NOT NULL
        AND first_seen <= $3::timestamptz
        AND ($6::smallint IS NULL OR category = $6::smallint)
    GROUP BY seller_id, category
) AS first
WHERE at >= $1::timestamptz AND at < $2::timestamptz
GROUP BY 1, 2 ORDER BY 1, 2
