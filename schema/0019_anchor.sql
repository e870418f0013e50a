-- What the ledger was at the end of a day, or of a part of it: the Merkle root
-- over its lines. `statement` is what is copied elsewhere, byte for byte; the
-- other columns say the same. Rows are only added.
CREATE TABLE mud.anchor (
    day       date NOT NULL,            -- UTC, of the lines' times
    lines     bigint NOT NULL CHECK (lines > 0),
    whole     boolean NOT NULL,         -- all lines of the day
    first_seq bigint NOT NULL CHECK (first_seq >= 0),
    statement text NOT NULL,
    PRIMARY KEY (day, lines, whole)
);
