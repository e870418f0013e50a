-- What was applied, in order.
SELECT number, name, encode(sha256, 'hex'), applied_at, version
FROM mud.schema_migration ORDER BY number
