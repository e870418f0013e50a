-- The capture of address $1 from source $2 that is next in time to $3: what a page
-- that is drawn again shows there. Errors of the server show nothing.
SELECT capture_id FROM mud.capture
WHERE url = $1::text AND source_id = $2::int
AND (status = 0 OR status = 200 OR (status BETWEEN 300 AND 399
                                    AND location IS NOT NULL))
ORDER BY abs(extract(epoch FROM at - $3::timestamptz)), capture_id LIMIT 1
