-- The last line, without taking the lock.
SELECT seq, hash FROM mud.ledger ORDER BY seq DESC LIMIT 1
