-- Lines behind line $1 (-1: all of them), at most $2.
SELECT seq, line FROM mud.ledger WHERE seq > $1::bigint
ORDER BY seq LIMIT $2::bigint
