-- Forms of some adverts.
SELECT content_id, template_id FROM template
WHERE template_id = ANY ($1::uuid[]) LIMIT 50000
