-- A capture is parsed and read whole.
INSERT INTO capture_parsed (capture_id, parser, reader, posts, notes)
VALUES ($1::uuid, $2, $3::int, $4::bigint, $5::jsonb)
ON CONFLICT (capture_id) DO UPDATE SET parser = excluded.parser,
    reader = excluded.reader, posts = excluded.posts, notes = excluded.notes
