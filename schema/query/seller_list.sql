-- Sellers of the last run, the highest score first; $1: how many, $2: last
-- seen not before.
SELECT a.actor_id, a.score, a.summary FROM actor a
WHERE a.score > 0
    AND ($2::timestamptz IS NULL
         OR (a.summary ->> 'last_seen')::timestamptz >= $2::timestamptz)
ORDER BY a.score DESC, a.actor_id
LIMIT $1::bigint
