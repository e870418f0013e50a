-- A refused term was added after all.
DELETE FROM lexicon_refused WHERE folded = $1
