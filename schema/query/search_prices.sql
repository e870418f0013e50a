-- Prices in these texts.
SELECT content_id, post_id, currency, low, high FROM price
WHERE content_id = ANY ($1::uuid[]) AND coalesce(low, high) IS NOT NULL
ORDER BY content_id
