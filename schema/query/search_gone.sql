-- Which of these posts are no longer where they were; edited: another stands
-- there since.
SELECT post_id, became IS NOT NULL AS edited FROM gone
WHERE post_id = ANY ($1::uuid[])
