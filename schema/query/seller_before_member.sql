-- Members as they were.
SELECT entity_id, actor_id, via, via_kind FROM actor_member
