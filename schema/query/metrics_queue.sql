-- Jobs by state, and the head of the ledger.
SELECT count(*) FILTER (WHERE state = 'waiting'),
    count(*) FILTER (WHERE state = 'leased'),
    count(*) FILTER (WHERE state = 'failed'),
    (SELECT seq FROM mud.ledger ORDER BY seq DESC LIMIT 1),
    (SELECT extract(epoch FROM at) FROM mud.ledger ORDER BY seq DESC LIMIT 1)
FROM mud.job
