-- One that matches at a time, until the end of this transaction.
SELECT pg_try_advisory_xact_lock(hashtext('mud.alert'))
