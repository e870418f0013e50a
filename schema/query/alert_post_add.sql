-- Posts of hits: [{"a":alert,"p":post,"h":hit,"t":time}]; found at $2.
INSERT INTO alert_post (alert_id, post_id, hit, at, found_at)
SELECT (e ->> 'a')::int, (e ->> 'p')::uuid, (e ->> 'h')::bigint,
    (e ->> 't')::timestamptz, $2::timestamptz
FROM jsonb_array_elements($1::jsonb) AS e
ON CONFLICT DO NOTHING
