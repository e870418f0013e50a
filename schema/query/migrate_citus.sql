-- A row where this database is a Citus cluster's.
SELECT extversion FROM pg_extension WHERE extname = 'citus'
