-- The next one may begin.
SELECT pg_advisory_unlock(hashtext('mud.actor'))
