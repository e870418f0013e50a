-- Put a job unless the queue already holds one with this key; wake workers.
WITH put AS (
    INSERT INTO mud.job (queue, key, payload, priority, run_at)
    VALUES ($1::text, $2::text, $3::jsonb, $4::int,
            coalesce($5::timestamptz, now()))
    ON CONFLICT (queue, key) DO NOTHING
    RETURNING queue
)
SELECT pg_notify('mud_job', queue) FROM put
