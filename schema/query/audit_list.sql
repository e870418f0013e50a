-- What was done, newest first, with how it ended: $1 by whom, $2 since, $3 until,
-- $4 action or command, $5 object (NULL: any), $6 at most so many.
SELECT a.seq, a.at, a.who, a.login, a.action, a.kind, a.object, a.detail,
    a.reason, e.at, e.detail
FROM mud.audit a
LEFT JOIN LATERAL (SELECT x.at, x.detail FROM mud.audit x WHERE x.of = a.seq
                   ORDER BY x.seq DESC LIMIT 1) e ON true
WHERE a.of IS NULL
    AND ($1::text IS NULL OR a.who = $1::text)
    AND ($2::timestamptz IS NULL OR a.at >= $2::timestamptz)
    AND ($3::timestamptz IS NULL OR a.at < $3::timestamptz)
    AND ($4::text IS NULL OR a.action = $4::text OR a.kind = $4::text)
    AND ($5::text IS NULL OR a.object = $5::text)
ORDER BY a.seq DESC LIMIT $6::bigint
