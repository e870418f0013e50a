-- A person's verdict on two nodes.
INSERT INTO verdict (a, b, what, by, reason, nodes)
VALUES (least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid), $3, $4, $5,
    $6::jsonb)
RETURNING verdict_no, at
