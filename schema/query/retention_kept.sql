-- Own keys that were kept when their data key went, and that nothing holds any
-- more at $1.
SELECT k.salt, min(s.capture_id::text), count(*)
FROM mud.seal_kept k
JOIN mud.seal_key d ON d.key_id = k.key_id AND d.wrapped IS NULL
JOIN mud.capture_seal s ON s.salt = k.salt OR s.file_salt = k.salt
JOIN mud.capture c USING (capture_id)
GROUP BY k.salt
HAVING NOT bool_or(mud.capture_held(c.capture_id, c.source_id, c.sealed_at,
                                    $1::timestamptz))
