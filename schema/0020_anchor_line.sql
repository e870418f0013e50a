-- Anchors are lines of the ledger, too: found again after the database was
-- restored from a backup that is older than they are.
CREATE INDEX ledger_anchor ON mud.ledger (seq) WHERE op = 'anchor';
