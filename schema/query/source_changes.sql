-- The last $2 changes of source $1, newest first.
SELECT changed_at, changed_by, field, was, becomes, note
FROM mud.source_change
WHERE source_id = $1::int
ORDER BY change_id DESC
LIMIT $2::int
