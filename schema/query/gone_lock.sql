-- One look for posts that are gone at a time, until the end of this transaction.
SELECT pg_advisory_xact_lock(hashtext('mud.gone'))
