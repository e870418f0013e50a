-- Capture $2 is a witness of capture $1; at $3, by $4.
INSERT INTO mud.witness (capture_id, witness_id, at, by)
VALUES ($1::uuid, $2::uuid, $3::timestamptz, $4::text)
ON CONFLICT DO NOTHING
