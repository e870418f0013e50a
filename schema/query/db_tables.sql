-- The tables of the schema that hold rows themselves.
SELECT format('%I.%I', n.nspname, c.relname), c.oid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'mud' AND c.relkind = 'r'
ORDER BY 1
