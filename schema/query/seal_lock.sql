-- Held till the end of the transaction by who makes a data key or rotates.
SELECT pg_advisory_xact_lock(7104222)
