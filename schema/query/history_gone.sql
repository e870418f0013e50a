-- Which of these posts were no longer there at $2.
SELECT post_id, gone_at, capture_id FROM gone
WHERE post_id = ANY ($1::uuid[]) AND gone_at <= $2::timestamptz
