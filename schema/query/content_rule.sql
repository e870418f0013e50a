-- The name of a rule number of that version.
INSERT INTO rule (reader, rule, name) VALUES ($1::int, $2::int, $3)
ON CONFLICT (reader, rule) DO NOTHING
