-- The whole chain, in order.
SELECT seq, line, hash FROM mud.ledger ORDER BY seq
