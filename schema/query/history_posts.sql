-- Posts of a thread that were seen on the page $2 until $3.
SELECT DISTINCT post_id FROM post
WHERE thread_id = $1::uuid AND extra ->> 'page_url' = $2
    AND first_seen <= $3::timestamptz
ORDER BY post_id LIMIT 5000
