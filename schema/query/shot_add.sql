-- A picture of capture $1: SHA-256 $2 (hex), at $3, by $4, masked $5, path $6 ('':
-- not kept), detail $7, ledger line $8.
INSERT INTO mud.shot
    (capture_id, sha256, at, by, masked, path, detail, ledger_seq)
VALUES ($1::uuid, decode($2::text, 'hex'), $3::timestamptz, $4::text, $5::boolean,
        nullif($6::text, ''), $7::jsonb, $8::bigint)
