-- What a person decided on a hit.
UPDATE alert_hit SET state = $2, state_by = $3, state_at = $4::timestamptz,
    note = coalesce($5, note)
WHERE hit = $1::bigint
