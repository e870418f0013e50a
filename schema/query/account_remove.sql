-- Take away account $2 of source $1, and record that $3 did at $4.
WITH gone AS (
    DELETE FROM mud.account WHERE source_id = $1::int AND name = $2::text
    RETURNING source_id, name, state
), kept AS (
    INSERT INTO mud.source_change (source_id, changed_at, changed_by, field,
                                   was, becomes, note)
    SELECT source_id, $4::timestamptz, $3::text, 'account ' || name, state, '',
           ''
    FROM gone
)
SELECT name FROM gone
