-- What came of all requests ever, by source.
SELECT s.name, o.class, o.what, o.n
FROM mud.outcome o JOIN mud.source s USING (source_id)
WHERE o.hour = '-infinity'
ORDER BY s.name, o.class, o.what
