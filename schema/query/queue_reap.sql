-- Give back what workers held past their lease; park what ended $1 of them.
UPDATE mud.job SET
    state = CASE WHEN tries >= $1::int THEN 'failed' ELSE 'waiting' END,
    reason = 'lease of worker ' || coalesce(worker, '?') || ' ran out',
    worker = NULL, leased_until = NULL,
    run_at = now()
        + make_interval(secs => least(5 * 2 ^ least(tries, 20), 3600)),
    changed_at = now()
WHERE state = 'leased' AND leased_until < now()
