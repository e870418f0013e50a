-- Claims of bonds that are none any more.
DELETE FROM claim c USING bond b
WHERE c.src = b.src AND c.kind = b.kind AND c.dst = b.dst
    AND NOT EXISTS (SELECT FROM stage_bond s
        WHERE s.src = b.src AND s.kind = b.kind AND s.dst = b.dst)
