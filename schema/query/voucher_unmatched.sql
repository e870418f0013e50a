-- Signatures and time stamps of which table and ledger do not say the same.
SELECT coalesce(v.name, l.object), v.name IS NULL
FROM mud.anchor_voucher v
FULL JOIN (SELECT object, line::json->'detail'->>'sha256' AS sha256
    FROM mud.ledger WHERE op IN ('sign', 'stamp')) l
    ON l.object = v.name AND l.sha256 = encode(v.sha256, 'hex')
WHERE v.name IS NULL OR l.object IS NULL
ORDER BY 1 LIMIT 1000
