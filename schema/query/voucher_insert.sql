-- Keep a signature or time stamp unless it is there.
INSERT INTO mud.anchor_voucher (name, kind, day, lines, whole, at, sha256, body)
VALUES ($1::text, $2::text, $3::date, $4::bigint, $5::boolean, $6::timestamptz,
    sha256(decode($7::text, 'hex')), decode($7::text, 'hex'))
ON CONFLICT DO NOTHING
