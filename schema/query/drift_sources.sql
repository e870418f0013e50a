-- Sources of which anything was read.
SELECT source_id FROM source s
WHERE EXISTS (SELECT 1 FROM tally t WHERE t.source_id = s.source_id)
ORDER BY source_id
