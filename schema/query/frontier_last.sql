-- When the last round of source $1 began, if it read something and nothing of
-- it waits in the queue $2 any more.
SELECT max(f.round)
FROM mud.frontier f
WHERE f.source_id = $1::int
  AND NOT EXISTS (SELECT 1 FROM mud.job j
                  WHERE j.queue = $2::text AND j.state <> 'failed')
HAVING max(f.round) = max(f.round) FILTER (
    WHERE f.outcome = 'read' AND f.fetched_at >= f.round)
