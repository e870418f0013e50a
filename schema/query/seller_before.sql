-- Actors as they were, by what was written of them.
SELECT actor_id, print FROM actor
