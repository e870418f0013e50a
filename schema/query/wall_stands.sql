-- Wall $2 made by $3 ended a round of source $1 at $4, at the address $5 with
-- capture $6. How often it did so in a row comes back.
INSERT INTO mud.wall AS w (source_id, kind, made_by, since, last_at, hits, url,
                           capture_id)
VALUES ($1::int, $2::text, $3::text, $4::timestamptz, $4::timestamptz, 1,
        $5::text, $6::uuid)
ON CONFLICT (source_id) DO UPDATE
SET since = CASE WHEN w.kind = excluded.kind AND w.made_by = excluded.made_by
                 THEN w.since ELSE excluded.since END,
    hits = CASE WHEN w.kind = excluded.kind AND w.made_by = excluded.made_by
                THEN w.hits + 1 ELSE 1 END,
    kind = excluded.kind, made_by = excluded.made_by,
    last_at = excluded.last_at, url = excluded.url,
    capture_id = excluded.capture_id, wait_until = NULL
RETURNING hits
