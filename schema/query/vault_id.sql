-- The id of this database's vault, and how far the server's clock is from $1, us.
SELECT (SELECT value->>'id' FROM mud.setting WHERE key = 'vault'),
    (extract(epoch FROM now() - $1::timestamptz) * 1000000)::bigint
