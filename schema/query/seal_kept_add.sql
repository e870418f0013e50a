-- The own key of the capture with salt $1, under data key $2, closed with
-- machine key $3: $4, at $5.
INSERT INTO mud.seal_kept (salt, key_id, machine_id, wrapped, kept_at)
VALUES ($1::uuid, $2::uuid, $3::uuid, decode($4::text, 'hex'), $5::timestamptz)
ON CONFLICT DO NOTHING
