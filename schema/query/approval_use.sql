-- The approval $1 is used now, once; one that is good until it expires stays so.
UPDATE mud.approval SET used_at = now()
WHERE approval_id = $1::bigint AND used_at IS NULL
