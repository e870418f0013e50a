-- What an analyst says of a place.
INSERT INTO mud.candidate (kind, value, verdict, by_whom, decided_at, note)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::timestamptz, $6::text)
ON CONFLICT (kind, value) DO UPDATE
SET verdict = excluded.verdict, by_whom = excluded.by_whom,
    decided_at = excluded.decided_at, note = excluded.note
