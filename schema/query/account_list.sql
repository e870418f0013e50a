-- Accounts of source $1, the one that was used longest ago first.
SELECT name, coalesce(proxy, ''), coalesce(hours, ''), state,
       coalesce(note, ''), tries, logged_in_at, used_at, added_at, added_by
FROM mud.account
WHERE source_id = $1::int
ORDER BY used_at NULLS FIRST, added_at, name
