-- The latest time that stands in the frontier of source $1. A clock that was ahead
-- may have put it into the future.
SELECT max(greatest(round, fetched_at)) FROM mud.frontier WHERE source_id = $1::int
