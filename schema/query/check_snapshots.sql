-- Sessions that hold a snapshot for over an hour: they slow the queue down.
SELECT format('pid %s of %s, since %s', pid, usename, xact_start)
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_xmin IS NOT NULL AND xact_start < now() - interval '1 hour'
ORDER BY xact_start LIMIT 20
