-- Captures in file $1 with their ledger lines, in order of place, behind
-- the place ($2 offset, $3 inner, $4 id), at most $5.
SELECT c.capture_id, c.kind, c.source_id, c.parent_id, c.url, c.location,
    c.referrer, c.access_mode, c.supplier, c.started, c.at, c.sealed_at,
    c.status, c.http_version, c.content_type, c.cut, c.sha256, c.size_bytes,
    c.peer_ip, c.proxy, c.dns, c.tls, c.clock, c.warc_file, c.warc_offset,
    c.warc_length, c.warc_inner, c.whole_file, c.request_offset,
    c.request_length, c.span_file, c.span_offset, c.span_length,
    c.span_sha256, c.record_id, c.tool, c.binary_sha256, c.config_sha256,
    c.actor, c.account, c.ledger_seq,
    l.line, c.sm3, c.circumstances
FROM mud.capture c LEFT JOIN mud.ledger l ON l.seq = c.ledger_seq
WHERE c.warc_file = $1::text
    AND (c.warc_offset, c.warc_inner, c.capture_id) >
        ($2::bigint, $3::bigint, $4::uuid)
ORDER BY c.warc_offset, c.warc_inner, c.capture_id LIMIT $5::bigint
