-- Living holds: kind, object, reason, by, when, and how many captures by name.
SELECT h.kind, h.object, h.reason, h.set_by, h.set_at,
    (SELECT count(*) FROM mud.hold_capture c WHERE c.hold_id = h.hold_id)
FROM mud.hold h WHERE h.released_at IS NULL ORDER BY h.set_at, h.hold_id
