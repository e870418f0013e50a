-- A text that the mirror has from now on.
INSERT INTO lexicon_mirror (sha256, entries, at, by)
VALUES ($1::bytea, $2::int, $3::timestamptz, $4)
ON CONFLICT (sha256) DO NOTHING
