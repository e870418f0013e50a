-- How often the derived tables were cleared.
SELECT coalesce((SELECT (value #>> '{}')::bigint FROM setting
                 WHERE key = 'graph_generation'), 0)
