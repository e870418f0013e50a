-- Park a job with its reason.
UPDATE mud.job SET state = 'failed', worker = NULL, leased_until = NULL,
    reason = $2::text, changed_at = now()
WHERE job_id = $1::bigint
