-- One change for the record.
INSERT INTO lexicon_history (folded, action, at, by, reason, was, becomes)
VALUES ($1, $2, $3::timestamptz, $4, $5, $6::jsonb, $7::jsonb)
