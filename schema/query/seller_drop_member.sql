-- Members of runs before the last two.
DELETE FROM actor_member WHERE run_id < $1::int - 1
