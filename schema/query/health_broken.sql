-- The connection by which source $1 is listened to broke, by an error of kind $2 with
-- text $3; or it stands (NULL), which is a success.
UPDATE mud.health
SET failures = CASE WHEN $2::text IS NULL THEN 0 ELSE failures + 1 END,
    error_kind = coalesce($2::text, error_kind),
    error = coalesce($3::text, error),
    error_at = CASE WHEN $2::text IS NULL THEN error_at ELSE now() END,
    success_at = CASE WHEN $2::text IS NULL THEN now() ELSE success_at END
WHERE source_id = $1::int
