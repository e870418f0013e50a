-- A round of source $1 by worker $2 is over. $3: seconds between its rounds; $4:
-- part of it waits; $5: kind of error, NULL: it went well, $6 its text; $7: not
-- before (NULL: as the pace says). A failure is tried again later each time, up
-- to six hours (or the pace), by a little chance so that sources that failed
-- together do not come together; one that is only left off goes on at once.
UPDATE mud.health h
SET ended_at = now(), unfinished = $4::boolean AND $5::text IS NULL,
    success_at = CASE WHEN $5::text IS NULL AND NOT $4::boolean THEN now()
                      ELSE h.success_at END,
    failures = CASE WHEN $5::text IS NULL THEN 0 ELSE h.failures + 1 END,
    error_kind = coalesce($5::text, h.error_kind),
    error = CASE WHEN $5::text IS NULL THEN h.error ELSE $6::text END,
    error_at = CASE WHEN $5::text IS NULL THEN h.error_at ELSE now() END,
    next_at = greatest($7::timestamptz, CASE
        WHEN $5::text IS NOT NULL THEN now() + (0.75 + random() / 2)
            * make_interval(secs => least(
                greatest(21600, $3::bigint),
                greatest($3::bigint, 1) * power(2, least(h.failures, 16))))
        WHEN $4::boolean THEN now()
        ELSE greatest(now(), coalesce(h.began_at, now())
                + (1 + random() / 20) * make_interval(secs => $3::bigint))
        END),
    worker = CASE WHEN h.worker = $2::text THEN NULL ELSE h.worker END,
    leased_at = CASE WHEN h.worker = $2::text THEN NULL ELSE h.leased_at END,
    leased_until = CASE WHEN h.worker = $2::text THEN NULL
                        ELSE h.leased_until END
WHERE h.source_id = $1::int
RETURNING next_at
