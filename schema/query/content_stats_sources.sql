-- Posts and offers of each source, and when they were posted.
SELECT s.source_id, s.name, count(p.post_id),
    count(p.post_id) FILTER (WHERE p.seller_id IS NOT NULL),
    min(p.posted_at), max(p.posted_at)
FROM source s LEFT JOIN post p USING (source_id)
GROUP BY s.source_id, s.name ORDER BY s.source_id
