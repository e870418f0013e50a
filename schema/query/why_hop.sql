-- One hop from some nodes; $2: over claims that hold actors together alone; at
-- most $3.
SELECT c.src, c.kind, c.dst FROM claim c
WHERE c.src = ANY ($1::uuid[])
    AND (NOT $2::boolean OR (c.kind IN (1, 2, 3, 9, 10, 13)
        AND NOT EXISTS (SELECT FROM loose l WHERE l.src = c.src
            AND l.kind = c.kind AND l.dst = c.dst)))
ORDER BY c.src, c.kind, c.dst LIMIT $3::int
