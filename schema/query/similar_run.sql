-- What this clustering saw, in place of the last one's.
INSERT INTO template_run (run_id, contents, run_at) VALUES (1, $1::bigint, now())
ON CONFLICT (run_id) DO UPDATE
SET contents = excluded.contents, run_at = excluded.run_at
