-- Put the jobs of the array $2 (key, payload, priority) unless the queue
-- already holds one with that key; wake workers. In the order of their keys:
-- two that put the same jobs do not wait for each other.
WITH put AS (
    INSERT INTO mud.job (queue, key, payload, priority, run_at)
    SELECT $1::text, j.key, j.payload, j.priority, now()
    FROM jsonb_to_recordset($2::jsonb) AS j (key text, payload jsonb,
                                             priority int)
    ORDER BY j.key
    ON CONFLICT (queue, key) DO NOTHING
    RETURNING 1
)
SELECT pg_notify('mud_job', $1::text) FROM put LIMIT 1
