-- Lines that name a capture which has no row, at most $1.
SELECT l.seq, l.object FROM mud.ledger l
LEFT JOIN mud.capture c ON c.ledger_seq = l.seq
WHERE l.op IN ('capture', 'recover') AND c.ledger_seq IS NULL
ORDER BY l.seq LIMIT $1::bigint
