-- What stood in the metadata of a capture of before only in part: the payload's
-- SM3 (GB/T 32905) beside its SHA-256, and the circumstances: which machine and
-- libraries, from which address, in whose presence (evidence/circumstances.h).
-- NULL: sealed before, or a record in another tool's WARC.
ALTER TABLE mud.capture
    ADD COLUMN sm3 bytea CHECK (octet_length(sm3) = 32),
    ADD COLUMN circumstances jsonb;
-- Steps by which a page was entered: back from page to page (entry_step.sql).
CREATE INDEX capture_url ON mud.capture USING hash (url);
CREATE INDEX capture_location ON mud.capture USING hash (location)
    WHERE location IS NOT NULL;
