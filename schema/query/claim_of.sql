-- Claims of some nodes, at most $2.
SELECT src, kind, dst, fwd FROM claim WHERE src = ANY ($1::uuid[])
ORDER BY src, kind, dst LIMIT $2::int
