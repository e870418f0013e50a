-- Whether what was read before a rebuild is written down.
SELECT EXISTS (SELECT FROM rebuild_fact WHERE NOT later)
