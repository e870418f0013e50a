-- One line.
SELECT seq, at, op, object, actor, line, encode(hash, 'hex')
FROM mud.ledger WHERE seq = $1::bigint
