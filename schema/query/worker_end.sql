-- Worker $1 ends: it holds nothing any more. Those not seen for a day go, too.
WITH gone AS (
    DELETE FROM mud.worker
    WHERE name = $1::text OR seen_at < now() - interval '1 day'
)
UPDATE mud.health SET worker = NULL, leased_at = NULL, leased_until = NULL
WHERE worker = $1::text
