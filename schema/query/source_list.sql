-- All sources, or the one of the name $1; until when each waits for its site.
SELECT s.source_id, s.name, s.kind, s.url, s.legal_basis, s.zone, s.state,
       s.state_note, s.expires_at, s.created_at, s.created_by, s.scope,
       s.options, w.wait_until
FROM mud.source s LEFT JOIN mud.wall w USING (source_id)
WHERE $1::text IS NULL OR s.name = $1
ORDER BY s.name
