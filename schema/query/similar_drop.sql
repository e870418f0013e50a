-- Texts that belong to no template any more.
DELETE FROM template AS s
WHERE NOT EXISTS (SELECT FROM stage_similar t WHERE t.content_id = s.content_id)
