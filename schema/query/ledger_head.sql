-- Take the ledger's lock and read its head; seq is NULL when it is empty.
SELECT seq, hash, at FROM mud.ledger_head()
