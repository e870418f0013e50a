-- Saved searches that want hits.
SELECT alert_id, query, zone, since, trouble FROM alert WHERE NOT muted
ORDER BY alert_id
