-- What bonds rest on: the first post in which a node shows an end, a contact.
INSERT INTO stage_proof (src, kind, dst, content_id, post_id, capture_id,
    captured_at, seen_at, reader, field, field_index, span_start, span_end,
    rule, sure, category)
SELECT DISTINCT ON (w.src, w.kind, w.dst, w.other) w.src, w.kind, w.dst,
    e.content_id, e.post_id, e.capture_id, e.captured_at, e.seen_at, e.reader,
    e.field, e.field_index, e.span_start, e.span_end, e.rule, e.sure,
    e.category
FROM stage_want w
JOIN claim_evidence e ON e.src = least(w.node, w.other)
    AND e.dst = greatest(w.node, w.other) AND e.kind <= 3
WHERE w.other IS NOT NULL
ORDER BY w.src, w.kind, w.dst, w.other, e.seen_at, e.post_id, e.content_id,
    e.kind
