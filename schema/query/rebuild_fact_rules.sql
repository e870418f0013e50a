-- The versions of rules and lexicon that captures were read by; $1: by the
-- rebuild.
INSERT INTO rebuild_fact (key, what, later, source_id, shown, value)
SELECT md5(version)::uuid, 'rules', $1::boolean, NULL, '{}', version
FROM reader
WHERE reader IN (SELECT reader FROM capture_parsed)
