-- A new alarm of source $1.
INSERT INTO drift (source_id, engine, kind, what, rises, since, found_at,
    checked_at, was, was_of, now, now_of, score, example)
VALUES ($1::int, $2, $3, $4, $5::boolean, $6::timestamptz, $7::timestamptz,
    $7::timestamptz, $8::double precision, $9::bigint, $10::double precision,
    $11::bigint, $12::double precision, $13::uuid)
