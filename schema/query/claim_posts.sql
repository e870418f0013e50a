-- The same, with the posts that say it.
SELECT src, kind, dst, count(*), array_agg(DISTINCT post_id)
FROM claim_evidence
WHERE src = ANY ($1::uuid[]) AND dst = ANY ($2::uuid[])
GROUP BY src, kind, dst
