-- Adverts that these texts are forms of.
SELECT content_id, template_id FROM template
WHERE content_id = ANY ($1::uuid[])
