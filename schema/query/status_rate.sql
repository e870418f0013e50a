-- Captures sealed in the ten seconds before $1.
SELECT count(*) FROM mud.capture
WHERE sealed_at > $1::timestamptz - interval '10 seconds'
