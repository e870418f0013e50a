-- The tables that hold rows only once something was collected.
SELECT format('%I.%I', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'mud' AND c.relkind = 'r'
    AND c.relname NOT IN ('schema_migration', 'code', 'reader', 'rule',
        'setting', 'person', 'person_role', 'person_user', 'audit',
        'four_eyes', 'anchor_stamping')
ORDER BY 1
