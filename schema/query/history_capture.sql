-- The last capture of $2 in source $1 until $3, and the first behind it.
(SELECT capture_id, at, true AS until FROM capture
 WHERE source_id = $1::int AND url = $2 AND at <= $3::timestamptz
 ORDER BY at DESC LIMIT 1)
UNION ALL
(SELECT capture_id, at, false FROM capture
 WHERE source_id = $1::int AND url = $2 AND at > $3::timestamptz
 ORDER BY at LIMIT 1)
