-- Keep an anchor unless it is there.
INSERT INTO mud.anchor (day, lines, whole, first_seq, statement)
VALUES ($1::date, $2::bigint, $3::boolean, $4::bigint, $5::text)
ON CONFLICT DO NOTHING
