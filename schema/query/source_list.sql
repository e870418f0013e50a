-- All sources, or the one of the name $1.
SELECT source_id, name, kind, url, legal_basis, zone, state, state_note,
       expires_at, created_at, created_by, scope, options
FROM mud.source
WHERE $1::text IS NULL OR name = $1
ORDER BY name
