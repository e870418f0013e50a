-- The round of source $1 is over.
SELECT pg_advisory_unlock(1836409964, $1::int)
