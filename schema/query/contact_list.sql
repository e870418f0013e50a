-- Contacts, wallets and payees, by id from behind $1 on; $2: last seen not
-- before; $3: how many.
SELECT entity_id, kind, type, value, shown, first_seen, last_seen FROM entity
WHERE kind IN (2, 3, 4) AND entity_id > $1::uuid
    AND ($2::timestamptz IS NULL OR last_seen >= $2::timestamptz)
ORDER BY entity_id
LIMIT $3::int
