-- Seconds until a source of the kinds $1 is due that is not due yet; none: NULL.
SELECT extract(epoch FROM h.next_at - now())
FROM mud.health h JOIN mud.source s USING (source_id)
WHERE h.next_at > now() AND s.state = 'active' AND s.expires_at > now()
  AND s.kind = ANY ($1::text[])
ORDER BY h.next_at LIMIT 1
