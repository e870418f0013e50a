-- The secret of the active person $1, unless it has expired.
SELECT s.kind, s.hash
FROM mud.person_secret s JOIN mud.person p USING (name)
WHERE s.name = $1::text AND p.state = 'active'
    AND (s.expires_at IS NULL OR s.expires_at > now())
