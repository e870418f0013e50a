-- Which of the posts $2 the saved searches $1 have found already.
SELECT alert_id, post_id FROM alert_post
WHERE alert_id = ANY ($1::int[]) AND post_id = ANY ($2::uuid[])
