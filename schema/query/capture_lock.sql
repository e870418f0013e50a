-- One at a time for one file handed over: $1 is its digest in hex.
SELECT pg_advisory_xact_lock(hashtextextended($1::text, 2))
