-- Which of some posts are gone.
SELECT post_id, last_seen, gone_at, capture_id, unit, became FROM gone
WHERE post_id = ANY ($1::uuid[])
