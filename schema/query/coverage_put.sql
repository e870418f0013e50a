-- One range of a place was read with one capture.
INSERT INTO mud.coverage (source_id, place, kind, unit, read_from, read_to,
                          read_at, page, pages, posts, stated, whole, note,
                          capture_id)
VALUES ($1::int, $2::text, $3::text, $4::text, $5::bigint, $6::bigint,
        $7::timestamptz, $8::int, $9::int, $10::int, $11::bigint, $12::boolean,
        $13::text, $14::uuid)
ON CONFLICT DO NOTHING
