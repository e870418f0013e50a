-- How many texts there are at most.
SELECT count(*) FROM content WHERE field = 0
