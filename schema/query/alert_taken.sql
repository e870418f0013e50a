-- These were matched.
DELETE FROM alert_waiting WHERE content_id = ANY ($1::uuid[])
