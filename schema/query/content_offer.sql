-- Offers of new contents and of won posts.
INSERT INTO offer
SELECT o.* FROM stage_offer o JOIN stage_new USING (content_id)
WHERE o.post_id = '00000000-0000-0000-0000-000000000000'
UNION ALL
SELECT o.* FROM stage_offer o JOIN stage_won w USING (content_id, post_id)
