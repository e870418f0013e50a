-- Worker $2 begins or goes on with a round of source $1, for $4 seconds unless it
-- is seen again. No row when another one has it and $3, shared, is false.
INSERT INTO mud.health AS h (source_id, next_at, began_at, unfinished, worker,
                             leased_at, leased_until)
VALUES ($1::int, now(), now(), true, $2::text, now(),
        now() + make_interval(secs => $4::int))
ON CONFLICT (source_id) DO UPDATE
SET began_at = CASE WHEN h.unfinished THEN h.began_at ELSE now() END,
    unfinished = true,
    worker = CASE WHEN h.leased_until > now() THEN h.worker ELSE $2::text END,
    leased_at = CASE WHEN h.leased_until > now() THEN h.leased_at ELSE now() END,
    leased_until = greatest(h.leased_until,
                            now() + make_interval(secs => $4::int))
WHERE $3::boolean OR h.leased_until IS NULL OR h.leased_until <= now()
   OR h.worker = $2::text
RETURNING h.source_id
