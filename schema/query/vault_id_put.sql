-- $1 is this database's vault, unless it has one already.
INSERT INTO mud.setting (key, value)
VALUES ('vault', jsonb_build_object('id', $1::text))
ON CONFLICT (key) DO NOTHING
