-- Captures beside capture $1: its witnesses, and those that it is one of.
SELECT witness_id AS other, at, by, true AS second FROM mud.witness
WHERE capture_id = $1::uuid
UNION ALL
SELECT capture_id, at, by, false FROM mud.witness WHERE witness_id = $1::uuid
ORDER BY at, other LIMIT 100
