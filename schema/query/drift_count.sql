-- How many alarms stand, of source $1 (NULL: of all).
SELECT count(*) FROM drift
WHERE ($1::int IS NULL OR source_id = $1::int) AND cleared_at IS NULL
