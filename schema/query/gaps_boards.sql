-- The same by board.
SELECT board, count(*), sum(shown), sum(held), sum(missing),
    sum(cardinality(unread)), sum(failed)
FROM mud.thread_gaps($1::int)
GROUP BY board ORDER BY sum(missing) DESC NULLS LAST, board
LIMIT $2::int
