-- Captures with posts of these nodes ($1).
SELECT DISTINCT capture_id FROM mud.post
WHERE seller_id = ANY ($1::uuid[]) OR author_id = ANY ($1::uuid[])
