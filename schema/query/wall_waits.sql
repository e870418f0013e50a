-- Source $1 is tried again at $2 by itself.
UPDATE mud.wall SET wait_until = $2::timestamptz WHERE source_id = $1::int
