-- A new saved search; no row when there is one of that name.
INSERT INTO alert (name, query, zone, since, made_by, made_at)
VALUES ($1, $2, $3, $4::timestamptz, $5, $4::timestamptz)
ON CONFLICT (name) DO NOTHING RETURNING alert_id
