-- Set all that can be changed of source $1.
UPDATE mud.source
SET url = $2::text, legal_basis = $3::text, scope = $4::jsonb,
    expires_at = $5::timestamptz, zone = $6::text, options = $7::jsonb,
    state = $8::text, state_note = $9::text
WHERE source_id = $1::int
RETURNING source_id
