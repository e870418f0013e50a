-- What people confirmed to be one with some nodes, from either end.
SELECT v.a, 16, v.b FROM (
    SELECT DISTINCT ON (a, b) a, b, what FROM verdict
    WHERE a = ANY ($1::uuid[]) OR b = ANY ($1::uuid[])
    ORDER BY a, b, verdict_no DESC) AS v
WHERE v.what = 'confirm'
UNION ALL
SELECT v.b, 16, v.a FROM (
    SELECT DISTINCT ON (a, b) a, b, what FROM verdict
    WHERE a = ANY ($1::uuid[]) OR b = ANY ($1::uuid[])
    ORDER BY a, b, verdict_no DESC) AS v
WHERE v.what = 'confirm'
ORDER BY 1, 2, 3
