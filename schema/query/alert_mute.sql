-- No hits from now on; or hits again, of what is captured from $3 on.
UPDATE alert SET muted = $2::boolean,
    since = CASE WHEN muted AND NOT $2::boolean THEN $3::timestamptz
        ELSE since END
WHERE name = $1
