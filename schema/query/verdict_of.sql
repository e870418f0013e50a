-- All verdicts on a pair, the newest first.
SELECT verdict_no, what, by, at, reason, nodes FROM verdict
WHERE a = least($1::uuid, $2::uuid) AND b = greatest($1::uuid, $2::uuid)
ORDER BY verdict_no DESC
