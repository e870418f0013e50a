-- How asking the authority went: $1 failures in a row, not before $2, why $3.
UPDATE mud.anchor_stamping
SET tries = $1::int, next_at = $2::timestamptz, reason = $3::text
