-- Add account $2 of source $1, with proxy $3 and hours $4, for $6 at $5; nothing
-- when it is there.
WITH added AS (
    INSERT INTO mud.account (source_id, name, proxy, hours, added_at, added_by)
    VALUES ($1::int, $2::text, $3::text, $4::text, $5::timestamptz, $6::text)
    ON CONFLICT DO NOTHING
    RETURNING source_id, name
), kept AS (
    INSERT INTO mud.source_change (source_id, changed_at, changed_by, field,
                                   was, becomes, note)
    SELECT source_id, $5::timestamptz, $6::text, 'account ' || name, '',
           'active', ''
    FROM added
)
SELECT name FROM added
