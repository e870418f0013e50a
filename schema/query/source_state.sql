-- Set the state of the source named $1 to $2 because of $3, and record that $4
-- did at $5. One that is active, or is so again, is due at once; what was not
-- is forgiven its errors of before.
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
), forgiven AS (
    DELETE FROM mud.outcome o USING was
    WHERE o.source_id = was.source_id AND $2::text = 'active'
      AND was.state <> 'active' AND o.class = 'error' AND o.hour > '-infinity'
), due AS (
    UPDATE mud.health h
    SET next_at = now(), began_at = NULL, unfinished = false, failures = 0
    FROM was
    WHERE h.source_id = was.source_id AND $2::text = 'active'
)
UPDATE mud.source s
SET state = $2::text,
    state_note = CASE WHEN $2::text <> 'active' THEN $3::text END
FROM was WHERE s.source_id = was.source_id
RETURNING s.source_id, pg_notify('mud_source', s.name)
