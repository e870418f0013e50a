-- The b-tree indexes of the schema.
SELECT format('%I.%I', n.nspname, c.relname), c.oid
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am a ON a.oid = c.relam
JOIN pg_index i ON i.indexrelid = c.oid
WHERE n.nspname = 'mud' AND c.relkind = 'i' AND a.amname = 'btree'
    AND i.indisvalid
ORDER BY 1
