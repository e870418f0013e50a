-- Sources of the kinds $1 that a process of its own is to listen to: those of $2,
-- which are listened to here already, as long as they may be; others when they are
-- due and nobody has them.
SELECT s.name
FROM mud.source s JOIN mud.health h USING (source_id)
WHERE s.kind = ANY ($1::text[]) AND s.state = 'active' AND s.expires_at > now()
  AND (s.name = ANY ($2::text[])
       OR h.next_at <= now()
          AND (h.leased_until IS NULL OR h.leased_until <= now()))
ORDER BY h.next_at
