-- Files of pictures whose capture was purged.
SELECT DISTINCT path FROM mud.shot s
JOIN mud.capture_seal c ON c.capture_id = s.capture_id
WHERE s.path IS NOT NULL AND c.purged_at IS NOT NULL ORDER BY path
