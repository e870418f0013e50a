-- Threads of these ($1) without any post lose their title.
UPDATE mud.thread t SET title = '' WHERE thread_id = ANY ($1::uuid[])
    AND NOT EXISTS (SELECT FROM mud.post p WHERE p.thread_id = t.thread_id)
