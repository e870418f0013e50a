-- Bonds that are none any more.
DELETE FROM bond b WHERE NOT EXISTS (SELECT FROM stage_bond s
    WHERE s.src = b.src AND s.kind = b.kind AND s.dst = b.dst)
