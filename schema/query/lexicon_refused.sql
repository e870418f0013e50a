-- Terms that were refused.
SELECT folded, term, at, by, reason FROM lexicon_refused ORDER BY folded
