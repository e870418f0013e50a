-- The image in post $1 that says the text $2.
SELECT encode(i.sha256, 'hex'), p.capture_id, p.place, p.name, i.places, i.tools
FROM picture p JOIN image i USING (image_id)
WHERE p.post_id = $1::uuid AND p.content_id = $2::uuid
ORDER BY p.seen_at, p.image_id LIMIT 1
