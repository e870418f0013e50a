-- What they rest on: once, under the smaller id; the earliest capture counts.
INSERT INTO claim_evidence AS old (src, kind, dst, content_id, post_id,
    capture_id, captured_at, seen_at, reader, field, field_index, span_start,
    span_end, rule, sure, category)
SELECT DISTINCT ON (src, kind, dst, content_id, post_id) src, kind, dst,
    content_id, post_id, capture_id, captured_at, seen_at, reader, field,
    field_index, span_start, span_end, rule, sure, category
FROM (SELECT least(a, b) AS src, greatest(a, b) AS dst, s.*
      FROM stage_evidence s) AS once
ORDER BY src, kind, dst, content_id, post_id, captured_at, capture_id, field,
    field_index, span_start, span_end, sure DESC
ON CONFLICT (src, kind, dst, content_id, post_id) DO UPDATE SET
    capture_id = excluded.capture_id, captured_at = excluded.captured_at,
    seen_at = excluded.seen_at, reader = excluded.reader,
    field = excluded.field, field_index = excluded.field_index,
    span_start = excluded.span_start, span_end = excluded.span_end,
    rule = excluded.rule, sure = excluded.sure, category = excluded.category
WHERE (excluded.captured_at, excluded.capture_id)
    < (old.captured_at, old.capture_id)
