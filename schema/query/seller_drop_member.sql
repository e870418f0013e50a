-- Members that changed, or are none any more.
DELETE FROM actor_member m USING stage_member s
WHERE m.entity_id = s.entity_id
