-- Contents of the batch, of which some may be stored by another writer at the
-- same time; the new ones come back.
INSERT INTO content (content_id, field, lang, body, sketch, reader, category,
    direction, is_offer, sure)
SELECT content_id, field, lang, body, sketch, reader, category, direction,
    is_offer, sure
FROM stage_content
ORDER BY content_id
ON CONFLICT (content_id) DO NOTHING
RETURNING content_id
