-- How many lines there are.
SELECT count(*) FROM mud.ledger
