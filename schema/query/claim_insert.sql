-- Claims of the batch, from either end.
INSERT INTO claim AS old (src, kind, dst, fwd, first_seen, last_seen)
SELECT src, kind, dst, fwd, min(seen_at), max(seen_at)
FROM (SELECT a AS src, kind, b AS dst, true AS fwd, seen_at FROM stage_evidence
      UNION ALL
      SELECT b, kind, a, false, seen_at FROM stage_evidence) AS both_ways
GROUP BY src, kind, dst, fwd
ORDER BY src, kind, dst
ON CONFLICT (src, kind, dst) DO UPDATE SET
    first_seen = least(old.first_seen, excluded.first_seen),
    last_seen = greatest(old.last_seen, excluded.last_seen)
WHERE excluded.first_seen < old.first_seen
    OR excluded.last_seen > old.last_seen
