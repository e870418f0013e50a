-- Set the state of the source named $1 to $2 because of $3, and record that $4
-- did at $5.
WITH was AS (
    SELECT source_id, state, coalesce(state_note, '') AS note
    FROM mud.source WHERE name = $1::text
    FOR UPDATE
), kept AS (
    INSERT INTO mud.source_change (source_id, changed_at, changed_by, note,
                                   field, was, becomes)
    SELECT source_id, $5::timestamptz, $4::text, coalesce($3::text, ''),
           'state', state, $2::text
    FROM was WHERE state <> $2::text
)
UPDATE mud.source s
SET state = $2::text, state_note = $3::text
FROM was WHERE s.source_id = was.source_id
RETURNING s.source_id
