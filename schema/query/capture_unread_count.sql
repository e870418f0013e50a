-- How many there are in all.
SELECT count(*)
FROM mud.capture c
LEFT JOIN mud.capture_parsed p USING (capture_id)
WHERE ($1::int IS NULL OR c.source_id = $1)
  AND NOT c.whole_file
  AND c.status NOT BETWEEN 300 AND 399
  AND coalesce(c.content_type, '') NOT ILIKE 'image/%'
  AND (p.capture_id IS NULL OR p.parser <> $2::text OR p.reader <> $3::int)
