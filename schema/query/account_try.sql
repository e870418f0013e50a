-- Account $2 of source $1 is about to send its password: counted before it does,
-- and no row when it may not, having sent it $3 times without being let in.
UPDATE mud.account SET tries = tries + 1
WHERE source_id = $1::int AND name = $2::text AND state = 'active'
  AND tries < $3::int
RETURNING tries
