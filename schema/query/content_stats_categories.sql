-- Posts that are an illicit offer, by category.
SELECT category, count(*) FROM post
WHERE seller_id IS NOT NULL AND state = 0 GROUP BY category ORDER BY category
