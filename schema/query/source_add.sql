-- Add a source under the next number; the caller holds the lock on the table. It
-- is due at once.
WITH new AS (
    INSERT INTO mud.source (source_id, name, kind, url, legal_basis, scope,
                            expires_at, zone, options, created_by)
    SELECT coalesce(max(source_id), 0) + 1, $1::text, $2::text, $3::text,
           $4::text, $5::jsonb, $6::timestamptz, $7::text, $8::jsonb, $9::text
    FROM mud.source
    RETURNING source_id, created_at, name
), due AS (
    INSERT INTO mud.health (source_id, next_at)
    SELECT source_id, now() FROM new
)
SELECT source_id, created_at, pg_notify('mud_source', name) FROM new
