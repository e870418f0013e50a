-- What a content says, alone and in a post's context ($2, or the nil id).
SELECT a.type, a.field, a.field_index, a.span_start, a.span_end, a.kind,
    a.value, a.role, a.low, a.high, a.unit, a.per_qty, a.currency, a.sure,
    r.name
FROM annotation a LEFT JOIN rule r USING (reader, rule)
WHERE a.content_id = $1::uuid AND a.post_id = $2::uuid
ORDER BY a.field, a.field_index, a.span_start, a.span_end, a.ann_no
LIMIT 1000
