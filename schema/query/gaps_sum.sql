-- How much of source $1 is missing: threads, posts, unread pages, failed pages.
SELECT count(*) FILTER (WHERE missing > 0), coalesce(sum(missing), 0),
    coalesce(sum(cardinality(unread)), 0), coalesce(sum(failed), 0)
FROM mud.thread_gaps($1::int)
