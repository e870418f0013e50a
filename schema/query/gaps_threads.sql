-- Threads of source $1 of which something is missing, the most first; $2: how
-- many.
SELECT thread, board, title, shown, held, gone, missing, pages,
    array_to_json(unread[1:50]), cardinality(unread), failed, outcome, url, since
FROM mud.thread_gaps($1::int)
ORDER BY missing DESC NULLS LAST, cardinality(unread) DESC, failed DESC, thread
LIMIT $2::int
