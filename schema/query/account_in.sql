-- The board let account $2 of source $1 in, at $3.
UPDATE mud.account SET tries = 0, logged_in_at = $3::timestamptz
WHERE source_id = $1::int AND name = $2::text
