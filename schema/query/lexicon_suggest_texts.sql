-- Bodies in one order, with one author each and the spans of contacts, victims'
-- data, indicators and candidates; $1: seen at this source, or NULL; $2: not
-- before, or NULL.
SELECT c.content_id, c.body, c.category, c.is_offer, t.template_id, p.author,
    s.spans
FROM content c
JOIN (SELECT content_id,
          min(coalesce(author_id::text, source_id || ' ' || author_key)) author
      FROM post
      WHERE ($1::int IS NULL OR source_id = $1::int)
          AND ($2::timestamptz IS NULL
               OR coalesce(posted_at, first_seen) >= $2::timestamptz)
      GROUP BY content_id) p USING (content_id)
LEFT JOIN template t USING (content_id)
LEFT JOIN (SELECT content_id,
               string_agg(span_start || ' ' || span_end, ' '
                          ORDER BY span_start, span_end) spans
           FROM annotation
           WHERE type IN (4, 5, 6, 7) AND field = 0
           GROUP BY content_id) s USING (content_id)
WHERE c.field = 0
ORDER BY c.content_id
