-- schema/roles.sql of digest $1 was applied after all steps that there are.
INSERT INTO mud.setting AS old (key, value)
SELECT 'roles', jsonb_build_object('sha256', $1::text, 'steps', count(*))
FROM mud.schema_migration
ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = now()
