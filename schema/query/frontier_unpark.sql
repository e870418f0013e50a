-- A new round tries again what the last one gave up.
DELETE FROM mud.job WHERE queue = $1 AND state = 'failed'
