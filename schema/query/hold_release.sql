-- Release the hold of $1 $2, says $3 at $4, because $5.
UPDATE mud.hold SET released_by = $3::text, released_at = $4::timestamptz,
    released_why = $5::text
WHERE kind = $1::text AND object = $2::text AND released_at IS NULL
