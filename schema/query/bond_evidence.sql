-- What they rest on.
INSERT INTO claim_evidence AS old (src, kind, dst, content_id, post_id,
    capture_id, captured_at, seen_at, reader, field, field_index, span_start,
    span_end, rule, sure, category)
SELECT DISTINCT ON (src, kind, dst, content_id, post_id) src, kind, dst,
    content_id, post_id, capture_id, captured_at, seen_at, reader, field,
    field_index, span_start, span_end, rule, sure, category
FROM stage_proof
ORDER BY src, kind, dst, content_id, post_id, field, span_start, span_end
ON CONFLICT (src, kind, dst, content_id, post_id) DO UPDATE SET
    capture_id = excluded.capture_id, captured_at = excluded.captured_at,
    seen_at = excluded.seen_at, reader = excluded.reader,
    field = excluded.field, field_index = excluded.field_index,
    span_start = excluded.span_start, span_end = excluded.span_end,
    rule = excluded.rule, sure = excluded.sure, category = excluded.category
WHERE (old.capture_id, old.captured_at, old.seen_at, old.reader, old.field,
        old.field_index, old.span_start, old.span_end, old.rule, old.sure,
        old.category)
    IS DISTINCT FROM (excluded.capture_id, excluded.captured_at,
        excluded.seen_at, excluded.reader, excluded.field,
        excluded.field_index, excluded.span_start, excluded.span_end,
        excluded.rule, excluded.sure, excluded.category)
