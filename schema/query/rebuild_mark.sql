-- A rebuild begins at $1; one that did not end keeps its time.
INSERT INTO setting (key, value)
VALUES ('rebuild', jsonb_build_object('begun', $1::timestamptz))
ON CONFLICT (key) DO NOTHING
