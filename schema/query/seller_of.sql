-- The actors of the last run to which these nodes belong.
SELECT entity_id, actor_id FROM actor_member
WHERE entity_id = ANY ($1::uuid[])
