-- Illicit offers of each node, by category and direction.
SELECT seller_id, category, direction, count(DISTINCT post_id),
    min(coalesce(posted_at, seen_at)), max(coalesce(posted_at, seen_at))
FROM post WHERE seller_id IS NOT NULL AND state = 0
GROUP BY seller_id, category, direction
