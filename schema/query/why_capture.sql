-- Where a capture's bytes are, and its line in the ledger.
SELECT c.url, c.at, encode(c.sha256, 'hex'), c.size_bytes, c.warc_file,
    c.warc_offset, c.warc_length, c.ledger_seq, encode(l.hash, 'hex'),
    s.name
FROM capture c
LEFT JOIN ledger l ON l.seq = c.ledger_seq
LEFT JOIN source s ON s.source_id = c.source_id
WHERE c.capture_id = $1::uuid
