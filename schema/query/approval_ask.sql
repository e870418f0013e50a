-- Ask: $1 action, $2 kind, $3 object, $4 digest in hex, $5 detail, $6 reason,
-- $7 who. The trigger gives the time.
INSERT INTO mud.approval (action, kind, object, digest, detail, reason,
                          asked_by, asked_at)
VALUES ($1::text, $2::text, $3::text, decode($4::text, 'hex'), $5::jsonb,
        $6::text, $7::text, now())
RETURNING approval_id
