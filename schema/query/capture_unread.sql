-- The next captures behind ($4, $5) of source $1 (NULL: of all) that hold
-- something and were not read whole by parser $2 and reader $3, in the order
-- of their times. WARCs handed over are read by their records,
-- images with the posts that show them.
SELECT c.capture_id, c.source_id, c.at
FROM mud.capture c
LEFT JOIN mud.capture_parsed p USING (capture_id)
WHERE ($1::int IS NULL OR c.source_id = $1)
  AND NOT c.whole_file
  AND c.status NOT BETWEEN 300 AND 399
  AND coalesce(c.content_type, '') NOT ILIKE 'image/%'
  AND NOT EXISTS (SELECT FROM mud.capture_seal z
                  WHERE z.capture_id IN (c.capture_id, c.parent_id)
                  AND z.purged_at IS NOT NULL)
  AND (p.capture_id IS NULL OR p.parser <> $2::text OR p.reader <> $3::int)
  AND (c.at, c.capture_id) > ($4::timestamptz, $5::uuid)
ORDER BY c.at, c.capture_id
LIMIT 1000
