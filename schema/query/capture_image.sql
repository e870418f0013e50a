-- The image at address $1 of source $2: handed over with capture $3 ("capture:"
-- and its id) first, then the nearest to the time $4.
SELECT c.capture_id
FROM mud.capture c
WHERE c.url = $1::text AND c.source_id = $2::int AND NOT c.whole_file
    AND c.status IN (0, 200)
ORDER BY (c.referrer IS NOT DISTINCT FROM $3::text) DESC,
    greatest(c.at - $4::timestamptz, $4::timestamptz - c.at), c.capture_id
LIMIT 1
