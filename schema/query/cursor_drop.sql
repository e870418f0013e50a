-- Forget where source $1 goes on in place $2.
DELETE FROM mud.cursor WHERE source_id = $1::int AND place = $2::text
