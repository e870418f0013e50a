-- A round of source $1 began with account $2 at $3.
UPDATE mud.account SET used_at = $3::timestamptz
WHERE source_id = $1::int AND name = $2::text
