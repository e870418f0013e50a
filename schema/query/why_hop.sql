-- One hop from some nodes, over claims up to kind $2; at most $3.
SELECT src, kind, dst FROM claim
WHERE src = ANY ($1::uuid[]) AND kind <= $2::int
ORDER BY src, kind, dst LIMIT $3::int
