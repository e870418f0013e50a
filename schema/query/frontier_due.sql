-- What a round of source $1 that began at $2 takes up beside what it finds: pages
-- found before of which nothing came, and pages whose time has come (now: $3); at
-- most $4.
UPDATE mud.frontier f
SET round = $2::timestamptz
FROM (SELECT page_id FROM mud.frontier
      WHERE source_id = $1::int AND kind <> 'index'
        AND round < $2::timestamptz
        AND (due_at <= $3::timestamptz
             -- later than any pace: by a clock that was wrong
             OR due_at > $3::timestamptz + interval '61 days'
             OR read_at IS NULL AND due_at IS NULL)
      ORDER BY due_at NULLS FIRST, page_id
      LIMIT $4::int
      FOR UPDATE) d
WHERE f.source_id = $1::int AND f.page_id = d.page_id
RETURNING f.url, f.kind
