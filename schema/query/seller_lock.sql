-- One computation of actors at a time, in this session.
SELECT pg_advisory_lock(hashtext('mud.actor'))
