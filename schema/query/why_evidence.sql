-- What a claim rests on: the surest, then the earliest.
SELECT e.content_id, e.post_id, e.capture_id, e.seen_at, e.field,
    e.field_index, e.span_start, e.span_end, e.sure, e.category, e.reader,
    e.rule, count(*) OVER ()
FROM claim_evidence e
WHERE e.src = least($1::uuid, $2::uuid) AND e.kind = $3::int
    AND e.dst = greatest($1::uuid, $2::uuid)
ORDER BY e.sure DESC, e.seen_at, e.content_id, e.post_id
LIMIT $4::int
