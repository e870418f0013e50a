-- Indexes that a cut-off build left invalid.
SELECT format('%I.%I', n.nspname, c.relname)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'mud' AND NOT i.indisvalid
ORDER BY 1 LIMIT 20
