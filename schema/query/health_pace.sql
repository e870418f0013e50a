-- Rounds are $1 seconds apart from now on, where the source says nothing else.
UPDATE mud.health h
SET next_at = h.began_at + make_interval(secs => $1::bigint)
FROM mud.source s
WHERE s.source_id = h.source_id AND h.failures = 0 AND NOT h.unfinished
  AND h.began_at IS NOT NULL AND NOT s.options ? 'every_s'
