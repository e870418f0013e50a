-- One look for drift at a time, until the end of this transaction.
SELECT pg_advisory_xact_lock(hashtext('mud.drift'))
