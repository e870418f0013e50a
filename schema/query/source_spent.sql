-- Wire bytes that source $1 cost on the UTC day of $2, and answers.
SELECT coalesce(sum(size_bytes), 0), count(*)
FROM mud.capture
WHERE source_id = $1::int AND kind = 1
  AND sealed_at >= date_trunc('day', $2::timestamptz AT TIME ZONE 'UTC')
                   AT TIME ZONE 'UTC'
