-- A second capture of the same address, by another machine or another way, that
-- stands beside the first as its witness. What they have in common is told from
-- both as they are sealed, each time it is asked. A line of the ledger each
-- (op "witness").
CREATE TABLE mud.witness (
    capture_id uuid NOT NULL,
    witness_id uuid NOT NULL CHECK (witness_id <> capture_id),
    at         timestamptz NOT NULL,
    by         text NOT NULL,
    PRIMARY KEY (capture_id, witness_id)
);
CREATE INDEX witness_of ON mud.witness (witness_id);
