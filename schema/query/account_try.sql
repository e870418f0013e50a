-- Account $2 of source $1 is about to send its password, at $4: counted before it
-- does, and no row when it may not, having sent it $3 times without being let in
-- or been let in $5 times that day.
UPDATE mud.account SET tries = tries + 1
WHERE source_id = $1::int AND name = $2::text AND state = 'active'
  AND tries < $3::int
  AND (log_in_day IS DISTINCT FROM ($4::timestamptz AT TIME ZONE 'UTC')::date
       OR log_ins < $5::int)
RETURNING tries
