-- Actors that changed, or are none any more.
DELETE FROM actor a USING stage_actor s WHERE a.actor_id = s.actor_id
