-- Evidence between two lists of nodes: how much.
SELECT src, kind, dst, count(*) FROM claim_evidence
WHERE src = ANY ($1::uuid[]) AND dst = ANY ($2::uuid[])
GROUP BY src, kind, dst
