-- Set all that can be changed of source $1, which is then due: what kept it from
-- being read may be gone.
WITH due AS (
    UPDATE mud.health
    SET next_at = now(), began_at = NULL, unfinished = false, failures = 0
    WHERE source_id = $1::int
)
UPDATE mud.source
SET url = $2::text, legal_basis = $3::text, scope = $4::jsonb,
    expires_at = $5::timestamptz, zone = $6::text, options = $7::jsonb,
    state = $8::text, state_note = $9::text
WHERE source_id = $1::int
RETURNING source_id, pg_notify('mud_source', name)
