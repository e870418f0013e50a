-- What came of what was asked of source $1: in the last $2 hours, and ever.
SELECT class, what,
    coalesce(sum(n) FILTER (WHERE hour > now() - make_interval(hours => $2::int)),
             0) AS recent,
    coalesce(max(n) FILTER (WHERE hour = '-infinity'), 0) AS ever,
    (array_agg(example ORDER BY last_at DESC)
        FILTER (WHERE example IS NOT NULL))[1],
    max(last_at)
FROM mud.outcome
WHERE source_id = $1::int
GROUP BY class, what
ORDER BY recent DESC, ever DESC, class, what
