-- Who holds the leased jobs of a queue.
SELECT job_id, worker FROM mud.job WHERE queue = $1 AND state = 'leased'
