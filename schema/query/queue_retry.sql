-- Give a leased job back after a failed try, later each time, at most an hour;
-- after $3 tries park it with its reason.
UPDATE mud.job SET
    state = CASE WHEN tries >= $3::int THEN 'failed' ELSE 'waiting' END,
    worker = NULL, leased_until = NULL, reason = $2::text,
    run_at = now()
        + make_interval(secs => least(5 * 2 ^ least(tries, 20), 3600)),
    changed_at = now()
WHERE job_id = $1::bigint AND state = 'leased'
