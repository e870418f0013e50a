-- How many pages of source $1 (NULL: of all) came to what.
SELECT coalesce(outcome, 'waiting'), count(*), min(url)
FROM mud.frontier
WHERE $1::int IS NULL OR source_id = $1
GROUP BY 1 ORDER BY 2 DESC, 1
