-- The record of versions before and after.
SELECT jsonb_build_object('type', 'rebuild', 'schema', 1,
    'rules_before', coalesce(jsonb_agg(value ORDER BY value)
        FILTER (WHERE NOT later), '[]'),
    'rules', coalesce(jsonb_agg(value ORDER BY value) FILTER (WHERE later),
        '[]'))
FROM rebuild_fact WHERE what = 'rules'
