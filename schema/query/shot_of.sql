-- Pictures of capture $1, the newest first.
SELECT at, encode(sha256, 'hex') AS sha256, by, masked, path,
       detail->>'renderer' AS renderer
FROM mud.shot WHERE capture_id = $1::uuid ORDER BY ledger_seq DESC LIMIT 100
