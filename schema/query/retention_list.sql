-- Sources with their class, captures, how many of them are purged, and the
-- oldest that can be read.
SELECT s.name, coalesce(r.class, '1y'),
    (SELECT count(*) FROM mud.capture c WHERE c.source_id = s.source_id),
    (SELECT count(*) FROM mud.capture c JOIN mud.capture_seal z
         ON z.capture_id = coalesce(c.parent_id, c.capture_id)
     WHERE c.source_id = s.source_id AND z.purged_at IS NOT NULL),
    (SELECT count(*) FROM mud.hold h
     WHERE h.kind = 'source' AND h.object = s.name AND h.released_at IS NULL)
FROM mud.source s LEFT JOIN mud.retention r USING (source_id) ORDER BY s.name
