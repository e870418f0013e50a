-- What was kept for a comparison goes; $1: that of the rebuild alone.
DELETE FROM rebuild_fact WHERE later OR NOT $1::boolean
