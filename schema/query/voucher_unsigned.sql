-- Anchors without signature, oldest first.
SELECT a.statement FROM mud.anchor a
WHERE NOT EXISTS (SELECT FROM mud.anchor_voucher v WHERE v.day = a.day
    AND v.lines = a.lines AND v.whole = a.whole AND v.kind = 'p7s')
ORDER BY a.first_seq, a.lines, a.whole
