-- Prepared transactions that nobody ended: they hold back vacuum and slow jobs.
SELECT format('%s of %s, prepared %s', gid, owner, prepared)
FROM pg_prepared_xacts
WHERE database = current_database() AND prepared < now() - interval '1 hour'
ORDER BY prepared LIMIT 20
