-- Posts behind ($2, $3) that nobody saw since $1 and that are no offer of a
-- seller: content, post, author and the captures that show them.
SELECT content_id, post_id, (array_agg(author_id))[1],
    array_agg(DISTINCT capture_id)::text
FROM mud.post
WHERE (content_id, post_id) > ($2::uuid, $3::uuid)
GROUP BY content_id, post_id
HAVING max(last_seen) < $1::timestamptz AND bool_and(seller_id IS NULL)
ORDER BY content_id, post_id LIMIT 20000
