-- The board let account $2 of source $1 in, at $3.
UPDATE mud.account SET tries = 0, logged_in_at = $3::timestamptz,
    log_ins = CASE WHEN log_in_day = ($3::timestamptz AT TIME ZONE 'UTC')::date
              THEN log_ins + 1 ELSE 1 END,
    log_in_day = ($3::timestamptz AT TIME ZONE 'UTC')::date
WHERE source_id = $1::int AND name = $2::text
