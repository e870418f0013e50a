-- Give a leased job back, to run at $2; the try does not count.
UPDATE mud.job SET state = 'waiting', tries = greatest(tries - 1, 0),
    worker = NULL, leased_until = NULL,
    run_at = coalesce($2::timestamptz, now()), changed_at = now()
WHERE job_id = $1::bigint AND state = 'leased'
