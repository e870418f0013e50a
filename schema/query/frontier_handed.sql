-- Pages $2 of source $1 were handed in and read, at $3: they count as fetched, and
-- their jobs in the queue $4 go. A page is known by its thread or board and
-- number, whatever its address; one that no listing named is new.
WITH handed AS (
    SELECT DISTINCT ON (l.page_id) l.*
    FROM jsonb_to_recordset($2::jsonb) AS l (
        page_id uuid, url text, kind text, board text, thread text, page int,
        capture uuid, status int, at timestamptz)
    ORDER BY l.page_id, l.at DESC NULLS LAST
), hit AS (
    SELECT DISTINCT ON (f.page_id) f.page_id, h.page_id AS by, h.capture,
           h.status, coalesce(h.at, $3::timestamptz) AS at
    FROM handed h JOIN mud.frontier f ON f.source_id = $1::int
         AND f.kind = h.kind
         AND (f.page_id = h.page_id OR f.kind = 'index'
              OR f.kind = 'thread' AND f.thread = h.thread
                 AND coalesce(f.page, 1) = h.page
              OR f.kind = 'board' AND f.board = h.board
                 AND coalesce(f.page, 1) = h.page)
    ORDER BY f.page_id, h.at DESC NULLS LAST
), read AS (
    UPDATE mud.frontier f
    SET fetched_at = $3::timestamptz, read_at = h.at, capture_id = h.capture,
        status = h.status, outcome = 'read', read_replies = f.replies,
        read_last_post = f.last_post,
        due_at = CASE f.kind WHEN 'thread'
                     THEN $3::timestamptz + interval '1 day' END
    FROM hit h
    WHERE f.source_id = $1::int AND f.page_id = h.page_id
      AND (f.read_at IS NULL OR f.read_at < h.at)
    RETURNING f.url
), new AS (
    INSERT INTO mud.frontier (source_id, page_id, url, kind, board, thread, page,
                              round, fetched_at, capture_id, status, outcome,
                              read_at, due_at)
    SELECT $1::int, h.page_id, h.url, h.kind, h.board, h.thread, h.page,
           $3::timestamptz, $3::timestamptz, h.capture, h.status, 'read',
           coalesce(h.at, $3::timestamptz),
           CASE h.kind WHEN 'thread' THEN $3::timestamptz + interval '1 day' END
    FROM handed h
    WHERE NOT EXISTS (SELECT 1 FROM hit WHERE hit.by = h.page_id)
    ON CONFLICT (source_id, page_id) DO NOTHING
)
DELETE FROM mud.job j USING read r
WHERE j.queue = $4::text AND j.key = r.url AND j.state = 'waiting'
