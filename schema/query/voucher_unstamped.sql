-- Anchors whose signature, or where there is none whose statement, bears no time
-- stamp, oldest first; with that signature.
SELECT a.statement, encode(s.body, 'hex') FROM mud.anchor a
LEFT JOIN mud.anchor_voucher s ON s.day = a.day AND s.lines = a.lines
    AND s.whole = a.whole AND s.kind = 'p7s'
WHERE NOT EXISTS (SELECT FROM mud.anchor_voucher v WHERE v.day = a.day
    AND v.lines = a.lines AND v.whole = a.whole
    AND v.kind = CASE WHEN s.name IS NULL THEN 'tsr' ELSE 'p7s.tsr' END)
ORDER BY a.first_seq, a.lines, a.whole
