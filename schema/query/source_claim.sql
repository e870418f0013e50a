-- Is the round of source $1 ours? Held until the connection ends or gives it up,
-- so that a killed worker holds nothing.
SELECT pg_try_advisory_lock(1836409964, $1::int)
