-- How many contents wait to be indexed.
SELECT count(*) FROM search_pending
