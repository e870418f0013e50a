-- Posts with offers and their sellers by period ($4: week or month, in zone $5)
-- and category ($6, or all), from $1 to before $2, as captured until $3.
SELECT (date_trunc($4, coalesce(posted_at, first_seen) AT TIME ZONE $5))::date,
    category, count(DISTINCT post_id), count(DISTINCT seller_id)
FROM post
WHERE is_offer AND state = 0 AND first_seen <= $3::timestamptz
    AND coalesce(posted_at, first_seen) >= $1::timestamptz
    AND coalesce(posted_at, first_seen) < $2::timestamptz
    AND ($6::smallint IS NULL OR category = $6::smallint)
GROUP BY 1, 2 ORDER BY 1, 2
