-- A new hit; its number.
INSERT INTO alert_hit (alert_id, content_id, post_id, at, found_at, found)
VALUES ($1::int, $2::uuid, $3::uuid, $4::timestamptz, $5::timestamptz,
    $6::jsonb)
RETURNING hit
