-- What counts of the verdicts: of each pair the newest, unless withdrawn.
SELECT a, b, what FROM (
    SELECT DISTINCT ON (a, b) a, b, what FROM verdict
    ORDER BY a, b, verdict_no DESC) AS newest
WHERE what <> 'withdraw'
ORDER BY a, b
