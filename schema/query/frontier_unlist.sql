-- What the listings of the board of page $2 of source $1 led to is not asked for: its
-- jobs that wait in queue $3 go, and pages that were never read are left for a week
-- (now: $4).
WITH page AS (
    SELECT coalesce(board, '') AS board FROM mud.frontier
    WHERE source_id = $1::int AND page_id = $2::uuid
), gone AS (
    DELETE FROM mud.job j
    USING mud.frontier f, page g
    WHERE j.queue = $3::text AND j.state = 'waiting'
      AND f.source_id = $1::int AND f.kind = 'board'
      AND coalesce(f.board, '') = g.board AND f.url = j.payload->>'referrer'
    RETURNING j.key
)
UPDATE mud.frontier f
SET outcome = 'endless-listing', due_at = $4::timestamptz + interval '7 days'
FROM gone
WHERE f.source_id = $1::int AND f.url = gone.key AND f.read_at IS NULL
