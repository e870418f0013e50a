-- How sources do: source $1, or all (NULL), by id.
SELECT s.source_id, h.next_at, h.began_at, h.ended_at, h.unfinished,
    h.success_at, h.post_at, h.posted_at, coalesce(h.failures, 0),
    h.error_kind, h.error, h.error_at, coalesce(h.pages, 0),
    coalesce(h.captures, 0), coalesce(h.bytes, 0), coalesce(h.posts, 0),
    CASE WHEN h.leased_until > now() THEN h.worker END, h.leased_at,
    coalesce(o.asked, 0), coalesce(o.failed, 0), coalesce(j.waiting, 0),
    coalesce(j.failed, 0)
FROM mud.source s
LEFT JOIN mud.health h USING (source_id)
LEFT JOIN LATERAL (
    SELECT sum(n) FILTER (WHERE class <> 'skip') AS asked,
        sum(n) FILTER (WHERE class = 'error') AS failed
    FROM mud.outcome w
    WHERE w.source_id = s.source_id AND w.hour > now() - make_interval(
        hours => coalesce((s.options->>'error_hours')::int, 24))) o ON true
LEFT JOIN (
    SELECT queue, count(*) FILTER (WHERE state <> 'failed') AS waiting,
        count(*) FILTER (WHERE state = 'failed') AS failed
    FROM mud.job WHERE queue LIKE 'fetch:%' GROUP BY queue) j
    ON j.queue = 'fetch:' || s.name
WHERE $1::int IS NULL OR s.source_id = $1::int
ORDER BY s.source_id
