-- One content with how often it was seen.
SELECT content_id, field, lang, body, category, direction, is_offer, sure
FROM content WHERE content_id = $1::uuid
