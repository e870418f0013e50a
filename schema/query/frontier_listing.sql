-- Page $2 of a board of source $1 was read, at $3, with links to the threads $4 (page
-- ids), which are not in the frontier yet. Is the listing made up anew each time it is
-- asked for? It is when a page that stands deep enough not to have been pushed on as a
-- whole within the hour since it was read has not one thread left that it had; and it
-- stays so until its first page has one that is known. The second column: ask for
-- this page once more, to find out.
WITH page AS (
    SELECT coalesce(board, '') AS board, coalesce(page, 1) AS page, read_at
    FROM mud.frontier
    WHERE source_id = $1::int AND page_id = $2::uuid
), judged AS (
    SELECT g.board, g.page, g.read_at, p.endless_at,
        NOT EXISTS (SELECT 1 FROM mud.frontier f
                    WHERE f.source_id = $1::int AND f.page_id = ANY ($4::uuid[]))
        AND (p.endless_at IS NOT NULL
             OR g.page >= 10 AND coalesce(
                    g.read_at > $3::timestamptz - interval '1 hour', false))
            AS endless
    FROM page g LEFT JOIN mud.pace p ON p.source_id = $1::int AND p.board = g.board
), marked AS (
    INSERT INTO mud.pace AS p (source_id, board, visits, changes, every_s, endless_at)
    SELECT $1::int, board, 0, 0, 86400, $3::timestamptz FROM judged WHERE endless
    ON CONFLICT (source_id, board) DO UPDATE
    SET endless_at = coalesce(p.endless_at, excluded.endless_at)
    RETURNING 1
), cleared AS (
    UPDATE mud.pace p SET endless_at = NULL FROM judged j
    WHERE p.source_id = $1::int AND p.board = j.board AND NOT j.endless
      AND j.endless_at IS NOT NULL
    RETURNING 1
)
SELECT endless, NOT endless AND read_at IS NULL AND page % 40 = 10 FROM judged
