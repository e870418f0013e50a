-- Why $1 could not be matched, or NULL.
UPDATE alert SET trouble = $2
WHERE alert_id = $1::int AND trouble IS DISTINCT FROM $2
