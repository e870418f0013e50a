-- The lines of the ledger as they stand in ledger.jsonl.
SELECT line FROM mud.ledger ORDER BY seq
