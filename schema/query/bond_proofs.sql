-- In which texts of two lists of nodes one shows the other.
SELECT src, kind, dst, content_id FROM claim_evidence
WHERE src = ANY ($1::uuid[]) AND dst = ANY ($2::uuid[]) AND kind <= 3
