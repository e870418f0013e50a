-- Saved searches, or the one named $1, with how many hits are in which state.
SELECT a.alert_id, a.name, a.query, a.zone, a.made_by, a.made_at, a.muted,
    a.trouble, a.delivered, count(h.hit) FILTER (WHERE h.state = 'new'),
    count(h.hit) FILTER (WHERE h.state = 'seen'),
    count(h.hit) FILTER (WHERE h.state = 'kept'),
    count(h.hit) FILTER (WHERE h.state = 'rejected'), max(h.found_at)
FROM alert a LEFT JOIN alert_hit h USING (alert_id)
WHERE $1::text IS NULL OR a.name = $1
GROUP BY a.alert_id ORDER BY a.name
