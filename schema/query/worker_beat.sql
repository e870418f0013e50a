-- Worker $1 is alive, in role $2 with version $3, and what it holds stays its own
-- for $4 more seconds.
WITH put AS (
    INSERT INTO mud.worker (name, role, version, started_at, seen_at)
    VALUES ($1::text, $2::text, $3::text, now(), now())
    ON CONFLICT (name) DO UPDATE SET seen_at = now(), role = $2::text,
        version = $3::text
)
UPDATE mud.health SET leased_until = now() + make_interval(secs => $4::int)
WHERE worker = $1::text
