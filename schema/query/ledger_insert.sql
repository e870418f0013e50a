-- Append lines: $1 is a JSON array of {seq, at, op, object, actor, line, hash}.
INSERT INTO mud.ledger (seq, at, op, object, actor, line, hash)
SELECT seq, at, op, object, actor, line, decode(hash, 'hex')
FROM jsonb_to_recordset($1::jsonb) AS r(seq bigint, at timestamptz, op text,
    object text, actor text, line text, hash text)
ORDER BY seq
