-- Texts that belong to a template now, or to another one.
INSERT INTO template (content_id, template_id)
SELECT content_id, template_id FROM stage_similar ORDER BY content_id
ON CONFLICT (content_id) DO UPDATE SET template_id = excluded.template_id
WHERE template.template_id <> excluded.template_id
