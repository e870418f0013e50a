-- Who vouches for an anchor: the signature of its statement (CMS, detached), and
-- the time stamp (RFC 3161) of that signature, or of the statement where there
-- is none. Each is a line of the ledger, too (ops "sign", "stamp"). Only added.
CREATE TABLE mud.anchor_voucher (
    name    text PRIMARY KEY,           -- of its file: "2026-11-24.json.p7s"
    kind    text NOT NULL CHECK (kind IN ('p7s', 'p7s.tsr', 'tsr')),
    day     date NOT NULL,              -- these three: of the anchor
    lines   bigint NOT NULL,
    whole   boolean NOT NULL,
    at      timestamptz NOT NULL,       -- by the signer's or authority's clock
    sha256  bytea NOT NULL CHECK (octet_length(sha256) = 32),
    body    bytea NOT NULL              -- DER
);
CREATE INDEX anchor_voucher_anchor ON mud.anchor_voucher (day, lines, whole);
CREATE INDEX ledger_voucher ON mud.ledger (seq) WHERE op IN ('sign', 'stamp');

-- How it goes with the time stamp authority; one row.
CREATE TABLE mud.anchor_stamping (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    tries   integer NOT NULL DEFAULT 0, -- that failed, since the last stamp
    next_at timestamptz NOT NULL,       -- not asked before, unless a person asks
    reason  text NOT NULL DEFAULT ''    -- of the last failure
);
INSERT INTO mud.anchor_stamping (next_at) VALUES ('epoch');
