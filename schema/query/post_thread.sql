-- Threads and groups: the title is the one seen last.
INSERT INTO thread AS old (thread_id, source_id, engine, site, board,
    thread_key, title, first_seen, last_seen)
SELECT DISTINCT ON (thread_id) thread_id, source_id, engine, site, board,
    thread_key, title, min(seen_at) OVER same, seen_at
FROM stage_thread
WINDOW same AS (PARTITION BY thread_id)
ORDER BY thread_id, seen_at DESC, title DESC, board DESC
ON CONFLICT (thread_id) DO UPDATE SET
    title = CASE WHEN (excluded.last_seen, excluded.title)
        > (old.last_seen, old.title) THEN excluded.title ELSE old.title END,
    board = CASE WHEN (excluded.last_seen, excluded.title, excluded.board)
        > (old.last_seen, old.title, old.board) THEN excluded.board
        ELSE old.board END,
    first_seen = least(old.first_seen, excluded.first_seen),
    last_seen = greatest(old.last_seen, excluded.last_seen)
WHERE excluded.first_seen < old.first_seen
    OR (excluded.last_seen, excluded.title, excluded.board)
        > (old.last_seen, old.title, old.board)
