-- Texts to match next, at most $1.
SELECT content_id FROM alert_waiting ORDER BY content_id LIMIT $1::int
