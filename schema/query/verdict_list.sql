-- Verdicts on some nodes, the oldest first.
SELECT verdict_no, a, b, what, by, at, reason, nodes FROM verdict
WHERE a = ANY ($1::uuid[]) OR b = ANY ($1::uuid[])
ORDER BY verdict_no
