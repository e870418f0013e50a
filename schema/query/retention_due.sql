-- Data keys whose month and class are over at $1, the oldest first.
SELECT key_id, to_char(month, 'YYYY-MM'), class FROM mud.seal_key
WHERE wrapped IS NOT NULL
  AND month + interval '1 month' + mud.retention_of(class)
      <= $1::timestamptz AT TIME ZONE 'UTC'
ORDER BY month, class
