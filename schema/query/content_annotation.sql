-- What the context of won posts adds to texts that were stored before.
INSERT INTO annotation
SELECT a.* FROM stage_annotation a
JOIN stage_won w USING (content_id, post_id)
