-- What data key $1 alone sealed cannot be read since $2. A capture of a file
-- that stands by itself is gone when either of its two keys is.
UPDATE mud.capture_seal s SET purged_at = $2::timestamptz
WHERE purged_at IS NULL
  AND ((s.key_id = $1::uuid AND NOT EXISTS
           (SELECT FROM mud.seal_kept k WHERE k.salt = s.salt))
    OR (s.file_key = $1::uuid AND NOT EXISTS
           (SELECT FROM mud.seal_kept k WHERE k.salt = s.file_salt)))
