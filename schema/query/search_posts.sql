-- Some posts as they were seen last, in the columns of search_seen.
SELECT DISTINCT ON (post_id) post_id, source_id, thread_id, author_id,
    seller_id, category, direction, is_offer, state,
    edited_at IS NOT NULL AS edited, author, author_key, reading_of,
    extra ? 'forward' AS forward, extra ? 'reply_to' AS reply,
    extra ? 'images' AS image, extra ? 'links' AS link, first_seen
FROM post WHERE post_id = ANY ($1::uuid[])
ORDER BY post_id, seen_at DESC, content_id, state
