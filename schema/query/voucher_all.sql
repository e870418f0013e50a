-- Every signature and time stamp, with the statement of its anchor.
SELECT v.name, v.kind, encode(v.body, 'hex'), a.statement, v.at
FROM mud.anchor_voucher v
LEFT JOIN mud.anchor a ON a.day = v.day AND a.lines = v.lines
    AND a.whole = v.whole
ORDER BY v.day, v.lines, v.whole, v.kind
