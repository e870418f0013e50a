-- Bonds of this computation.
INSERT INTO bond AS old (src, kind, dst, fwd, bits, holds, reasons, first_seen,
    last_seen)
SELECT s.src, s.kind, s.dst, s.fwd, s.bits, s.holds, s.reasons::jsonb,
    coalesce(p.first_seen, 'epoch'), coalesce(p.last_seen, 'epoch')
FROM stage_bond s
LEFT JOIN (SELECT src, kind, dst, min(seen_at) AS first_seen,
               max(seen_at) AS last_seen
           FROM stage_proof GROUP BY src, kind, dst) AS p
    ON p.src = least(s.src, s.dst) AND p.kind = s.kind
    AND p.dst = greatest(s.src, s.dst)
ORDER BY s.src, s.kind, s.dst
ON CONFLICT (src, kind, dst) DO UPDATE SET fwd = excluded.fwd,
    bits = excluded.bits, holds = excluded.holds, reasons = excluded.reasons,
    first_seen = excluded.first_seen, last_seen = excluded.last_seen
WHERE (old.fwd, old.bits, old.holds, old.reasons, old.first_seen,
        old.last_seen)
    IS DISTINCT FROM (excluded.fwd, excluded.bits, excluded.holds,
        excluded.reasons, excluded.first_seen, excluded.last_seen)
