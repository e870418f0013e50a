-- Remember where a source goes on in a place.
INSERT INTO mud.cursor (source_id, place, value, changed_at)
VALUES ($1::int, $2::text, $3::text, $4::timestamptz)
ON CONFLICT (source_id, place) DO UPDATE
SET value = excluded.value, changed_at = excluded.changed_at
