-- The versions of rules and lexicon that texts were read by; $1: by the rebuild.
INSERT INTO rebuild_fact (key, what, later, source_id, shown, value)
SELECT md5(version)::uuid, 'rules', $1::boolean, NULL, '{}', version
FROM reader
