-- Links were found in round $2 of source $1; those that are news come back.
-- Rows of this round are left alone and rows are taken in one order, so that
-- workers whose pages link to each other do not wait for each other.
WITH link AS (
    SELECT DISTINCT ON (l.page_id) l.*
    FROM ROWS FROM (jsonb_to_recordset($3::jsonb) AS (
        page_id uuid, url text, kind text, board text, thread text, page int,
        replies int, last_post timestamptz)) WITH ORDINALITY
        AS l (page_id, url, kind, board, thread, page, replies, last_post, n)
    ORDER BY l.page_id, l.n
)
INSERT INTO mud.frontier AS f (source_id, page_id, round, url, kind, board,
                               thread, page, replies, last_post)
SELECT $1::int, l.page_id, $2::timestamptz, l.url, l.kind, l.board, l.thread,
       l.page, l.replies, l.last_post
FROM link l
WHERE NOT EXISTS (
    SELECT 1 FROM mud.frontier o
    WHERE o.source_id = $1::int AND o.page_id = l.page_id
      AND o.round >= $2::timestamptz)
ORDER BY l.page_id
ON CONFLICT (source_id, page_id) DO UPDATE
SET round = excluded.round,
    replies = coalesce(excluded.replies, f.replies),
    last_post = coalesce(excluded.last_post, f.last_post)
WHERE f.round < excluded.round
RETURNING url, kind
