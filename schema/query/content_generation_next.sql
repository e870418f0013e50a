-- The derived tables are cleared once more.
INSERT INTO setting AS old (key, value) VALUES ('graph_generation', '1')
ON CONFLICT (key) DO UPDATE
SET value = to_jsonb((old.value #>> '{}')::bigint + 1), changed_at = now()
