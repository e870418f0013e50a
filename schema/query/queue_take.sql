-- Lease up to $2 jobs of queue $1 for $3 seconds to worker $4, best first.
WITH next AS (
    SELECT job_id FROM mud.job
    WHERE queue = $1::text AND state = 'waiting' AND run_at <= now()
    ORDER BY priority DESC, run_at, job_id
    LIMIT $2::int
    FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE mud.job SET state = 'leased', tries = tries + 1, worker = $4::text,
        leased_until = now() + make_interval(secs => $3::int),
        changed_at = now()
    WHERE job_id IN (SELECT job_id FROM next)
    RETURNING job_id, tries, key, payload, priority, run_at
)
SELECT job_id, tries, key, payload FROM taken
ORDER BY priority DESC, run_at, job_id
