-- Actors of runs before the last two.
DELETE FROM actor WHERE run_id < $1::int - 1
