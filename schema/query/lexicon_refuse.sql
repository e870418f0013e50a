-- A term is not to be proposed again.
INSERT INTO lexicon_refused (folded, term, at, by, reason)
VALUES ($1, $2, $3::timestamptz, $4, $5)
ON CONFLICT (folded) DO UPDATE SET at = excluded.at, by = excluded.by,
    reason = excluded.reason
