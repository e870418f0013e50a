-- Nodes: shown is what was written last, times are the widest.
INSERT INTO entity AS old (entity_id, kind, type, value, shown, first_seen,
    last_seen)
SELECT entity_id, kind, type, value, shown, first_seen, last_seen
FROM stage_entity
ORDER BY entity_id
ON CONFLICT (entity_id) DO UPDATE SET
    shown = CASE WHEN (excluded.last_seen, excluded.shown)
        > (old.last_seen, old.shown) THEN excluded.shown ELSE old.shown END,
    first_seen = least(old.first_seen, excluded.first_seen),
    last_seen = greatest(old.last_seen, excluded.last_seen)
WHERE excluded.first_seen < old.first_seen
    OR (excluded.last_seen, excluded.shown) > (old.last_seen, old.shown)
