-- Hold $1 is of these captures, too ($2), and of the files that they are in.
INSERT INTO mud.hold_capture (hold_id, capture_id)
SELECT $1::bigint, capture_id FROM mud.capture
WHERE capture_id = ANY ($2::uuid[])
UNION
SELECT $1::bigint, parent_id FROM mud.capture
WHERE capture_id = ANY ($2::uuid[]) AND parent_id IS NOT NULL
ON CONFLICT DO NOTHING
