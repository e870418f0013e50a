-- The thread with key $2 of source $1.
SELECT thread_id FROM thread WHERE source_id = $1::int AND thread_key = $2
