-- Limit $2 of our own for source $1 was reached at $3; it begins at $4, and is
-- left alone until $5.
INSERT INTO mud.wall AS w (source_id, kind, made_by, since, last_at, hits, url,
                           wait_until)
VALUES ($1::int, 'limit', $2::text, $3::timestamptz, $3::timestamptz, 1,
        coalesce($4::text, ''), $5::timestamptz)
ON CONFLICT (source_id) DO UPDATE
SET made_by = excluded.made_by, last_at = excluded.last_at, hits = w.hits + 1,
    wait_until = excluded.wait_until
WHERE w.kind = 'limit'
