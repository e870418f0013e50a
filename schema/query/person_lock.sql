-- One at a time changes who there is, until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtext('mud.person'))
