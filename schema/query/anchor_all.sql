-- Every anchor, in the order of the ledger.
SELECT statement FROM mud.anchor ORDER BY first_seq, lines, whole
