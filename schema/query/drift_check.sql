-- What an alarm of source $1 looks like today; $9: when it ended, or NULL.
UPDATE drift SET checked_at = $5::timestamptz, now = $6::double precision,
    now_of = $7::bigint, example = coalesce($8::uuid, example),
    cleared_at = $9::timestamptz
WHERE source_id = $1::int AND engine = $2 AND kind = $3 AND what = $4
    AND cleared_at IS NULL
