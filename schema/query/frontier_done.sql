-- What became of page $2 of source $1 at $3: capture $4, status $5, outcome $6,
-- digest $7 of what was read. When it is to be looked at again: a page that was
-- read, at the pace of its board, twice as late after each visit without news; a
-- wall, in a day; what failed on the way (NULL, or at once where it was read
-- before), in the next round.
WITH page AS (
    SELECT thread, kind, coalesce(board, '') AS board, read_at, digest
    FROM mud.frontier
    WHERE source_id = $1::int AND page_id = $2::uuid
), again AS (
    SELECT board, (digest IS DISTINCT FROM $7::uuid)::int AS changed
    FROM page
    WHERE $6::text = 'read' AND kind = 'thread' AND read_at IS NOT NULL
), paced AS (
    INSERT INTO mud.pace AS p (source_id, board, visits, changes, every_s)
    SELECT $1::int, board, 1, changed, CASE changed WHEN 1 THEN 60480 ELSE 95040 END
    FROM again
    ON CONFLICT (source_id, board) DO UPDATE
    SET visits = p.visits + 1, changes = p.changes + excluded.changes,
        every_s = CASE excluded.changes
                      WHEN 1 THEN greatest(3600, p.every_s / 10 * 7)
                      ELSE least(2592000, p.every_s / 10 * 11) END
    RETURNING every_s
), pace AS (
    SELECT coalesce((SELECT every_s FROM paced),
                    (SELECT p.every_s FROM mud.pace p JOIN page g USING (board)
                     WHERE p.source_id = $1::int), 86400) AS every_s
), done AS (
    UPDATE mud.frontier f
    -- never before its round, whatever the clock of this worker says
    SET fetched_at = greatest($3::timestamptz, f.round), capture_id = $4::uuid, status = $5::int,
        outcome = $6::text,
        read_at = CASE $6::text WHEN 'read' THEN $3::timestamptz
                                ELSE f.read_at END,
        read_replies = CASE WHEN $6::text = 'read' THEN f.replies
                            ELSE f.read_replies END,
        read_last_post = CASE WHEN $6::text = 'read' THEN f.last_post
                              ELSE f.read_last_post END,
        digest = CASE $6::text WHEN 'read' THEN $7::uuid ELSE f.digest END,
        same = CASE WHEN $6::text = 'read' AND f.read_at IS NOT NULL
                         AND f.digest IS NOT DISTINCT FROM $7::uuid
                         OR $6::text <> 'read' AND f.outcome = $6::text
                    THEN least(f.same + 1, 6) ELSE 0 END,
        due_at = CASE
            WHEN $6::text IN ('network', 'server-error', 'worker-killed',
                              'budget', 'bad-answer', 'challenge', 'dns',
                              'proxy', 'redirect-loop', 'timeout', 'truncated')
                 OR $6::text LIKE 'tls%' THEN CASE
                WHEN f.read_at IS NOT NULL AND f.kind = 'thread'
                THEN $3::timestamptz END
            WHEN f.kind = 'index' OR f.kind = 'board' AND coalesce(f.page, 1) <= 1
                THEN NULL
            ELSE $3::timestamptz + make_interval(secs => least(5184000,
                CASE WHEN $6::text = 'read' THEN (SELECT every_s FROM pace)
                     ELSE 86400 END
                * power(2, CASE WHEN $6::text <> 'read' AND f.outcome = $6::text
                                     OR $6::text = 'read'
                                        AND f.read_at IS NOT NULL
                                        AND f.digest IS NOT DISTINCT FROM $7::uuid
                                THEN least(f.same + 1, 6) ELSE 0 END))) END
    WHERE f.source_id = $1::int AND f.page_id = $2::uuid
    RETURNING f.replies
), first AS (
    -- the thread was read as far as the listing knew it
    UPDATE mud.frontier f
    SET read_replies = f.replies, read_last_post = f.last_post
    FROM page g
    WHERE $6::text = 'read' AND g.kind = 'thread' AND f.source_id = $1::int
      AND f.kind = 'thread' AND f.thread = g.thread
      AND coalesce(f.page, 1) = 1 AND f.page_id <> $2::uuid
      AND (f.read_replies IS DISTINCT FROM f.replies
           OR f.read_last_post IS DISTINCT FROM f.last_post)
    RETURNING 1
)
SELECT replies FROM done
