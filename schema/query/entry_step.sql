-- The capture from which address $1 was come to by time $2 of source $3: the page
-- on which its link stood (address $4), or one that redirects there.
SELECT c.capture_id, c.url, c.referrer, c.at, c.status, c.sha256, c.account,
    c.location IS NOT DISTINCT FROM $1::text AS redirected
FROM mud.capture c
WHERE c.source_id = $3::int AND c.at <= $2::timestamptz
    AND ((c.location = $1::text
            AND c.at > $2::timestamptz - interval '2 minutes')
        OR c.url = $4::text)
ORDER BY redirected DESC, c.at DESC
LIMIT 1
