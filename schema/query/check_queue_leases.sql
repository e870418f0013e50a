-- Jobs whose lease ran out over an hour ago and that nobody gave back.
SELECT format('job %s of queue %s, worker %s, until %s',
    job_id, queue, worker, leased_until)
FROM mud.job
WHERE state = 'leased' AND leased_until < now() - interval '1 hour'
ORDER BY job_id LIMIT 20
