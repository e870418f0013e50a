-- Their claims.
INSERT INTO claim AS old (src, kind, dst, fwd, first_seen, last_seen)
SELECT src, kind, dst, fwd, first_seen, last_seen FROM bond
ORDER BY src, kind, dst
ON CONFLICT (src, kind, dst) DO UPDATE SET fwd = excluded.fwd,
    first_seen = excluded.first_seen, last_seen = excluded.last_seen
WHERE (old.fwd, old.first_seen, old.last_seen)
    IS DISTINCT FROM (excluded.fwd, excluded.first_seen, excluded.last_seen)
