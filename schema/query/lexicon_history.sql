-- What was done to a term, in order.
SELECT action, at, by, reason, was, becomes FROM lexicon_history
WHERE folded = $1 ORDER BY history_id
