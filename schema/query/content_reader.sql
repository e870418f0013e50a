-- The version of rules and lexicon that reads.
INSERT INTO reader (reader, version) VALUES ($1::int, $2)
ON CONFLICT (reader) DO NOTHING
