-- Who belongs to an actor of the last run, and by which claim.
SELECT entity_id, via, via_kind FROM actor_member
WHERE actor_id = $1::uuid
ORDER BY entity_id
