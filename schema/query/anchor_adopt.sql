-- Anchors that are in the ledger and not in their table.
INSERT INTO mud.anchor (day, lines, whole, first_seq, statement)
SELECT (d->>'day')::date, (d->>'lines')::bigint, (d->>'whole')::boolean,
    (d->>'first')::bigint, d::text
FROM (SELECT line::json->'detail' AS d FROM mud.ledger WHERE op = 'anchor') l
WHERE NOT EXISTS (SELECT FROM mud.anchor a
    WHERE a.day = (d->>'day')::date AND a.lines = (d->>'lines')::bigint
    AND a.whole = (d->>'whole')::boolean)
ON CONFLICT DO NOTHING
