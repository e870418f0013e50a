-- A post of a hit.
INSERT INTO alert_post (alert_id, post_id, hit, at, found_at)
VALUES ($1::int, $2::uuid, $3::bigint, $4::timestamptz, $5::timestamptz)
ON CONFLICT DO NOTHING
