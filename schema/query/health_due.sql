-- Up to $4 sources of the kinds $1 that are due, the longest due first: active,
-- not expired, not among $3, and read by no other worker than $2 now.
SELECT s.source_id, s.name, s.kind, h.next_at
FROM mud.health h JOIN mud.source s USING (source_id)
WHERE h.next_at <= now() AND s.state = 'active' AND s.expires_at > now()
  AND s.kind = ANY ($1::text[]) AND s.source_id <> ALL ($3::int[])
  AND (h.leased_until IS NULL OR h.leased_until <= now()
       OR h.worker = $2::text)
ORDER BY h.next_at LIMIT $4::int
