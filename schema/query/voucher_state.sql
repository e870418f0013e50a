-- How many anchors are signed and stamped; the first that is not; how it goes
-- with the authority.
SELECT count(day), count(*) FILTER (WHERE signed),
    count(*) FILTER (WHERE stamped),
    min(day) FILTER (WHERE NOT signed), min(day) FILTER (WHERE NOT stamped),
    s.tries, s.next_at, s.reason
FROM (SELECT one, tries, next_at, reason FROM mud.anchor_stamping) s
LEFT JOIN (SELECT a.day,
        bool_or(v.kind = 'p7s') IS TRUE AS signed,
        bool_or(v.kind = 'p7s.tsr') IS TRUE OR bool_or(v.kind = 'tsr') IS TRUE
            AND bool_or(v.kind = 'p7s') IS NOT TRUE AS stamped
    FROM mud.anchor a
    LEFT JOIN mud.anchor_voucher v ON v.day = a.day AND v.lines = a.lines
        AND v.whole = a.whole
    GROUP BY a.day, a.lines, a.whole) x ON true
GROUP BY s.tries, s.next_at, s.reason
