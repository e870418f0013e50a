-- Captures that cannot be read any more and whose posts are still there.
SELECT count(*) FROM mud.capture_parsed p JOIN mud.capture c USING (capture_id)
JOIN mud.capture_seal z ON z.capture_id = coalesce(c.parent_id, c.capture_id)
WHERE z.purged_at IS NOT NULL
