-- A job is done: forget it.
DELETE FROM mud.job WHERE job_id = $1::bigint
