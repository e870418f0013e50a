-- The secret of person $1: $2 its kind, $3 its hash, $4 when it expires or NULL.
INSERT INTO mud.person_secret (name, kind, hash, made_at, expires_at)
VALUES ($1::text, $2::text, $3::text, now(), $4::timestamptz)
