-- How far the ledger is anchored.
SELECT a.days, a.parts, a.last, coalesce(a.upto, 0), h.seq + 1, h.hash, l.at
FROM (SELECT count(*) FILTER (WHERE whole) AS days,
        count(*) FILTER (WHERE NOT whole) AS parts,
        max(day) FILTER (WHERE whole) AS last,
        max(first_seq + lines) AS upto
    FROM mud.anchor) a
LEFT JOIN (SELECT seq, hash FROM mud.ledger ORDER BY seq DESC LIMIT 1) h ON true
LEFT JOIN mud.ledger l ON l.seq = coalesce(a.upto, 0)
