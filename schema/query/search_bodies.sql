-- Texts to check and show.
SELECT content_id, field, lang, category, is_offer, body FROM content
WHERE content_id = ANY ($1::uuid[])
