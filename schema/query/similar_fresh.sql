-- Are there texts with a sketch that the last clustering did not see?
SELECT n, n IS DISTINCT FROM (SELECT max(contents) FROM template_run)
FROM (SELECT count(*) AS n FROM content WHERE octet_length(sketch) > 0) AS c
