-- Groups of source $1 with replies to messages that are not held, and to how
-- many; $2: how many groups.
SELECT t.thread_key, t.title, count(DISTINCT p.extra->>'reply_to'),
    min(p.extra->>'reply_to'), min(p.first_seen)
FROM mud.thread t JOIN mud.post p USING (thread_id)
WHERE t.source_id = $1::int AND p.extra->>'reply_to' IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM mud.post q
        WHERE q.thread_id = p.thread_id
            AND q.post_key = p.extra->>'reply_to')
GROUP BY t.thread_key, t.title
ORDER BY 3 DESC, 1
LIMIT $2::int
