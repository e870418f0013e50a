-- Hits of the saved search $1 (NULL: of all that are not muted) behind number
-- $2, or behind what was handed out when that is NULL; $3: in that state, or
-- NULL; $4: how many.
SELECT h.hit, a.name, h.content_id, h.post_id, h.at, h.found_at, h.state,
    h.state_by, h.state_at, h.note, h.found,
    (SELECT count(*) FROM alert_post p WHERE p.hit = h.hit) AS posts,
    (SELECT max(p.at) FROM alert_post p WHERE p.hit = h.hit) AS last, a.alert_id
FROM alert_hit h JOIN alert a USING (alert_id)
WHERE (a.name = $1 OR $1::text IS NULL AND NOT a.muted)
    AND h.hit > coalesce($2::bigint, a.delivered)
    AND ($3::text IS NULL OR h.state = $3::text)
ORDER BY h.hit LIMIT $4::int
