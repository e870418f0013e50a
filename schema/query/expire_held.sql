-- Which of these captures ($1) are in a case, or held otherwise.
SELECT c.capture_id FROM mud.hold_capture c JOIN mud.hold h USING (hold_id)
WHERE c.capture_id = ANY ($1::uuid[]) AND h.released_at IS NULL
UNION
SELECT c.capture_id FROM mud.capture c JOIN mud.source s USING (source_id)
JOIN mud.hold h ON h.kind = 'source' AND h.object = s.name
WHERE c.capture_id = ANY ($1::uuid[]) AND h.released_at IS NULL
