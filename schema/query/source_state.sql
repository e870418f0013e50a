-- Set the state of the source named $1.
UPDATE mud.source SET state = $2, state_note = $3 WHERE name = $1
RETURNING source_id
