-- Alarms of source $1 that stand.
SELECT engine, kind, what, was FROM drift
WHERE source_id = $1::int AND cleared_at IS NULL
