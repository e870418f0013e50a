-- How many posts threads of source $1 have, as capture $2 of time $3 says; what
-- was said later stays.
WITH said AS (
    SELECT DISTINCT ON (thread) thread, board, title, posts
    FROM jsonb_to_recordset($4::jsonb) AS r (
        thread text, board text, title text, posts bigint)
    ORDER BY thread, posts DESC
)
INSERT INTO mud.stated AS s (source_id, thread, board, title, posts, read_at,
                             capture_id)
SELECT $1::int, thread, board, title, posts, $3::timestamptz, $2::uuid
FROM said
ORDER BY thread
ON CONFLICT (source_id, thread) DO UPDATE
SET board = coalesce(nullif(excluded.board, ''), s.board),
    title = coalesce(nullif(excluded.title, ''), s.title),
    posts = excluded.posts, read_at = excluded.read_at,
    capture_id = excluded.capture_id
WHERE s.read_at <= excluded.read_at
