-- Where a source goes on in a place.
SELECT value, changed_at FROM mud.cursor WHERE source_id = $1::int AND place = $2::text
