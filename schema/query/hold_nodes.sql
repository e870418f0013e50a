-- Nodes of living holds.
SELECT n.hold_id, n.entity_id FROM mud.hold h JOIN mud.hold_node n
USING (hold_id) WHERE h.released_at IS NULL ORDER BY n.hold_id, n.entity_id
