-- The contents that image $1 (SHA-256 in hex) says, when its text was read whole.
SELECT coalesce(array_agg(p.content_id)
                FILTER (WHERE p.content_id IS NOT NULL), '{}')
FROM mud.image i JOIN mud.picture p ON p.image_id = i.image_id
WHERE i.sha256 = decode($1::text, 'hex') AND i.opened
AND i.tools LIKE '%tesseract%' AND i.notes = '[]'
HAVING count(*) > 0
