-- What new contents say by themselves, and what the context of won posts adds.
INSERT INTO annotation
SELECT a.* FROM stage_annotation a JOIN stage_new USING (content_id)
WHERE a.post_id = '00000000-0000-0000-0000-000000000000'
UNION ALL
SELECT a.* FROM stage_annotation a
JOIN stage_won w USING (content_id, post_id)
