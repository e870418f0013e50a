-- Set account $2 of source $1 to state $3 because of $4, and record that $5 did at
-- $6. One that is active again has all its tries, and its source is due.
WITH was AS (
    SELECT source_id, name, state FROM mud.account
    WHERE source_id = $1::int AND name = $2::text
    FOR UPDATE
), kept AS (
    INSERT INTO mud.source_change (source_id, changed_at, changed_by, field,
                                   was, becomes, note)
    SELECT source_id, $6::timestamptz, $5::text, 'account ' || name, state,
           $3::text, coalesce($4::text, '')
    FROM was WHERE state <> $3::text
), due AS (
    UPDATE mud.health h
    SET next_at = now(), began_at = NULL, unfinished = false, failures = 0
    FROM was
    WHERE h.source_id = was.source_id AND $3::text = 'active'
)
UPDATE mud.account a
SET state = $3::text, note = $4::text,
    tries = CASE WHEN $3::text = 'active' THEN 0 ELSE a.tries END,
    log_ins = CASE WHEN $3::text = 'active' THEN 0 ELSE a.log_ins END
FROM was WHERE a.source_id = was.source_id AND a.name = was.name
RETURNING a.name
