-- The anchor that holds line $1: of a whole day before that of a part.
SELECT statement FROM mud.anchor
WHERE first_seq <= $1::bigint AND first_seq + lines > $1::bigint
ORDER BY whole DESC, lines DESC LIMIT 1
