-- Names that some nodes were seen under, the first one first, as JSON.
SELECT entity_id, json_agg(json_build_object('name', name,
    'first_posted', to_char(first_posted AT TIME ZONE 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'last_posted', to_char(last_posted AT TIME ZONE 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'first_seen', to_char(first_seen AT TIME ZONE 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'last_seen', to_char(last_seen AT TIME ZONE 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
    ORDER BY first_posted, first_seen, name)::text
FROM (
    SELECT n.*, row_number() OVER (PARTITION BY entity_id
        ORDER BY last_posted DESC, last_seen DESC, name) AS nth
    FROM name n
    WHERE entity_id = ANY ($1::uuid[])) n
WHERE nth <= 50
GROUP BY entity_id
