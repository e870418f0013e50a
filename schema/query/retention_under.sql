-- What data key $1 still opens: salts of each capture under it, and whether
-- something holds it at $2.
SELECT s.capture_id, CASE WHEN s.key_id = $1::uuid THEN s.salt END,
    CASE WHEN s.file_key = $1::uuid THEN s.file_salt END,
    mud.capture_held(c.capture_id, c.source_id, c.sealed_at, $2::timestamptz)
FROM mud.capture_seal s JOIN mud.capture c USING (capture_id)
WHERE s.purged_at IS NULL AND (s.key_id = $1::uuid OR s.file_key = $1::uuid)
