-- Captures that something said of these nodes ($1) rests on.
SELECT DISTINCT capture_id FROM mud.claim_evidence
WHERE src = ANY ($1::uuid[]) OR dst = ANY ($1::uuid[])
