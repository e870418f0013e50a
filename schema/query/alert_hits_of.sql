-- Hits of the saved searches $1 on the texts $2.
SELECT hit, alert_id, content_id FROM alert_hit
WHERE alert_id = ANY ($1::int[]) AND content_id = ANY ($2::uuid[])
ORDER BY hit
