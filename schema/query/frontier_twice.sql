-- Did page $2 of source $1 give what an earlier page of its thread or board holds,
-- by the digest $3?
SELECT EXISTS (
    SELECT 1 FROM mud.frontier f JOIN mud.frontier o
        ON o.source_id = f.source_id AND o.kind = f.kind
           AND coalesce(o.page, 1) < f.page
    WHERE f.source_id = $1::int AND f.page_id = $2::uuid AND f.page > 1
      AND (f.kind = 'thread' AND o.thread = f.thread
           OR f.kind = 'board' AND o.board = f.board)
      AND o.read_at IS NOT NULL AND o.digest = $3::uuid)
