-- Worker processes, those that live first: name, role, version, times, seconds
-- since it was seen, sources that it holds, pages that it has leased.
SELECT w.name, w.role, w.version, w.started_at, w.seen_at,
    extract(epoch FROM now() - w.seen_at)::bigint,
    (SELECT count(*) FROM mud.health h
     WHERE h.worker = w.name AND h.leased_until > now()),
    (SELECT count(*) FROM mud.job j
     WHERE j.state = 'leased' AND j.worker = w.name)
FROM mud.worker w
ORDER BY w.seen_at < now() - interval '90 seconds', w.name
