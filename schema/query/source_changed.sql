-- Record the changes $5 (field, was, becomes) of source $1 at $2 by $3, because
-- of $4.
INSERT INTO mud.source_change (source_id, changed_at, changed_by, note, field,
                               was, becomes)
SELECT $1::int, $2::timestamptz, $3::text, $4::text, c.field, c.was, c.becomes
FROM jsonb_to_recordset($5::jsonb) AS c (field text, was text, becomes text)
ORDER BY c.field
