-- Forget the hours of source $1 that are older than eight days.
DELETE FROM mud.outcome
WHERE source_id = $1::int AND hour > '-infinity'
  AND hour < now() - interval '8 days'
