-- Some threads.
SELECT thread_id, engine, site, board, thread_key, title FROM thread
WHERE thread_id = ANY ($1::uuid[])
