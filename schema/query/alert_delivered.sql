-- Hits of $1 up to number $2 were handed out.
UPDATE alert SET delivered = $2::bigint
WHERE alert_id = $1::int AND delivered < $2::bigint
