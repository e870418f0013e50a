-- Decide on request $1: $2 approved or refused, by $3, note $4.
UPDATE mud.approval SET state = $2::text, decided_by = $3::text,
    decided_at = now(), note = $4::text
WHERE approval_id = $1::bigint AND state = 'asked'
