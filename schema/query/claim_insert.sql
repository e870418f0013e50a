-- Claims of the batch, which come from either end.
INSERT INTO claim AS old (src, kind, dst, fwd, first_seen, last_seen)
SELECT src, kind, dst, fwd, first_seen, last_seen FROM stage_claim
ORDER BY src, kind, dst
ON CONFLICT (src, kind, dst) DO UPDATE SET
    first_seen = least(old.first_seen, excluded.first_seen),
    last_seen = greatest(old.last_seen, excluded.last_seen)
WHERE excluded.first_seen < old.first_seen
    OR excluded.last_seen > old.last_seen
