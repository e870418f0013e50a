-- New hits: [{"a":alert,"c":content,"p":post,"t":time,"f":record}], numbered in
-- that order; found at $2.
INSERT INTO alert_hit (alert_id, content_id, post_id, at, found_at, found)
SELECT (h ->> 'a')::int, (h ->> 'c')::uuid, (h ->> 'p')::uuid,
    (h ->> 't')::timestamptz, $2::timestamptz, h -> 'f'
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS e (h, n)
ORDER BY n
RETURNING hit, alert_id, content_id
