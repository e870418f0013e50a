-- What bonds rest on: the first offer of an end under a name.
INSERT INTO stage_proof (src, kind, dst, content_id, post_id, capture_id,
    captured_at, seen_at, reader, field, field_index, span_start, span_end,
    rule, sure, category)
SELECT DISTINCT ON (w.src, w.kind, w.dst, w.node, w.name) w.src, w.kind, w.dst,
    p.content_id, p.post_id, p.capture_id, p.seen_at,
    coalesce(p.posted_at, p.seen_at), c.reader, 5, 0, 0,
    octet_length(p.author), 0, p.sure, p.category
FROM stage_want w
JOIN post p ON p.seller_id = w.node AND p.author = w.name
JOIN content c ON c.content_id = p.content_id
WHERE w.name IS NOT NULL AND p.state = 0
ORDER BY w.src, w.kind, w.dst, w.node, w.name,
    coalesce(p.posted_at, p.seen_at), p.post_id, p.content_id
