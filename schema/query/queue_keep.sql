-- Hold a leased job for $2 more seconds from now.
UPDATE mud.job SET leased_until = now() + make_interval(secs => $2::int),
    changed_at = now()
WHERE job_id = $1::bigint AND state = 'leased'
