-- A file handed over before: digest $1 (hex), source $2, name $3.
SELECT c.capture_id, c.kind, c.source_id, c.parent_id, c.url, c.location,
    c.referrer, c.access_mode, c.supplier, c.started, c.at, c.sealed_at,
    c.status, c.http_version, c.content_type, c.cut, c.sha256, c.size_bytes,
    c.peer_ip, c.proxy, c.dns, c.tls, c.clock, c.warc_file, c.warc_offset,
    c.warc_length, c.warc_inner, c.whole_file, c.request_offset,
    c.request_length, c.span_file, c.span_offset, c.span_length,
    c.span_sha256, c.record_id, c.tool, c.binary_sha256, c.config_sha256,
    c.actor, c.account, c.ledger_seq,
    NULL AS line, c.sm3, c.circumstances
FROM mud.capture c
WHERE c.sha256 = decode($1::text, 'hex') AND c.source_id = $2::int
    AND c.url = $3::text AND c.kind = 2
ORDER BY c.sealed_at, c.capture_id LIMIT 1
