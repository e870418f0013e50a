-- Source $1 is not due before $2.
UPDATE mud.health SET next_at = greatest(next_at, $2::timestamptz)
WHERE source_id = $1::int
