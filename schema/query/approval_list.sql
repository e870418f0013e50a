-- Requests and decisions, newest first: $1 an id, $2 a state, $3 asked by, $4 an
-- object (NULL: any), $5 at most so many.
SELECT a.approval_id, a.action, a.kind, a.object, encode(a.digest, 'hex'),
    a.detail, a.reason, a.asked_by, a.asked_at, a.state, a.decided_by,
    a.decided_at, a.expires_at, a.note, a.used_at,
    array_to_string(f.decide, ','), f.en, f.zh, f.once
FROM mud.approval a JOIN mud.four_eyes f USING (action)
WHERE ($1::bigint IS NULL OR a.approval_id = $1::bigint)
    AND ($2::text IS NULL OR a.state = $2::text)
    AND ($3::text IS NULL OR a.asked_by = $3::text)
    AND ($4::text IS NULL OR a.object = $4::text)
ORDER BY a.approval_id DESC LIMIT $5::bigint
