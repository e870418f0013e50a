-- Source $1 has class $2 from now ($3) on, says $4.
INSERT INTO mud.retention (source_id, class, set_at, set_by)
SELECT source_id, $2::text, $3::timestamptz, $4::text
FROM mud.source WHERE name = $1::text
ON CONFLICT (source_id) DO UPDATE SET class = excluded.class,
    set_at = excluded.set_at, set_by = excluded.set_by
