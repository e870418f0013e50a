-- Evidence between two lists of nodes: how much, and one capture of each.
SELECT src, kind, dst, count(*), array_agg(DISTINCT capture_id)
FROM claim_evidence
WHERE src = ANY ($1::uuid[]) AND dst = ANY ($2::uuid[])
GROUP BY src, kind, dst
