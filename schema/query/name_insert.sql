-- Names of nodes: times are the widest.
INSERT INTO name AS old (entity_id, name, first_posted, last_posted,
    first_seen, last_seen)
SELECT entity_id, name, min(first_posted), max(last_posted), min(first_seen),
    max(last_seen)
FROM stage_name
GROUP BY entity_id, name
ORDER BY entity_id, name
ON CONFLICT (entity_id, name) DO UPDATE SET
    first_posted = least(old.first_posted, excluded.first_posted),
    last_posted = greatest(old.last_posted, excluded.last_posted),
    first_seen = least(old.first_seen, excluded.first_seen),
    last_seen = greatest(old.last_seen, excluded.last_seen)
WHERE excluded.first_posted < old.first_posted
    OR excluded.last_posted > old.last_posted
    OR excluded.first_seen < old.first_seen
    OR excluded.last_seen > old.last_seen
