-- What bonds rest on: texts of their ends.
INSERT INTO stage_proof (src, kind, dst, content_id, post_id, capture_id,
    captured_at, seen_at, reader, field, field_index, span_start, span_end,
    rule, sure, category)
SELECT DISTINCT ON (w.src, w.kind, w.dst, p.content_id, w.node) w.src, w.kind,
    w.dst, p.content_id, p.post_id, p.capture_id, p.seen_at,
    coalesce(p.posted_at, p.seen_at), c.reader, 0, 0, 0,
    octet_length(left(c.body, 60)), 0, p.sure, p.category
FROM stage_want w
JOIN post p ON p.content_id = w.content_id AND p.seller_id = w.node
JOIN content c ON c.content_id = p.content_id
WHERE p.state = 0
ORDER BY w.src, w.kind, w.dst, p.content_id, w.node,
    coalesce(p.posted_at, p.seen_at), p.post_id
