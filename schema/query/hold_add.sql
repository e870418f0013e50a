-- Hold $1 ("source", "capture", "case", "actor") $2, because $3, says $4 at $5.
INSERT INTO mud.hold (kind, object, reason, set_by, set_at)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::timestamptz)
ON CONFLICT (kind, object) WHERE released_at IS NULL DO NOTHING
RETURNING hold_id
