-- Names of all sources.
SELECT source_id, name FROM source ORDER BY source_id
