-- Requests of source $1 in the last $2 hours, how many failed, and as what mostly.
SELECT coalesce(sum(n) FILTER (WHERE class IN ('ok', 'error')), 0),
    coalesce(sum(n) FILTER (WHERE class = 'error'), 0),
    (SELECT w.what FROM mud.outcome w
     WHERE w.source_id = $1::int AND w.class = 'error'
       AND w.hour > now() - make_interval(hours => $2::int)
     GROUP BY w.what ORDER BY sum(w.n) DESC, w.what LIMIT 1)
FROM mud.outcome
WHERE source_id = $1::int AND hour > now() - make_interval(hours => $2::int)
