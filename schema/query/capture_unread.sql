-- Captures of source $1 (NULL: of all) that hold something and were not read
-- whole by parser $2 and reader $3, oldest first. WARCs handed over are read by
-- their records.
SELECT c.capture_id, c.source_id
FROM mud.capture c
LEFT JOIN mud.capture_parsed p USING (capture_id)
WHERE ($1::int IS NULL OR c.source_id = $1)
  AND NOT c.whole_file
  AND c.status NOT BETWEEN 300 AND 399
  AND (p.capture_id IS NULL OR p.parser <> $2::text OR p.reader <> $3::int)
ORDER BY c.at, c.capture_id
