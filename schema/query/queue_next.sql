-- From when on the first waiting job of queue $1 may run.
SELECT min(run_at) FROM mud.job WHERE queue = $1::text AND state = 'waiting'
